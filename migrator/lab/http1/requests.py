"""Read requests from bytes as they come, and write their responses. It touches no socket; h11 knows the protocol."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

import h11

from migrator.lab.http1.messages import Request, Response

_HEAD_LIMIT = 64 << 10
_BODY_LIMIT = 64 << 20


class BadRequest(ValueError):
    """What arrived is not HTTP/1.1 as this server understands it."""


class Requests:
    """The server's side of one connection: requests come out one at a time, each after the response to the last."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_LIMIT)
        self._head: h11.Request | None = None
        self._body = bytearray()

    def feed(self, data: bytes) -> None:
        """Take bytes that the client sent; none at all say that it sends nothing more."""
        self._http.receive_data(data)

    def next(self) -> Request | None:
        """Return the next whole request; None while it is incomplete or the last one waits for its response.

        Raise `BadRequest` for what is no request.
        """
        try:
            return self._next()
        except h11.RemoteProtocolError as error:
            raise BadRequest(str(error)) from error

    @property
    def excess(self) -> bytes:
        """The bytes behind the last request, which belong to the protocol that follows an upgrade."""
        return self._http.trailing_data[0]

    def respond(self, response: Response) -> bytes:
        """Return the bytes of the response to the request that came last; what a method or status forbids is left out."""
        return b"".join(self._respond(response))

    @property
    def is_over(self) -> bool:
        """Whether the connection must be closed now, because either side said so."""
        return self._http.our_state in (h11.MUST_CLOSE, h11.CLOSED, h11.ERROR)

    def _next(self) -> Request | None:
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        while True:
            match self._http.next_event():
                case h11.Request() as head:
                    self._head, self._body = head, bytearray()
                case h11.Data(data=data):
                    self._body += data
                    if len(self._body) > _BODY_LIMIT:
                        raise BadRequest(f"a body of more than {_BODY_LIMIT} bytes is not taken")
                case h11.EndOfMessage():
                    assert self._head is not None
                    return _request(self._head, bytes(self._body))
                case _:  # more is needed, the last request waits for its response, or the client has closed
                    return None

    def _respond(self, response: Response) -> Iterator[bytes]:
        switches = response.status == HTTPStatus.SWITCHING_PROTOCOLS
        length = () if switches else (("content-length", str(len(response.body))),)
        kind = h11.InformationalResponse if switches else h11.Response
        reason = HTTPStatus(response.status).phrase
        headers = [*response.headers, *length]
        yield self._http.send(kind(status_code=response.status, headers=headers, reason=reason)) or b""
        if switches:
            return
        method = b"" if self._head is None else self._head.method
        if (
            response.body
            and method != b"HEAD"
            and response.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        ):
            yield self._http.send(h11.Data(response.body)) or b""
        yield self._http.send(h11.EndOfMessage()) or b""


def _request(head: h11.Request, body: bytes) -> Request:
    parts = urlsplit(head.target.decode("latin-1"))
    queries = tuple(parse_qsl(parts.query, keep_blank_values=True)) if parts.query else ()
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode(), parts.path, queries, headers, body)
