"""Asks a judge of the plan's own: a signed POST, or a command that reads the same JSON. What it says is read within bounds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime

from migrator.adapters.gates.running import printed
from migrator.adapters.gates.signing import LARGEST, Signer, posted
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.refs import home
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import OtherSpec, Spec
from migrator.domain.ports.rates import JudgeAnswer, JudgeQuestion

LONGEST_REASON = 200
RULINGS = {each.value: each for each in (Ruling.PASS, Ruling.HOLD, Ruling.ABORT)}


class Others:
    """The judges of one plan. The secret comes from the environment and is sent nowhere."""

    def __init__(self, spec: Spec, now: Callable[[], datetime], environment: Mapping[str, str] = os.environ) -> None:
        self._spec, self._signer = spec, Signer(now, environment)

    def ask(self, judge: OtherSpec, question: JudgeQuestion) -> JudgeAnswer:
        """Ask once. Unreachable: it said nothing that can be read. Refused: there is no secret to sign with."""
        body = body_of(self._spec, judge, {side: tuple(pod.name for pod in pods) for side, pods in question.pods})
        if judge.command:
            return answer_of(_printed(judge, body, self._signer.environment))
        status, said = posted(judge.url, body, self._signer.headers(body), judge.timeout)
        if status != 200:
            raise Unreachable(say("hook.status", status=status))
        return answer_of(said)


def _printed(judge: OtherSpec, body: bytes, environment: Mapping[str, str]) -> bytes:
    try:
        return printed(judge.command, judge.timeout, body, environment)
    except Refused as error:  # a judge that cannot say anything is silent, whatever kept it
        raise Unreachable(error.message) from error


def body_of(spec: Spec, judge: OtherSpec, sides: Mapping[Side, tuple[str, ...]]) -> bytes:
    """Give the question: which migration, and which pods each side has."""
    said = {
        "version": 1,
        "name": spec.name,
        "namespace": home(spec).namespace,
        "judge": judge.name,
        "old": {"workload": spec.source.name, "pods": sides.get(Side.OLD, ())},
        "new": {"workload": spec.target.name, "pods": sides.get(Side.NEW, ())},
    }
    return json.dumps(said, separators=(",", ":")).encode()


def answer_of(said: bytes) -> JudgeAnswer:
    """Read an answer. Unreachable: anything but a small JSON object whose `verdict` is pass, hold or abort."""
    try:
        found = parsed(said) if len(said) <= LARGEST else None
    except ValueError:
        found = None
    verdict = found.get("verdict") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(verdict, str) or verdict not in RULINGS:
        raise Unreachable(say("judge.other-unreadable"))
    reason = found.get("reason")
    words = " ".join(reason.split())[:LONGEST_REASON] if isinstance(reason, str) else ""
    return JudgeAnswer(RULINGS[verdict], words)
