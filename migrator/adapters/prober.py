"""Our own requests straight to a backend, each on a connection of its own. A redirect is an answer and is not followed."""

from __future__ import annotations

import ssl

TLS_PORTS = frozenset({443, 8443})


class HttpProber:
    """Asks a backend as a client would: by address, with the Host (and SNI) of the site.

    `tls_ports` are spoken to in TLS. The certificate is not checked: the question is whether the backend answers, and an
    address is in no certificate.
    """

    def __init__(self, seconds: float = 3.0, tls_ports: frozenset[int] = TLS_PORTS) -> None:
        self._seconds = seconds
        self._tls_ports = tls_ports
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without the authorities, which take 30 ms to load
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    def probe(self, address: str, port: int, host: str, path: str) -> str:
        """Send one GET on a new connection: "" when it was fully answered below 500, else why not. Raises nothing."""
        import httpx

        scheme = "https" if port in self._tls_ports else "http"
        where = f"[{address}]" if ":" in address else address
        name = host or address
        try:
            # trust_env off: a proxy of ours would answer for the backend
            with httpx.Client(trust_env=False, timeout=self._seconds, verify=self._tls) as client:
                answer = client.get(
                    f"{scheme}://{where}:{port}{path}",
                    headers={"host": name, "connection": "close", "user-agent": "migrator-probe"},
                    extensions={"sni_hostname": name} if host else None,
                )
        except httpx.InvalidURL as error:
            return f"{path!r} is no path: {error}"
        except httpx.HTTPError as error:
            return f"{address}:{port} did not answer GET {path} for {name}: {type(error).__name__} {error}".rstrip()
        return (
            ""
            if answer.status_code < 500
            else f"{address}:{port} answered GET {path} for {name} with {answer.status_code}"
        )
