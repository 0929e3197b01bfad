"""Hooks over real connections and as real commands: what they are given, what is success, and that none outlives its time."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.adapters.gates.hooks import Hooks
from migrator.adapters.gates.signing import SECRET, signature
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.spec import HookPoint, HookSpec
from migrator.domain.observation.gating import HookCall
from tests.adapters.served import Reply, serving
from tests.fakes.world import SPEC

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CALL = HookCall("0123-7-warm-after-shares-50", 7, "warm", True, HookPoint.SHARES, 50.0)
SAID = {
    "version": 1,
    "id": "0123-7-warm-after-shares-50",
    "run": 7,
    "name": SPEC.name,
    "namespace": SPEC.cluster.namespace,
    "hook": "warm",
    "when": "after",
    "step": "shares",
    "share": 50.0,
}


def hooks(hook: HookSpec, secret: str = "a secret") -> Hooks:
    return Hooks(replace(SPEC, hooks=(hook,)), lambda: AT, {SECRET: secret})


def command(*argv: str, timeout: float = 20.0) -> Hooks:
    return hooks(HookSpec("warm", command=argv, timeout=timeout))


def test_an_address_is_told_which_step_of_which_run_and_can_check_who_calls() -> None:
    with serving(lambda _: Reply(status=204, body=b"")) as there:
        hooks(HookSpec("warm", url=f"{there.url}/hook", timeout=5.0)).call(CALL)

    (asked,) = there.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    proof = signature("a secret", headers["x-migrator-timestamp"], asked.body)
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", "/hook", SAID)
    assert headers["x-migrator-signature"] == f"sha256={proof}"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(Reply(status=500, body=b""), Refused, id="a failure"),
        pytest.param(Reply(status=302, headers={"Location": "/ok"}, body=b""), Refused, id="a redirect"),
        pytest.param(Reply(body=b" " * 100_000), Unreachable, id="too large"),
        pytest.param(Reply(drop=True), Unreachable, id="no answer"),
    ],
)
def test_anything_else_is_no_success(reply: Reply, error: type[Exception]) -> None:
    with serving(lambda _: reply) as there, pytest.raises(error):
        hooks(HookSpec("warm", url=there.url, timeout=5.0)).call(CALL)


def test_without_a_secret_no_address_is_called() -> None:
    with serving(lambda _: Reply()) as there:
        with pytest.raises(Refused):
            hooks(HookSpec("warm", url=there.url, timeout=5.0), "").call(CALL)

        assert there.asked == []


def test_a_command_reads_the_same(tmp_path: Path) -> None:
    found = tmp_path / "found"
    command(sys.executable, "-c", "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())", str(found)).call(CALL)

    assert json.loads(found.read_text(encoding="utf-8")) == SAID


@pytest.mark.parametrize(
    ("argv", "timeout", "error", "code"),
    [
        pytest.param(("false",), 20.0, Refused, "hook.exit", id="it fails"),
        pytest.param(("/nowhere/at/all",), 20.0, Refused, "hook.not-started", id="there is none"),
        pytest.param(("sleep", "60"), 0.2, Unreachable, "hook.too-slow", id="it is too slow"),
    ],
)
def test_a_command_that_does_not_succeed_is_told(
    argv: tuple[str, ...], timeout: float, error: type[Refused | Unreachable], code: str
) -> None:
    with pytest.raises(error) as found:
        command(*argv, timeout=timeout).call(CALL)

    assert found.value.message.code == code
