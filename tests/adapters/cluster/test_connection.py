"""What the API server's answers and silences become."""

from __future__ import annotations

import gc
import json
import random
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.adapters.cluster import connect
from migrator.adapters.cluster.connection import Connection, uncollected
from migrator.adapters.cluster.words import Conflict, Failed, Missing
from migrator.domain.messages.errors import Denied, MigratorError, Refused, Unreachable, UsageError
from migrator.domain.model.spec import ClusterSpec
from tests.adapters.conftest import SECRET
from tests.adapters.served import Asked, Reply, serving
from tests.words import refused, text

Specs = Callable[[str], ClusterSpec]


def status(code: int, message: str, **headers: str) -> Reply:
    body = json.dumps({"kind": "Status", "status": "Failure", "message": message, "code": code}).encode()
    return Reply(code, body, headers)


def asked_once(spec: ClusterSpec, method: str = "GET", seconds: float = 10.0) -> MigratorError:
    connection = Connection(spec, seconds)
    with pytest.raises(MigratorError) as caught:
        connection.ask(method, "/api/v1/nodes")
    connection.close()
    return caught.value


@pytest.mark.parametrize(
    ("reply", "kind", "code", "words"),
    [
        pytest.param(status(401, "Unauthorized"), Denied, "cluster.unauthorized", "Unauthorized", id="a wrong token"),
        pytest.param(
            status(403, 'User "x" cannot list'), Denied, "cluster.forbidden", 'User "x" cannot list', id="no right"
        ),
        pytest.param(status(404, "not found"), Missing, "cluster.missing", "not found", id="missing"),
        pytest.param(
            status(409, "conflict with helm: .spec"),
            Conflict,
            "cluster.refused",
            "conflict with helm",
            id="a field conflict",
        ),
        pytest.param(status(422, "field is immutable"), Refused, "cluster.refused", "field is immutable", id="invalid"),
        pytest.param(
            status(500, "webhook timed out"),
            Failed,
            "cluster.in-trouble",
            "webhook timed out",
            id="a failing webhook",
        ),
        pytest.param(
            Reply(503, b"<html>bad gateway"),
            Unreachable,
            "cluster.in-trouble",
            "<html>bad gateway",
            id="a proxy's own page",
        ),
        pytest.param(Reply(200, b"<html>login"), Refused, "cluster.html", "", id="a login page"),
        pytest.param(Reply(drop=True), Unreachable, "cluster.unreachable", "", id="a dropped connection"),
        pytest.param(Reply(body=b'{"a": 1', cut=True), Unreachable, "cluster.unreachable", "", id="a cut answer"),
        pytest.param(
            Reply(302, b"", {"Location": "/elsewhere"}),
            Refused,
            "cluster.redirected",
            "to=/elsewhere",
            id="a redirect is not followed",
        ),
    ],
)
def test_each_answer_becomes_one_of_our_words(
    spec_of: Specs, reply: Reply, kind: type[Exception], code: str, words: str
) -> None:
    with serving(lambda _asked: reply) as served:
        error = asked_once(spec_of(served.url))

    assert type(error) is kind
    assert error.message.code == code
    assert words in str(error)
    assert SECRET not in text(error.message)
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [pytest.param("7", 7.0, id="seconds"), pytest.param("86400", 60.0, id="a day, in which no way back would go on")],
)
def test_the_servers_own_wait_is_passed_on_within_bounds(spec_of: Specs, wanted: str, given: float) -> None:
    reply = status(429, "slow down", **{"Retry-After": wanted})
    with serving(lambda _asked: reply) as served:
        error = asked_once(spec_of(served.url))

    assert isinstance(error, Unreachable)
    assert error.retry_after == given


def test_a_server_that_does_not_answer_in_time_is_unreachable(spec_of: Specs) -> None:
    with serving(lambda _asked: Reply(seconds=0.5)) as served:
        error = asked_once(spec_of(served.url), seconds=0.1)

    assert isinstance(error, Unreachable)
    assert error.message.code == "cluster.late"


def test_nobody_listening_is_unreachable(spec_of: Specs) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = asked_once(spec_of(f"http://127.0.0.1:{taken.getsockname()[1]}"))

    assert isinstance(error, Unreachable)


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "POST"])
@pytest.mark.parametrize("reply", [Reply(drop=True), status(500, "no")], ids=["dropped", "in trouble"])
def test_a_write_is_sent_once_only(spec_of: Specs, method: str, reply: Reply) -> None:
    with serving(lambda _asked: reply) as served:
        asked_once(spec_of(served.url), method)

    assert len(served.asked) == 1


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(cut=True), status(500, "no"), status(503, "no")], ids=str)
def test_a_read_is_put_again_a_few_times(spec_of: Specs, reply: Reply) -> None:
    troubles = [reply] * 4
    with serving(lambda _asked: troubles.pop() if troubles else Reply(body=b'{"a": 1}')) as served:
        connection = Connection(spec_of(served.url))
        found = connection.ask("GET", "/api/v1/nodes")
        connection.close()

    assert found == {"a": 1}
    assert len(served.asked) == 5


