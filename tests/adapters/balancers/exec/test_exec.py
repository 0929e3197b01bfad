"""What only the exec driver has: exit codes, time, replies that cannot be read, and a document that promises a lot."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.balancers import DRIVERS, balancer
from migrator.adapters.balancers.exec.driver import Command
from migrator.adapters.balancers.exec.wire import Unread, capabilities
from migrator.adapters.balancers.process import Ended, run
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.words import refused

ROW = {"listener": "web", "address": "10.0.0.1", "port": 80, "weight": 5}
BACKEND = Backend("web", "10.0.0.1", 80)
PATIENCE = 30.0
DOCUMENT = Path(__file__).parents[4] / "docs" / "exec-driver.md"
SPEC = BalancerSpec("exec", "lb", (ListenerSpec("web", 80),), options=(("command", "x"), ("site", "a")))


def answering(reply: object, code: int = 0, asked: list[Any] | None = None) -> Command:
    """Give a driver whose command always ends like this; capabilities are the default ones."""

    def ended(text: str, reads: bool = False) -> Ended:
        request = json.loads(text)
        if asked is not None:
            asked.append(request)
        if request["verb"] == "capabilities":
            return Ended(0, '{"capabilities": {}}', "")
        return Ended(code, reply if isinstance(reply, str) else json.dumps(reply), "a secret on stderr")

    return Command(ended, "my-balancer", SPEC)


def test_the_request_says_all_and_keeps_the_command_to_itself() -> None:
    asked: list[Any] = []
    answering({"op": ""}, asked=asked).set_weights(SetWeights((Weighted(BACKEND, 7),)))

    assert asked == [
        {
            "version": 1,
            "verb": "set_weights",
            "balancer": {
                "id": "lb",
                "region": "",
                "endpoint": "",
                "listeners": [{"id": "web", "port": 80}],
                "options": {"site": "a"},
            },
            "rows": [{"listener": "web", "address": "10.0.0.1", "port": 80, "ref": "", "weight": 7}],
        }
    ]


@pytest.mark.parametrize(
    ("code", "reply", "error", "wait"),
    [
        pytest.param(3, {"error": "no such thing"}, Refused, None, id="refused"),
        pytest.param(4, {"error": "busy", "retryAfter": 2}, Unreachable, 2.0, id="not now"),
        pytest.param(4, {"error": "busy"}, Unreachable, 1.0, id="not now, without saying when"),
        pytest.param(4, {"error": "busy", "retryAfter": "soon"}, Unreachable, 1.0, id="not now, said badly"),
        pytest.param(4, {"error": "busy", "retryAfter": 1e9}, Unreachable, 60.0, id="not for a long time"),
        pytest.param(4, "", Unreachable, 1.0, id="not now, without a word"),
        pytest.param(1, {"error": "it crashed"}, Unreachable, None, id="a script that crashed"),
        pytest.param(-9, "", Unreachable, None, id="killed"),
        pytest.param(0, "", Unreachable, None, id="no reply"),
        pytest.param(0, "oops", Unreachable, None, id="no JSON"),
        pytest.param(0, [], Unreachable, None, id="no object"),
    ],
)
def test_only_the_named_exit_codes_say_that_nothing_was_done(
    code: int, reply: object, error: type[Refused | Unreachable], wait: float | None
) -> None:
    with pytest.raises(error) as said:
        answering(reply, code).set_weights(SetWeights((Weighted(BACKEND, 7),)))

    assert getattr(said.value, "retry_after", None) == wait
    assert "stderr" not in str(said.value)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param({}, id="no list"),
        pytest.param({"targets": [ROW, 1]}, id="a row that is none"),
        pytest.param({"targets": [{**ROW, "weight": "5"}]}, id="a weight as text"),
        pytest.param({"targets": [{**ROW, "weight": -1}]}, id="a negative weight"),
        pytest.param({"targets": [{**ROW, "weight": True}]}, id="a weight that is true"),
        pytest.param({"targets": [{**ROW, "port": 0}]}, id="no port"),
        pytest.param({"targets": [{**ROW, "health": "fine"}]}, id="an unknown health"),
        pytest.param({"targets": [{**ROW, "address": ""}]}, id="no address"),
    ],
)
def test_a_row_that_cannot_be_read_makes_the_whole_answer_no_answer(reply: object) -> None:
    """Leaving the row out would make a backend vanish, which is somebody else's hand to the run."""
    with refused(Unreachable, "exec.not-the-protocol", verb="targets"):
        answering(reply).targets()


