"""`python -m migrator.lab.kube`: serve the API until SIGTERM. It trusts no authority, and starts sooner for it."""

import os


def main() -> None:
    """Run the server. aiohttp loads the machine's CA bundle when imported: 0.1 s for a server that calls kubelets alone."""
    os.environ |= {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
    from migrator.lab.kube.main import run

    run()


if __name__ == "__main__":
    main()
