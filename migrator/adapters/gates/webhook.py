"""Asks a webhook whether a step may begin: one signed POST, one JSON answer. It follows no redirect and repeats nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime

from migrator.adapters.gates.signing import Signer, posted
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.spec import WebhookSpec
from migrator.domain.observation.gating import GateQuestion
from migrator.domain.ports.gating import GateAnswer

LONGEST_REASON = 200


class Webhook:
    """One webhook. The secret comes from the environment and is sent nowhere."""

    def __init__(
        self, spec: WebhookSpec, now: Callable[[], datetime], environment: Mapping[str, str] = os.environ
    ) -> None:
        self._spec, self._signer = spec, Signer(now, environment)

    def ask(self, question: GateQuestion) -> GateAnswer:
        """Ask once. Unreachable: no answer that says yes or no. Refused: there is no secret to sign with."""
        body = body_of(question)
        return answer_of(*posted(self._spec.url, body, self._signer.headers(body), self._spec.timeout))


def body_of(question: GateQuestion) -> bytes:
    """Give the question as it is sent."""
    said = {
        "version": 1,
        "id": question.id,
        "run": question.run,
        "name": question.name,
        "namespace": question.namespace,
        "before": question.before.value,
        "share": question.share,
    }
    return json.dumps(said, separators=(",", ":")).encode()


def answer_of(status: int, body: bytes) -> GateAnswer:
    """Read an answer. Unreachable: anything but 200 with a JSON object whose `allow` is true or false."""
    if status != 200:
        raise Unreachable(say("hook.status", status=status))
    try:
        said = parsed(body)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(allow := said.get("allow"), bool):
        raise Unreachable(say("hook.unreadable"))
    reason = said.get("reason")
    words = " ".join(reason.split())[:LONGEST_REASON] if isinstance(reason, str) else ""
    return GateAnswer(allow, words)
