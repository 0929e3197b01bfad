"""One question to one gateway on real connections: every protocol, every failure, and nothing kept that is a secret."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.adapters.answers.asker import AGENT, Asker, without_values
from migrator.adapters.answers.heard import LARGEST
from migrator.adapters.answers.http2 import NO_METHOD
from migrator.adapters.answers.wire import Direct
from migrator.adapters.cluster.tunnel import Stream
from migrator.domain.answers.answer import Failure
from migrator.domain.answers.trial import Place
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.answers import HEADERS, Protocol, Question
from tests.adapters.answers.sites import at, by_sni, http2, in_tls, listening, plain, whole
from tests.adapters.served import Asked, Reply, serving

ASKER = Asker(HEADERS, environment={"TOKEN": "Bearer canary"}, seconds=1.0)
SHOP = Question("http", "shop.x", "/cart")
TLS = Question("https", "shop.x", "/cart")


def test_a_question_is_asked_as_a_client_asks_and_says_what_it_is() -> None:
    question = Question(
        "http", "shop.x", "/cart", query=("id", "t"), headers=(("x-a", "1"),), secrets=(("authorization", "TOKEN"),)
    )
    with serving(lambda _asked: Reply(200, b"hello", {"Content-Type": "text/html", "X-Other": "1"})) as served:
        answer = ASKER.ask(question, at(served.port))

    (asked,) = served.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert (asked.method, asked.path, headers["host"]) == ("GET", "/cart?id=&t=", "shop.x")
    assert (headers["user-agent"], headers["x-migrator-answer-parity"]) == (AGENT, "1")
    assert (headers["x-a"], headers["authorization"]) == ("1", "Bearer canary")
    assert (answer.status, answer.headers, answer.protocol) == (200, (("content-type", "text/html"),), "http/1.1")
    assert answer.body
    assert not answer.inside
    assert "canary" not in repr(answer)


def test_a_secret_that_the_environment_lacks_is_not_asked_without() -> None:
    question = Question("http", "shop.x", secrets=(("authorization", "NOT_SET"),))
    with serving(lambda _asked: Reply()) as served:
        answer = ASKER.ask(question, at(served.port))

    assert (answer.failure, answer.counted, served.asked) == (Failure.NO_SECRET, False, [])


def test_a_redirect_is_an_answer_that_is_not_followed_and_keeps_no_value_of_its_query() -> None:
    to = "https://login.x/?state=canary&next=%2Fcart#part"
    with serving(lambda _asked: Reply(302, b"", {"Location": to})) as served:
        answer = ASKER.ask(SHOP, at(served.port))

    assert (answer.status, answer.redirect) == (302, "https://login.x/?state=&next=")
    assert len(served.asked) == 1


def test_cookies_are_compared_by_their_names_alone() -> None:
    cookie = "sid=canary; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/"
    with serving(lambda _asked: Reply(200, b"", {"Set-Cookie": cookie})) as served:
        answer = Asker(("set-cookie",)).ask(SHOP, at(served.port))

    assert answer.headers == (("set-cookie", "sid"),)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_safe_methods_are_asked_as_they_are(method: str) -> None:
    answer = whole("200 OK", b"") if method == "OPTIONS" else b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"
    with listening(plain(answer)) as port:
        found = ASKER.ask(Question("http", "shop.x", method=method), at(port))

    assert (found.status, found.body, found.failure) == (200, "", None)


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        pytest.param(b"", Failure.NO_HTTP, id="closed without a word"),
        pytest.param(b"SSH-2.0-x\r\n\r\n", Failure.NO_HTTP, id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart", Failure.NO_HTTP, id="cut short"),
    ],
)
def test_an_answer_that_is_not_whole_is_a_failure(reply: bytes, failure: Failure) -> None:
    with listening(plain(reply)) as port:
        assert ASKER.ask(SHOP, at(port)).failure is failure


def test_nobody_listening_is_refused_and_was_counted_by_nobody() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = ASKER.ask(SHOP, at(taken.getsockname()[1]))

    assert (answer.failure, answer.counted) == (Failure.REFUSED, False)


@pytest.mark.parametrize("trickle", [0.0, 0.3])
def test_an_answer_has_one_deadline_however_slowly_it_comes(trickle: float) -> None:
    reply = Reply(body=b"x" * 20, trickle=trickle) if trickle else Reply(seconds=5.0)
    with serving(lambda _asked: reply) as served:
        answer = Asker(HEADERS, seconds=0.7).ask(SHOP, at(served.port))

    assert answer.failure is Failure.TIMEOUT
    assert answer.seconds < 5.0, "either answer takes that long when nobody ends it"


def test_of_a_large_body_a_bounded_part_is_read_and_what_is_more_is_remembered() -> None:
    with serving(lambda _asked: Reply(200, b"x" * (LARGEST + 10))) as served:
        large = ASKER.ask(SHOP, at(served.port))
    with serving(lambda _asked: Reply(200, b"x" * LARGEST)) as served:
        exact = ASKER.ask(SHOP, at(served.port))

    assert large.body == exact.body + "+"


def test_an_informational_answer_is_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    with listening(plain(early + whole())) as port:
        assert ASKER.ask(SHOP, at(port)).status == 200


def test_a_certificate_is_told_by_the_name_that_is_asked_for(tmp_path: Path) -> None:
    context = by_sni(tmp_path, {"": "any", "shop.x": "shop"})
    with listening(in_tls(context, plain(whole()))) as port:
        shop, other = ASKER.ask(TLS, at(port)), ASKER.ask(Question("https", "api.x"), at(port))
        by_name = ASKER.ask(Question("https", "api.x", sni="shop.x"), at(port))

    assert (shop.status, shop.protocol) == (200, "http/1.1")
    assert shop.certificate == by_name.certificate != other.certificate


def test_plain_http_to_a_tls_port_and_the_other_way_round_are_failures(tmp_path: Path) -> None:
    with listening(plain(whole())) as port:
        assert ASKER.ask(TLS, at(port)).failure in (Failure.TLS, Failure.TIMEOUT)
    with listening(in_tls(by_sni(tmp_path, {"": "any"}), plain(whole()))) as port:
        assert ASKER.ask(SHOP, at(port)).failure is not None


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_http2_is_spoken_in_tls_and_without(scheme: str, tmp_path: Path) -> None:
    asked: list[dict[str, str]] = []

    def say(headers: dict[str, str]) -> tuple[list[tuple[str, str]], bytes, list[tuple[str, str]]]:
        asked.append(headers)
        return [(":status", "200"), ("content-type", "text/plain")], b"hello", []

    serve = http2(say)
    if scheme == "https":
        serve = in_tls(by_sni(tmp_path, {"": "any"}, ("h2", "http/1.1")), serve)
    with listening(serve) as port:
        answer = ASKER.ask(Question(scheme, "shop.x", "/cart", protocol=Protocol.HTTP2), at(port))

    assert (answer.status, answer.protocol, answer.headers) == (200, "h2", (("content-type", "text/plain"),))
    assert (asked[0][":path"], asked[0][":authority"], asked[0]["user-agent"]) == ("/cart", "shop.x", AGENT)


def test_a_gateway_that_declines_http2_is_asked_in_http1_and_the_answer_says_so(tmp_path: Path) -> None:
    with listening(in_tls(by_sni(tmp_path, {"": "any"}), plain(whole()))) as port:
        answer = ASKER.ask(Question("https", "shop.x", protocol=Protocol.HTTP2), at(port))

    assert (answer.status, answer.protocol) == (200, "http/1.1")


def test_a_grpc_method_that_nobody_has_is_answered_by_its_status_in_the_trailers() -> None:
    def say(headers: dict[str, str]) -> tuple[list[tuple[str, str]], bytes, list[tuple[str, str]]]:
        assert (headers[":path"], headers["content-type"], headers["te"]) == (NO_METHOD, "application/grpc", "trailers")
        return [(":status", "200"), ("content-type", "application/grpc")], b"", [("grpc-status", "12")]

    with listening(http2(say)) as port:
        answer = ASKER.ask(Question("http", "api.x", protocol=Protocol.GRPC), at(port))

    assert (answer.status, answer.grpc, answer.proves) == (200, "12", False)


@pytest.mark.parametrize("reply", [b"", b"\x00\x00\x00\x07\x00\x00\x00\x00\x00"], ids=["closed", "no HTTP/2"])
def test_a_server_without_http2_is_a_failure(reply: bytes) -> None:
    def serve(one: socket.socket) -> None:
        one.recv(4096)
        one.sendall(reply)

    with listening(serve) as port:
        assert ASKER.ask(Question("http", "api.x", protocol=Protocol.HTTP2), at(port)).failure is not None


def test_a_websocket_is_upgraded_and_closed_politely() -> None:
    heard: list[bytes] = []

    def serve(one: socket.socket) -> None:
        request = one.recv(4096)
        assert b"upgrade: websocket" in request.lower()
        one.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        heard.append(one.recv(64))

    with listening(serve) as port:
        answer = ASKER.ask(Question("http", "shop.x", "/ws", protocol=Protocol.WEBSOCKET), at(port))

    assert (answer.status, answer.protocol, answer.proves) == (101, "websocket", True)
    assert heard[0][:1] == b"\x88"


def test_a_websocket_that_is_not_granted_is_an_answer() -> None:
    with serving(lambda _asked: Reply(403)) as served:
        answer = ASKER.ask(Question("http", "shop.x", "/ws", protocol=Protocol.WEBSOCKET), at(served.port))

    assert (answer.status, answer.protocol) == (403, "http/1.1")


def test_every_question_is_a_connection_of_its_own() -> None:
    seen: list[str] = []

    def reply(asked: Asked) -> Reply:
        seen.append(asked.headers.get("Connection") or asked.headers.get("connection") or "")
        return Reply()

    with serving(reply) as served:
        for _ in range(2):
            ASKER.ask(SHOP, at(served.port))

    assert seen == ["close", "close"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [("", ""), ("/next", "/next"), ("https://a.x:1/p?q=1&q=2", "https://a.x:1/p?q=&q="), ("/p#secret", "/p")],
)
def test_a_redirects_target_keeps_no_value(url: str, kept: str) -> None:
    assert without_values(url) == kept


# --- PROXY protocol, and the way through the API server ------------------------------------------------------------


def test_a_backend_that_expects_proxy_protocol_is_told_first_who_asks() -> None:
    heard: list[bytes] = []

    def serve(one: socket.socket) -> None:
        heard.append(one.recv(4096))
        while b"\r\n\r\n" not in heard[0]:
            heard[0] += one.recv(4096)
        one.sendall(whole())

    with listening(serve) as port:
        answer = ASKER.ask(SHOP, replace(at(port), introduced=True))

    assert answer.status == 200
    assert heard[0].startswith(b"PROXY TCP4 127.0.0.1 127.0.0.1 ")
    assert b"\r\nGET /cart HTTP/1.1\r\n" in heard[0]


class Forwarded:
    """The API server's way into pods: a stream to a port on loopback, or no way. It remembers what was opened."""

    def __init__(self, port: int | None) -> None:
        self.port = port
        self.opened: list[PodRef] = []

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        self.opened.append(pod)
        if self.port is None:
            raise Refused(say("gateway.late", pod=pod.name, seconds=seconds))
        return Direct("127.0.0.1", self.port, seconds)


