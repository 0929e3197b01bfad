"""Judges of one's own over real connections and as real commands: signed, bounded, and understood or not."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest

from migrator.adapters.gates.judges import Others
from migrator.adapters.gates.signing import SECRET, signature
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import OtherSpec
from migrator.domain.ports.rates import JudgeAnswer, JudgeQuestion
from tests.adapters.served import Reply, serving
from tests.fakes.world import SPEC

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SIDES = (
    (Side.OLD, (PodRef("edge", "gw-1", "u-1", "10.0.0.1"),)),
    (Side.NEW, (PodRef("edge", "gw-ds-1", "u-2", "10.0.0.2"), PodRef("edge", "gw-ds-2", "u-3", "10.0.0.3"))),
)
ECHO = "import json,sys; said = json.load(sys.stdin); print(json.dumps({'verdict': 'hold', 'reason': said['new']['pods'][1]}))"


def asked(judge: OtherSpec, secret: str = "a secret") -> JudgeAnswer:
    return Others(SPEC, lambda: AT, {SECRET: secret}).ask(judge, JudgeQuestion(SIDES))


def test_a_judge_is_told_whose_pods_are_judged_and_can_check_who_asks() -> None:
    with serving(lambda _: Reply(body=b'{"verdict": "abort", "reason": "burn\\n rate"}')) as there:
        answer = asked(OtherSpec("slo", there.url))

    (question,) = there.asked
    headers = {name.lower(): value for name, value in question.headers.items()}
    proof = signature("a secret", headers["x-migrator-timestamp"], question.body)
    assert answer == JudgeAnswer(Ruling.ABORT, "burn rate")
    assert headers["x-migrator-signature"] == f"sha256={proof}"
    assert json.loads(question.body) == {
        "version": 1,
        "name": SPEC.name,
        "namespace": SPEC.cluster.namespace,
        "judge": "slo",
        "old": {"workload": SPEC.source.name, "pods": ["gw-1"]},
        "new": {"workload": SPEC.target.name, "pods": ["gw-ds-1", "gw-ds-2"]},
    }


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(status=500, body=b'{"verdict": "pass"}'), id="a failure"),
        pytest.param(Reply(body=b'{"verdict": "no-data"}'), id="another word"),
        pytest.param(Reply(body=b'{"verdict": ["pass"]}'), id="a list of words"),
        pytest.param(Reply(body=b"[]"), id="a list"),
        pytest.param(Reply(body=b"<html>"), id="a page"),
        pytest.param(Reply(body=b" " * 100_000 + b'{"verdict": "pass"}'), id="too large"),
    ],
)
def test_anything_else_is_silence(reply: Reply) -> None:
    with serving(lambda _: reply) as there, pytest.raises(Unreachable):
        asked(OtherSpec("slo", there.url))


def test_without_a_secret_no_address_is_asked() -> None:
    with pytest.raises(Refused):
        asked(OtherSpec("slo", "http://127.0.0.1:9/"), "")


def test_a_command_reads_the_same_and_prints_its_verdict() -> None:
    assert asked(OtherSpec("slo", command=(sys.executable, "-c", ECHO), timeout=20.0)) == JudgeAnswer(
        Ruling.HOLD, "gw-ds-2"
    )


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        pytest.param((sys.executable, "-c", "raise SystemExit(3)"), "hook.exit", id="it fails"),
        pytest.param((sys.executable, "-c", "print('x' * 100_000)"), "judge.other-unreadable", id="it prints too much"),
        pytest.param(("/nowhere/at/all",), "hook.not-started", id="there is none"),
        pytest.param(("sleep", "60"), "hook.too-slow", id="it is too slow"),
    ],
)
def test_a_command_that_says_nothing_is_silence(argv: tuple[str, ...], code: str) -> None:
    with pytest.raises(Unreachable) as found:
        asked(OtherSpec("slo", command=argv, timeout=0.2 if argv[0] == "sleep" else 20.0))

    assert found.value.message.code == code
