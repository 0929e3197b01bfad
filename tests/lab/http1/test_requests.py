"""Requests are read whole from whatever bytes come, and one after the other."""

import pytest

from migrator.lab.http1.messages import Response
from migrator.lab.http1.requests import BadRequest, Requests


def test_pipelined_requests_are_taken_one_by_one():
    requests = Requests()
    requests.feed(
        b"GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\nhiGET"
    )

    first, early = requests.next(), requests.next()
    requests.respond(Response())
    second = requests.next()

    assert (first.path, first.query, first.headers["host"], early) == ("/a", {"x": "1"}, "h", None)
    assert (second.method, second.body, requests.excess) == ("POST", b"hi", b"GET")


@pytest.mark.parametrize("cut", range(1, 77, 7))
def test_an_incomplete_chunked_request_is_left_alone(cut):
    whole = b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    cut = min(cut, len(whole) - 1)
    requests = Requests()
    requests.feed(whole[:cut])

    assert requests.next() is None
    requests.feed(whole[cut:])
    assert requests.next().body == b"abcde"


@pytest.mark.parametrize("raw", [b"\x16\x03\x01 TLS\r\n\r\n", b"GET / HTTP/1.1\r\nhost: h\r\nno colon\r\n\r\n"])
def test_garbage_is_refused_and_can_be_answered(raw):
    requests = Requests()
    requests.feed(raw)

    with pytest.raises(BadRequest):
        requests.next()
    assert requests.respond(Response(400, b"no")).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("first", "response"),
    [
        pytest.param(b"HEAD / HTTP/1.1", Response(200, b"hello"), id="a HEAD"),
        pytest.param(b"GET / HTTP/1.1", Response(204, b"hello"), id="no content"),
    ],
)
def test_a_response_has_no_body_where_none_is_allowed(first, response):
    requests = Requests()
    requests.feed(first + b"\r\nhost: h\r\n\r\n")
    requests.next()

    assert b"hello" not in requests.respond(response)
    assert not requests.is_over


@pytest.mark.parametrize(
    ("request_line", "headers", "over"),
    [
        pytest.param(b"GET / HTTP/1.1", (), False, id="1.1 stays"),
        pytest.param(b"GET / HTTP/1.0", (), True, id="1.0 goes"),
        pytest.param(b"GET / HTTP/1.1\r\nconnection: close", (), True, id="the client says close"),
        pytest.param(b"GET / HTTP/1.1", (("connection", "close"),), True, id="the response says close"),
    ],
)
def test_a_connection_is_over_when_either_side_says_so(request_line, headers, over):
    requests = Requests()
    requests.feed(request_line + b"\r\nhost: h\r\n\r\n")
    requests.next()
    requests.respond(Response(200, b"", headers))

    assert requests.is_over is over
