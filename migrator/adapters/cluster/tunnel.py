"""A byte stream to a port inside a pod, through the API server's port-forward. It knows nothing of what is said in it.

The client's own `stream.portforward` is not used: it is not thread-safe, has no connect timeout, and keeps a thread and
a `select` (1,024 descriptors at most) per pod. The protocol is the same: WebSocket frames whose first byte is a channel,
0 for data and 1 for errors, each of which first says its port (Kubernetes, pkg/kubelet/cri/streaming/portforward).
"""

from __future__ import annotations

import time
import weakref
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.deadline import Deadline, watch_now
from migrator.adapters.bounded.dialling import dialled
from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.words import clipped, said_in
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef

if TYPE_CHECKING:
    from kubernetes.client import Configuration

_PROTOCOL = "v4.channel.k8s.io"
_DATA, _ERROR = 0, 1
_HEADER_BYTES = 2
_CLOSE, _PAYLOADS = 0x8, frozenset({0x1, 0x2})  # WebSocket opcodes (RFC 6455, 5.2)


class Stream(Protocol):
    """A connection to a port of a pod. `receive` gives b"" at its end; both raise OSError when it breaks."""

    def send(self, data: bytes) -> None:
        """Send all of it."""
        ...

    def receive(self, seconds: float) -> bytes:
        """Give the next bytes; TimeoutError after `seconds`."""
        ...

    def close(self) -> None:
        """Close it at once."""
        ...


class PodPorts:
    """Opens streams to pods' ports. Safe to share between threads: every stream has a connection of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        """Open a stream. Raise `Missing` (a Refused) when the pod is gone, Unreachable, or Refused without the right."""
        import websocket

        path = f"/api/v1/namespaces/{quote(pod.namespace)}/pods/{quote(pod.name)}/portforward"
        asked = f"GET {path}?ports={port}"
        server = self._connection.server
        url = _websocket_url(self._connection.configuration.host, path, port)
        try:
            with Deadline(seconds) as deadline:
                options = self._options(deadline)
                kind = _watched()
                socket = dialled(
                    options.get("http_proxy_host") or urlsplit(url).hostname or "",
                    lambda: websocket.create_connection(url, timeout=seconds, class_=kind, **options),
                )
        except websocket.WebSocketBadStatusException as error:
            body, headers = getattr(error, "resp_body", None) or b"", getattr(error, "resp_headers", None) or {}
            raise self._connection.refusal(asked, error.status_code, body, headers) from error
        except (OSError, websocket.WebSocketException) as error:
            raise Unreachable(
                say("cluster.no-way-to-pod", server=server, pod=pod.name, words=said_in(error))
            ) from error
        return PodStream(socket, pod.name, port)

    def _options(self, deadline: Deadline) -> dict[str, Any]:  # Any: websocket-client's options are a bag of many types
        configuration = self._connection.configuration
        return {
            "header": [f"{name}: {value}" for name, value in self._connection.credentials(deadline.left).items()],
            "subprotocols": [_PROTOCOL],
            "sslopt": _tls(configuration),
            "suppress_origin": True,
            "redirect_limit": 0,  # a redirect would carry our token to another host
            **_proxy(configuration),
        }


def _watched() -> type[Any]:  # Any: the library is imported late
    """Give the library's WebSocket, whose connection the deadline of the call watches before its handshake is read."""
    import websocket

    class Watched(websocket.WebSocket):
        @property
        def sock(self) -> Any:
            return self._link

        @sock.setter
        def sock(self, link: Any) -> None:
            self._link = link
            watch_now(link)

    return Watched


class PodStream:
    """One forwarded port. Not for several threads at once."""

    def __init__(self, socket: Any, pod: str, port: int) -> None:  # Any: a websocket.WebSocket, imported late
        self._socket = socket
        self._end = weakref.finalize(self, socket.shutdown)  # also when whoever kept it is forgotten
        self._what = say("tunnel.port", port=port, pod=pod)
        self._greeted: set[int] = set()

    def send(self, data: bytes) -> None:
        """Send all of it as one frame."""
        with _as_os_error(self._what):
            self._socket.send_binary(bytes((_DATA,)) + data)

    def receive(self, seconds: float) -> bytes:
        """Give the next bytes, b"" at the end. OSError carries the kubelet's words (nothing listens there, …)."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with Deadline(left), _as_os_error(self._what):
                watch_now(self._socket.sock)
                self._socket.settimeout(left)
                opcode, frame = self._socket.recv_data_frame(control_frame=True)
            if opcode == _CLOSE:
                return b""
            data = self._payload(frame.data) if opcode in _PAYLOADS else b""
            if data:
                return data
        raise TimeoutError(say("tunnel.silent", port=self._what, seconds=seconds))

    def close(self) -> None:
        """Drop the connection; a polite WebSocket farewell would wait for the other end."""
        self._end()

    def _payload(self, frame: bytes) -> bytes:
        if not frame:
            return b""
        channel, data = frame[0], frame[1:]
        if channel not in self._greeted:
            self._greeted.add(channel)
            data = data[_HEADER_BYTES:]
        if channel == _ERROR and data:
            words = clipped(data.decode("utf-8", "replace"))
            raise ConnectionError(say("tunnel.broken", port=self._what, words=words))
        return data if channel == _DATA else b""


class _as_os_error:
    """Turn websocket-client's exceptions into TimeoutError or ConnectionError."""

    __slots__ = ("_what",)

    def __init__(self, what: Message) -> None:
        self._what = what

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        import websocket

        if isinstance(error, websocket.WebSocketTimeoutException):
            raise TimeoutError(say("tunnel.late", port=self._what)) from error
        if isinstance(error, websocket.WebSocketException):
            raise ConnectionError(say("tunnel.broken", port=self._what, words=in_our_words(error))) from error


def _websocket_url(host: str, path: str, port: int) -> str:
    parts = urlsplit(host)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + path, f"ports={port}", ""))


def _tls(configuration: Configuration) -> dict[str, object]:
    import ssl

    options: dict[str, object] = {"cert_reqs": ssl.CERT_REQUIRED if configuration.verify_ssl else ssl.CERT_NONE}
    if not configuration.verify_ssl:
        options["check_hostname"] = False
    named = {
        "ca_certs": configuration.ssl_ca_cert if configuration.verify_ssl else None,
        "certfile": configuration.cert_file,
        "keyfile": configuration.key_file,
        "server_hostname": configuration.tls_server_name,
    }
    return options | {key: value for key, value in named.items() if value}


def _proxy(configuration: Configuration) -> dict[str, object]:
    """Use the proxy that plain calls use, and none where they use none (websocket-client would ask the environment)."""
    from kubernetes.client.rest import should_bypass_proxies

    if not configuration.proxy or should_bypass_proxies(configuration.host, configuration.no_proxy or ""):
        return {"http_no_proxy": ["*"]}
    proxy = urlsplit(configuration.proxy)
    auth = (proxy.username, proxy.password) if proxy.username else None
    return {
        "http_proxy_host": proxy.hostname,
        "http_proxy_port": proxy.port,
        "http_proxy_auth": auth,
        "proxy_type": "http",
    }
