"""Reading a response: the same answer however the bytes are cut, and nothing malformed is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.lab.http1.responses import Head, Malformed, ResponseReader

CHUNKED = b"HTTP/1.1 200 OK\r\nserver: envoy\r\ntransfer-encoding: chunked\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
WHOLE = {
    "sized": b"HTTP/1.1 200 OK\r\nServer: envoy\r\nContent-Length: 5\r\n\r\nhello",
    "empty": b"HTTP/1.1 503 Service Unavailable\r\nserver: envoy\r\ncontent-length: 0\r\n\r\n",
    "no body by its status": b"HTTP/1.1 204 No Content\r\nserver: envoy\r\n\r\n",
    "chunked": CHUNKED + b"5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n",
    "chunked with trailers": CHUNKED + b"1\r\na\r\n0\r\nx: y\r\nz: w\r\n\r\n",
    "after early hints": HINTS + b"HTTP/1.1 200 OK\r\nserver: envoy\r\ncontent-length: 1\r\n\r\n!",
}


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.data())
def test_a_response_is_complete_at_its_last_byte_however_it_is_cut(name: str, data: st.DataObject) -> None:
    raw = WHOLE[name]
    places = sorted(data.draw(st.sets(st.integers(1, len(raw) - 1))))
    pieces = [raw[a:b] for a, b in zip([0, *places], [*places, len(raw)], strict=True)]
    reader = ResponseReader()

    done = [reader.feed(piece) for piece in pieces]

    assert done == [False] * (len(pieces) - 1) + [True]
    assert reader.head is not None
    assert reader.head.gateway == "envoy"
    assert reader.excess == b""


@pytest.mark.parametrize("name", WHOLE)
def test_bytes_after_the_end_are_handed_back(name: str) -> None:
    reader = ResponseReader()

    assert reader.feed(WHOLE[name] + b"extra")
    assert reader.excess == b"extra"


def test_a_body_without_a_length_ends_with_its_connection() -> None:
    reader = ResponseReader()
    assert not reader.feed(b"HTTP/1.1 200 OK\r\n\r\nsome")

    assert reader.end()


def test_a_body_cut_short_is_not_complete_at_the_end_of_its_connection() -> None:
    reader = ResponseReader()
    assert not reader.feed(WHOLE["sized"][:-1])

    assert not reader.end()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"SSH-2.0-hello\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 20 OK\r\n\r\n", id="two digits of status"),
        pytest.param(b"HTTP/1.1 999 OK\r\n\r\n", id="a status out of range"),
        pytest.param(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", id="a header without colon"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", id="a negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n", id="a negative chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n", id="a chunk too long"),
        pytest.param(b"x" * 70_000, id="a head without end"),
    ],
)
def test_a_malformed_response_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        ResponseReader().feed(raw)


def head_of(raw: bytes) -> Head:
    """Read a response that begins with `raw`."""
    reader = ResponseReader()
    reader.feed(raw + b"\r\n\r\n")
    assert reader.head is not None
    return reader.head


@pytest.mark.parametrize(
    ("head", "closes"),
    [
        pytest.param(b"HTTP/1.1 200 OK", False, id="1.1 stays"),
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: Close", True, id="1.1 that says close"),
        pytest.param(b"HTTP/1.0 200 OK", True, id="1.0 goes"),
        pytest.param(b"HTTP/1.0 200 OK\r\nconnection: keep-alive", False, id="1.0 that says keep-alive"),
    ],
)
def test_the_head_says_whether_the_connection_stays(head: bytes, closes: bool) -> None:
    assert head_of(head).closes is closes


def test_the_gateway_names_itself_before_the_server_does() -> None:
    assert head_of(b"HTTP/1.1 200 OK\r\nserver: envoy\r\nx-gateway: old-2").gateway == "old-2"