POD = PodRef("gw", "gw-1", "uid-1", "127.0.0.1")


def unreachable(pod: PodRef | None = POD) -> Place:
    """Give a place at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return replace(at(taken.getsockname()[1]), pod=pod)


def test_a_place_that_cannot_be_dialled_is_asked_through_the_api_server_and_says_so() -> None:
    with serving(lambda _asked: Reply(200, b"hello")) as served:
        streams = Forwarded(served.port)
        asker = Asker(HEADERS, streams, seconds=1.0)
        place = unreachable()
        answers = [asker.ask(SHOP, place) for _ in range(2)]

    assert [(answer.inside, answer.status) for answer in answers] == [(True, 200), (True, 200)]
    assert streams.opened == [POD, POD]


def test_from_inside_a_backend_that_expects_proxy_protocol_is_told_of_a_client_without_an_address() -> None:
    heard: list[bytes] = []

    def serve(one: socket.socket) -> None:
        heard.append(one.recv(15))
        plain(whole())(one)

    with listening(serve) as port:
        answer = Asker(HEADERS, Forwarded(port), seconds=1.0).ask(SHOP, replace(unreachable(), introduced=True))

    assert (answer.status, heard) == (200, [b"PROXY UNKNOWN\r\n"])


def test_a_place_that_was_reached_from_inside_is_dialled_again_where_the_api_server_fails() -> None:
    with serving(lambda _asked: Reply()) as served:
        streams = Forwarded(served.port)
        asker = Asker(HEADERS, streams, seconds=1.0)
        place = unreachable()
        first = asker.ask(SHOP, place)
        streams.port = None
        second = asker.ask(SHOP, place)

    assert (first.inside, first.failure) == (True, None)
    assert (second.inside, second.failure) == (False, Failure.REFUSED)


@pytest.mark.parametrize("pod", [POD, None])
def test_without_a_way_inside_a_place_that_cannot_be_dialled_is_a_failure(pod: PodRef | None) -> None:
    asker = Asker(HEADERS, Forwarded(None), seconds=1.0)

    assert asker.ask(SHOP, unreachable(pod)).failure is Failure.REFUSED


def test_tls_is_spoken_through_the_api_server_too(tmp_path: Path) -> None:
    context = by_sni(tmp_path, {"": "any", "shop.x": "shop"})
    with listening(in_tls(context, plain(whole()))) as port:
        inside = Asker(HEADERS, Forwarded(port), seconds=1.0).ask(TLS, unreachable())
        direct = ASKER.ask(TLS, at(port))

    assert (inside.status, inside.inside) == (200, True)
    assert inside.certificate == direct.certificate


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(replace(SHOP, secrets=(("authorization", "BROKEN"),)), id="a secret with a line feed"),
        pytest.param(replace(SHOP, path="/a b"), id="a path with a blank"),
        pytest.param(replace(SHOP, path="/ü"), id="a path beyond ASCII"),
        pytest.param(replace(SHOP, host="ü.x"), id="a host beyond ASCII"),
        pytest.param(
            replace(SHOP, protocol=Protocol.WEBSOCKET, headers=(("x", "a\nb"),)), id="a header of a WebSocket"
        ),
        pytest.param(Question("https", f"{'a' * 70}.x"), id="a name that no certificate can have"),
    ],
)
def test_what_cannot_be_written_is_a_failure_and_no_error_repeats_it(
    question: Question, caplog: pytest.LogCaptureFixture
) -> None:
    asker = Asker(HEADERS, environment={"BROKEN": "Bearer canary\n"}, seconds=1.0)
    with serving(lambda _asked: Reply()) as served:
        answer = asker.ask(question, at(served.port))

    assert answer.failure is not None
    assert "canary" not in repr(answer) + caplog.text


def test_a_redirect_to_what_is_no_url_is_an_answer() -> None:
    with serving(lambda _asked: Reply(302, b"", {"Location": "http://[x?state=canary"})) as served:
        answer = ASKER.ask(SHOP, at(served.port))

    assert answer.status == 302
    assert "canary" not in repr(answer)