def test_a_question_that_a_post_puts_is_put_again_too(spec_of: Specs) -> None:
    troubles = [Reply(drop=True)]
    with serving(lambda _asked: troubles.pop() if troubles else Reply()) as served:
        connection = Connection(spec_of(served.url))
        connection.ask("POST", "/reviews", body={"kind": "Review"}, question=True)
        connection.close()

    assert len(served.asked) == 2


def test_a_read_is_given_up_at_its_deadline_and_a_refusal_is_not_put_again(spec_of: Specs) -> None:
    with serving(lambda _asked: status(403, "no")) as refusing:
        asked_once(spec_of(refusing.url))
    with serving(lambda _asked: Reply(503, headers={"Retry-After": "30"})) as busy:
        error = asked_once(spec_of(busy.url))

    assert len(refusing.asked) == len(busy.asked) == 1
    assert isinstance(error, Unreachable)
    assert error.retry_after == 30.0


def test_a_missing_kubeconfig_is_named_with_a_remedy(tmp_path: Path) -> None:
    with refused(UsageError, "cluster.no-kubeconfig", path=str(tmp_path / "nowhere")):
        connect(ClusterSpec("ns", kubeconfig=str(tmp_path / "nowhere")))


def test_a_missing_context_is_named_with_a_remedy(spec_of: Specs) -> None:
    spec = spec_of("http://127.0.0.1:1")

    with refused(UsageError, "cluster.kubeconfig-unusable", context="elsewhere") as caught:
        connect(ClusterSpec("ns", "elsewhere", spec.kubeconfig))

    assert "get-contexts" in text(caught.value.message)


def test_a_broken_kubeconfig_is_refused_without_being_quoted(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(f"users: [{{name: u, user: {{token: {SECRET}")

    with refused(UsageError, "cluster.kubeconfig-unusable") as caught:
        connect(ClusterSpec("ns", kubeconfig=str(path)))

    assert SECRET not in str(caught.value)
    assert SECRET not in text(caught.value.message)


def test_importing_the_adapter_does_not_load_the_client() -> None:
    code = "import sys, migrator.adapters.cluster, migrator.adapters.gateways, migrator.adapters.metrics; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()

    assert not {"kubernetes", "websocket", "prometheus_api_client", "requests"} & set(loaded)


def test_the_collector_rests_while_anybody_parses_and_is_on_again_afterwards() -> None:
    assert gc.isenabled()

    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()

    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass

        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("effect", [True, False], ids=["it had come true", "it had not"])
def test_a_lease_whose_write_was_not_answered_is_looked_at_again(spec_of: Specs, effect: bool) -> None:
    """One reset must not end a run at its start; a write that names the version it replaces cannot come true twice."""
    held: list[bytes] = []
    cut = [True]

    def reply(asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(body=held[-1]) if held else Reply(404)
        first = bool(cut and cut.pop())
        if effect or not first:
            held.append(asked.body)
        return Reply(drop=first)

    with serving(reply) as served:
        connect(spec_of(served.url)).lease.acquire("me", 30)

    assert [asked.method for asked in served.asked if asked.method != "GET"] == ["POST", "PUT" if effect else "POST"]


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_of_reads_tolerates_5_percent_resets_and_5_percent_500s(spec_of: Specs, seed: int) -> None:
    """A plan asks 120 times and more; none of its questions may end it."""
    chance = random.Random(seed)

    def reply(_asked: Asked) -> Reply:
        struck = chance.random()
        return Reply(drop=True) if struck < 0.05 else status(500, "no") if struck < 0.1 else Reply(body=b'{"a": 1}')

    with serving(reply) as served:
        connection = Connection(spec_of(served.url))
        found = [connection.ask("GET", f"/api/v1/things/{n}") for n in range(120)]
        connection.close()

    assert found == [{"a": 1}] * 120
    assert len(served.asked) > 120


def test_a_host_without_an_address_is_named(spec_of: Specs) -> None:
    with refused(Unreachable, "cluster.no-address", host="no-such-host.invalid"):
        Connection(spec_of("http://no-such-host.invalid:6443"), 20.0).ask("GET", "/version")


def test_an_answer_that_is_no_tls_is_called_so_and_not_an_untrusted_certificate(spec_of: Specs) -> None:
    with serving(lambda _: status(200, "plain")) as served, refused(Refused, "cluster.no-tls"):
        Connection(spec_of(served.url.replace("http:", "https:"))).ask("GET", "/version")


@pytest.mark.parametrize("proxy", ["http://:bad:", "ftp://proxy.example:21"])
def test_a_proxy_that_is_no_address_is_named_before_anything_is_asked(
    spec_of: Specs, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, proxy)

    with refused(UsageError, "cluster.proxy-unusable"):
        Connection(spec_of("http://127.0.0.1:1"))
