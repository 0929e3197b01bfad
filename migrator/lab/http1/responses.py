"""Read one response from bytes as they come. It touches no socket and forgives no malformed answer; h11 is strict."""

from dataclasses import dataclass

import h11

_HEAD_LIMIT = 64 << 10
_SWITCHING = 101
NAMED_BY = "x-gateway"
"""The header in which a gateway names itself, unless somebody says another."""

BODY_KEPT = 64
"""Bytes of a body that are kept, to know an answer by."""

# A request that offers to change the protocol, so that h11 takes a 101 for an answer. It is never sent.
_ASKED = h11.Request(method="GET", target="/", headers=[("host", "lab"), ("connection", "upgrade"), ("upgrade", "any")])


class Malformed(ValueError):
    """The bytes are not the answer to a request."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the load wants to know of a response's head."""

    status: int
    gateway: str
    closes: bool


class ResponseReader:
    """Takes bytes until the response to one GET is complete; interim answers (100, 103) are skipped."""

    __slots__ = ("_http", "_named_by", "body", "complete", "head", "started")

    def __init__(self, named_by: str = NAMED_BY) -> None:
        self._named_by = named_by.lower()
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_LIMIT)
        self._http.send(_ASKED)
        self._http.send(h11.EndOfMessage())
        self.head: Head | None = None
        self.started = False
        self.complete = False
        self.body = b""

    def feed(self, data: bytes) -> bool:
        """Take bytes; return whether the response is complete. Raise `Malformed`."""
        self.started = True
        self._http.receive_data(data)
        try:
            self._read()
        except h11.RemoteProtocolError as error:
            raise Malformed(str(error)) from error
        return self.complete

    def end(self) -> bool:
        """The connection ended: return whether that completes the response."""
        try:
            return self.feed(b"")
        except Malformed:
            return False

    @property
    def excess(self) -> bytes:
        """The bytes behind the end of a complete response."""
        return self._http.trailing_data[0]

    def _read(self) -> None:
        while not self.complete:
            match self._http.next_event():
                case h11.Response() | h11.InformationalResponse(status_code=101) as head:
                    self.head = head_of(head, self._named_by)
                    self.complete = self.head.status == _SWITCHING
                case h11.EndOfMessage():
                    self.complete = True
                case h11.Data(data=data):
                    self.body += bytes(data[: BODY_KEPT - len(self.body)])
                case h11.InformationalResponse():
                    pass
                case _:
                    return


def head_of(response: h11.Response | h11.InformationalResponse, named_by: str) -> Head:
    """Return what the load wants to know of a response's head. Raise `Malformed` for a status that there is not."""
    if not 100 <= response.status_code < 600:
        raise Malformed(f"not a status: {response.status_code}")
    fields = {name.decode(): value.decode("latin-1") for name, value in response.headers}
    connection = fields.get("connection", "").lower()
    return Head(
        status=response.status_code,
        gateway=fields.get(named_by) or fields.get("server", ""),
        closes="close" in connection or (response.http_version == b"1.0" and "keep-alive" not in connection),
    )
