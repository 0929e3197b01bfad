"""One exchange in HTTP/2, and a gRPC call of a method that nobody has: asked, heard with its trailers, and left."""

from __future__ import annotations

from collections.abc import Sequence

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from migrator.adapters.answers.heard import Heard, NoHttp
from migrator.adapters.answers.wire import Wire
from migrator.domain.model.outside.reading import whole_number

Headers = Sequence[tuple[str, str]]
NO_METHOD = "/migrator.parity.Nobody/Asks"
"""A gRPC method that no service has; the answer is a `grpc-status`, of the service (12) or of what stands before it."""

_EMPTY_MESSAGE = bytes(5)
"""A gRPC message of length 0: not compressed, four bytes of length."""


def exchange(
    wire: Wire, scheme: str, method: str, target: str, host: str, headers: Headers, body: bytes = b""
) -> Heard:
    """Ask once. OSError when no whole answer came."""
    ours = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding=None))
    heard = Heard(protocol="h2")
    try:
        ours.initiate_connection()
        stream = ours.get_next_available_stream_id()
        pseudo = [(":method", method), (":scheme", scheme), (":authority", host), (":path", target)]
        ours.send_headers(stream, [*pseudo, *((n.lower(), v) for n, v in headers)], end_stream=not body)
        if body:
            ours.send_data(stream, body, end_stream=True)
        wire.send(ours.data_to_send())
        while not _heard(wire, ours, heard):
            pass
    except h2.exceptions.ProtocolError as error:
        raise NoHttp from error
    return heard


def call(wire: Wire, scheme: str, host: str, headers: Headers) -> Heard:
    """Call a gRPC method that does not exist."""
    grpc = [("content-type", "application/grpc"), ("te", "trailers"), *headers]
    heard = exchange(wire, scheme, "POST", NO_METHOD, host, grpc, _EMPTY_MESSAGE)
    heard.grpc = heard.headers.get("grpc-status", "none")
    return heard


def _heard(wire: Wire, ours: h2.connection.H2Connection, heard: Heard) -> bool:
    """Take the next bytes in; return whether the answer is whole, or as much of it as is wanted."""
    data = wire.receive()
    if not data:
        raise NoHttp
    done = [_taken(event, ours, heard) for event in ours.receive_data(data)]
    wire.send(ours.data_to_send())
    return any(done)


def _taken(event: h2.events.Event, ours: h2.connection.H2Connection, heard: Heard) -> bool:
    if isinstance(event, h2.events.ResponseReceived):
        fields = [(bytes(name), bytes(value)) for name, value in event.headers]
        status = next((whole_number(value.decode("latin-1")) for name, value in fields if name == b":status"), 0) or 0
        heard.head(status, [row for row in fields if not row[0].startswith(b":")])
    elif isinstance(event, h2.events.TrailersReceived):
        heard.add((bytes(name), bytes(value)) for name, value in event.headers)
    elif isinstance(event, h2.events.DataReceived):
        ours.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        return not heard.body(event.data)
    elif isinstance(event, h2.events.StreamEnded):
        return True
    elif isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
        raise NoHttp
    return False