def test_health_at_weight_0_is_unknown_unless_the_command_says_that_it_is_evidence() -> None:
    rows = {"targets": [{**ROW, "weight": 0, "health": "unhealthy"}, {**ROW, "port": 81, "health": "unhealthy"}]}

    assert [each.health for each in answering(rows).targets()] == [Health.UNKNOWN, Health.UNHEALTHY]


def test_what_a_command_does_not_say_it_can_is_taken_to_be_the_least() -> None:
    assert capabilities({"capabilities": {}}) == Capabilities(
        weight_max=100, batch=1, several_listeners=False, health_at_zero=False, zero_keeps_connections=None
    )


@pytest.mark.parametrize("said", [None, {"batch": 0}, {"bacth": 5}, {"healthAtZero": "yes"}, {"settle": -1}])
def test_capabilities_that_cannot_be_read_are_no_answer(said: object) -> None:
    with pytest.raises(Unread):
        capabilities({"capabilities": said})  # type: ignore[dict-item]


def test_a_write_of_nothing_starts_nothing() -> None:
    asked: list[Any] = []
    driver = answering({"targets": [ROW]}, asked=asked)
    driver.register(Register((BACKEND,)))
    driver.deregister(Deregister((Backend("web", "10.0.0.2", 80),)))

    assert {request["verb"] for request in asked} <= {"capabilities", "targets"}
    assert driver.poll(Op("exec")) is OpState.DONE


def test_a_program_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    """A FIFO that both hold open for writing ends exactly when the last of them is gone."""
    held = tmp_path / "held"
    os.mkfifo(held)
    end = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with refused(Unreachable, "process.killed", program="sh", seconds=1.0):
            run(["sh", "-c", f"exec 9>{held}; sleep 3600 & sleep 3600"], seconds=1.0)
        readable, _, _ = select.select([end], [], [], PATIENCE)

        assert readable
        assert os.read(end, 1) == b""
    finally:
        os.close(end)


def test_a_program_that_is_not_there_did_nothing() -> None:
    with refused(Refused, "process.not-started", program="/nowhere/at/all"):
        run(["/nowhere/at/all"])


@pytest.mark.parametrize(("text", "code"), [("", "exec.no-command"), ("'unfinished", "process.command-unreadable")])
def test_a_command_that_is_none_is_refused(text: str, code: str) -> None:
    with refused(UsageError, code):
        balancer(BalancerSpec("exec", "lb", (ListenerSpec("web", 80),), options=(("command", text),)))


def test_a_provider_nobody_knows_is_refused_with_those_there_are() -> None:
    with refused(UsageError, "driver.unknown-provider", provider="f5", meant="", known=tuple(DRIVERS)):
        balancer(BalancerSpec("f5", "lb", (ListenerSpec("web", 80),)))


@pytest.fixture
def documented(tmp_path: Path) -> Callable[[], BalancerSpec]:
    """The document's shell driver as a program, on a table in a temporary folder."""

    def made() -> BalancerSpec:
        (script,) = re.findall(r"```sh\n(#!/bin/sh\n.*?)```", DOCUMENT.read_text(), re.DOTALL)
        table, program = tmp_path / "web.txt", tmp_path / "driver"
        table.write_text("10.0.0.1 80 5\n")
        program.write_text(script.replace("/etc/lb/web.txt", str(table)))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return BalancerSpec("exec", "lb", (ListenerSpec("web", 80),), options=(("command", str(program)),))

    return made


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed (Debian: apt-get install jq)")
def test_the_shell_driver_of_the_document_works(documented: Callable[[], BalancerSpec]) -> None:
    reader, writer = balancer(documented())
    new = Backend("web", "10.0.0.2", 80)
    writer.register(Register((new,)))
    writer.set_weights(SetWeights((Weighted(new, 5), Weighted(BACKEND, 0))))
    writer.deregister(Deregister((BACKEND,)))

    assert [(each.backend, each.weight) for each in reader.targets()] == [(new, 5)]
    assert reader.capabilities().batch == 50
    assert reader.findings() == ()
