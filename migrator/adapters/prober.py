"""Our own requests straight to a backend, each on a connection of its own. A redirect is an answer and is not followed."""

from __future__ import annotations

import ssl

from migrator.domain.messages.message import Message, say

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

    def probe(self, address: str, port: int, host: str, path: str) -> Message | None:
        """Send one GET on a new connection: None when it was fully answered below 500, else why not. Raises nothing."""
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
            return say("probe.no-path", path=path, words=str(error))
        except httpx.HTTPError as error:
            words = f"{type(error).__name__} {error}".rstrip()
            return say("probe.no-answer", address=address, port=port, path=path, host=name, words=words)
        if answer.status_code < 500:
            return None
        return say("probe.bad", address=address, port=port, path=path, host=name, status=answer.status_code)
