"""`serve`: read-only pages of a store's runs, and their measures, for whoever has a browser and no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View

PORT = 8088


@click.command()
@click.option("--listen", metavar="HOST:PORT", default=f"127.0.0.1:{PORT}", show_default=True, help="Where to listen.")
@click.option("--certificate", metavar="FILE", help="Speak TLS: the certificate with its chain, as PEM.")
@click.option("--key", metavar="FILE", help="The certificate's key, as PEM without a password.")
@shared
def serve(listen: str, certificate: str | None, key: str | None, view: View, store: str | None) -> None:
    """Serve pages of the runs: where each stands, its report, and /metrics for Prometheus. They only read.

    Without more it listens on this machine alone. For others it needs a token of 16 characters or more in the environment
    variable MIGRATOR_SERVE_TOKEN; a browser asks for it as a password (any user name), Prometheus brings it as a bearer token.
    With --certificate and --key it speaks TLS; files that are replaced are taken in without a restart.
    """
    import signal
    from threading import Event

    from migrator.app.wiring import store_path
    from migrator.cli.diagnostics import be_quiet
    from migrator.cli.serving.listening import address, certificate_of, listening, token
    from migrator.cli.serving.site import Site

    be_quiet()
    host, port = address(listen, "--listen", PORT)
    secret, spoken = token(host, is_open=False), certificate_of(certificate, key)
    server = listening(host, port, Site(store_path(store)), secret, spoken).start()
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    view.serving(server.url, "pages")
    while not over.wait(1.0):
        pass
    server.close()
