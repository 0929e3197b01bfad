"""Asks a webhook whether a step may begin: one signed POST, one JSON answer. It follows no redirect and repeats nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime

from migrator.adapters.bounded.deadline import Deadline, whole
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.spec import WebhookSpec
from migrator.domain.observation.gating import GateQuestion
from migrator.domain.ports.gating import GateAnswer

SECRET = "MIGRATOR_GATE_SECRET"
"""The environment variable with the secret that signs a question."""

LARGEST = 1 << 16
LONGEST_REASON = 200


class Webhook:
    """One webhook. The secret comes from the environment and is sent nowhere."""

    def __init__(
        self, spec: WebhookSpec, now: Callable[[], datetime], environment: Mapping[str, str] = os.environ
    ) -> None:
        self._spec, self._now, self._environment = spec, now, environment

    def ask(self, question: GateQuestion) -> GateAnswer:
        """Ask once. Unreachable: no answer that says yes or no. Refused: there is no secret to sign with."""
        secret = self._environment.get(SECRET, "")
        if not secret:
            raise Refused(say("hook.no-secret", variable=SECRET))
        body = body_of(question)
        stamp = f"{self._now().timestamp():.0f}"
        signed = {
            "Content-Type": "application/json",
            "X-Migrator-Timestamp": stamp,
            "X-Migrator-Signature": f"sha256={signature(secret, stamp, body)}",
        }
        return answer_of(*self._asked(body, signed))

    def _asked(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        import httpx

        from migrator.adapters.bounded.transport import Transport

        seconds = self._spec.timeout
        try:
            with (
                Deadline(seconds) as deadline,
                httpx.Client(timeout=seconds, trust_env=False, transport=Transport()) as http,
            ):
                with http.stream("POST", self._spec.url, content=body, headers=dict(headers)) as answer:
                    found = whole(answer.iter_bytes(), LARGEST)
                deadline.check()
                return answer.status_code, found
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise Unreachable(say("hook.silent", error=type(error).__name__)) from error


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


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Give the HMAC over the moment and the body, so that an old question cannot be sent again as a new one."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


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
