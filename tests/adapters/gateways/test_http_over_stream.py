"""HTTP/1.1 over a stream that is cut anywhere: an answer is whole, or it is an error."""

from __future__ import annotations

import pytest

from migrator.adapters.gateways import http_over_stream
from migrator.adapters.gateways.http_over_stream import HttpOverStream


class Script:
    """A stream that says a fixed thing in pieces of `size` bytes and then ends."""

    def __init__(self, said: bytes, size: int = 1) -> None:
        self.said, self.size, self.heard, self.closed = said, size, b"", False

    def send(self, data: bytes) -> None:
        self.heard += data

    def receive(self, seconds: float) -> bytes:
        assert seconds > 0
        found, self.said = self.said[: self.size], self.said[self.size :]
        return found

    def close(self) -> None:
        self.closed = True


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n"
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde"


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("said", "body", "usable"),
    [
        pytest.param(SIZED, b"abcde", True, id="a length"),
        pytest.param(CHUNKED, b"abcde", True, id="chunks"),
        pytest.param(b"HTTP/1.1 503 X\r\n\r\nuntil the end", b"until the end", False, id="until the end"),
        pytest.param(b"HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", b"", False, id="a farewell"),
    ],
)
def test_an_answer_is_read_whole_wherever_it_is_cut(said: bytes, body: bytes, usable: bool, size: int) -> None:
    http = HttpOverStream(Script(said, size))

    assert http.ask("GET", "/x", 5.0).body == body
    assert http.usable is usable
    if not usable:
        with pytest.raises(ConnectionError, match=r"stream\.closed"):
            http.ask("GET", "/x", 5.0)


def test_several_questions_share_a_connection() -> None:
    http = HttpOverStream(Script(SIZED + CHUNKED + SIZED, 7))

    assert [http.ask("GET", "/x", 5.0).body for _ in range(3)] == [b"abcde"] * 3


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(SIZED[:-1], id="a body cut short"),
        pytest.param(CHUNKED[:-4], id="chunks without an end"),
        pytest.param(b"SSH-2.0-x\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", id="a negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", id="an absurd length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="a chunk without a size"),
        pytest.param(b"x" * 70_000, id="a head without an end"),
    ],
)
def test_what_is_no_whole_answer_is_an_error_and_ends_the_connection(said: bytes) -> None:
    http = HttpOverStream(Script(said, 4096))

    with pytest.raises(ConnectionError):
        http.ask("GET", "/x", 5.0)
    assert not http.usable


def test_an_answer_that_trickles_past_its_deadline_is_late() -> None:
    class Slow(Script):
        def receive(self, seconds: float) -> bytes:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        HttpOverStream(Slow(b"")).ask("GET", "/x", 0.1)


def test_an_answer_that_never_ends_is_cut_at_the_size_of_any_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(Script):
        def receive(self, seconds: float) -> bytes:
            return super().receive(seconds) or b"400\r\n" + b"x" * 1024 + b"\r\n"

    monkeypatch.setattr(http_over_stream, "_LARGEST", 100_000)
    http = HttpOverStream(Endless(CHUNKED[: CHUNKED.index(b"3\r\n")], 1000))

    with pytest.raises(ConnectionError, match=r"stream\.too-large"):
        http.ask("GET", "/config_dump", 5.0)
    assert not http.usable


def test_a_post_says_that_it_has_no_body() -> None:
    script = Script(SIZED, 100)
    HttpOverStream(script).ask("POST", "/healthcheck/fail", 1.0)

    assert script.heard == b"POST /healthcheck/fail HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n"
