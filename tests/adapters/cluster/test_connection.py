"""What the API server's answers and silences become."""

from __future__ import annotations

import gc
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.adapters.cluster import connect
from migrator.adapters.cluster.connection import Connection, uncollected
from migrator.adapters.cluster.words import Conflict, Missing
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable, UsageError
from migrator.domain.model.spec import ClusterSpec
from tests.adapters.cluster.conftest import SECRET
from tests.adapters.served import Reply, serving
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
        pytest.param(status(401, "Unauthorized"), Refused, "cluster.unauthorized", "Unauthorized", id="a wrong token"),
        pytest.param(
            status(403, 'User "x" cannot list'), Refused, "cluster.forbidden", 'User "x" cannot list', id="no right"
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
            Unreachable,
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
        pytest.param(Reply(200, b"<html>login"), Unreachable, "cluster.no-json", "", id="a login page"),
        pytest.param(Reply(drop=True), Unreachable, "cluster.unreachable", "", id="a dropped connection"),
        pytest.param(Reply(body=b'{"a": 1', cut=True), Unreachable, "cluster.unreachable", "", id="a cut answer"),
        pytest.param(
            Reply(302, b"", {"Location": "/elsewhere"}),
            Refused,
            "cluster.refused",
            "status=302",
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


def test_the_servers_own_wait_is_passed_on(spec_of: Specs) -> None:
    reply = status(429, "slow down", **{"Retry-After": "7"})
    with serving(lambda _asked: reply) as served:
        error = asked_once(spec_of(served.url))

    assert isinstance(error, Unreachable)
    assert error.retry_after == 7.0


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


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "POST", "GET"])
def test_a_lost_answer_is_asked_for_once_only(spec_of: Specs, method: str) -> None:
    with serving(lambda _asked: Reply(drop=True)) as served:
        asked_once(spec_of(served.url), method)

    assert len(served.asked) == 1


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
