"""The webhook over real connections: what is sent, how it is signed, and which answers are answers."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from migrator.adapters.gates.signing import SECRET
from migrator.adapters.gates.webhook import Webhook
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.spec import Before, WebhookSpec
from migrator.domain.observation.gating import GateQuestion
from migrator.domain.ports.gating import GateAnswer
from tests.adapters.served import Reply, serving

QUESTION = GateQuestion("0123-7-shares-50", 7, "edge", "istio-system", Before.SHARES, 50.0)
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WORDS = "a secret"


def webhook(url: str, secret: str = WORDS) -> Webhook:
    return Webhook(WebhookSpec(url, timeout=5.0), lambda: AT, {SECRET: secret})


def test_a_question_is_signed_and_says_which_step_of_which_run() -> None:
    with serving(lambda _: Reply(body=b'{"allow": true, "reason": "CHG\\n 1"}')) as there:
        answer = webhook(f"{there.url}/gate").ask(QUESTION)

    (asked,) = there.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    stamp = headers["x-migrator-timestamp"]
    proof = hmac.new(WORDS.encode(), stamp.encode() + b"." + asked.body, hashlib.sha256).hexdigest()
    assert answer == GateAnswer(True, "CHG 1")
    assert (asked.method, asked.path, stamp) == ("POST", "/gate", f"{AT.timestamp():.0f}")
    assert headers["x-migrator-signature"] == f"sha256={proof}"
    assert json.loads(asked.body) == {
        "version": 1,
        "id": "0123-7-shares-50",
        "run": 7,
        "name": "edge",
        "namespace": "istio-system",
        "before": "shares",
        "share": 50.0,
    }


def test_a_no_is_an_answer_too() -> None:
    with serving(lambda _: Reply(body=b'{"allow": false}')) as there:
        assert webhook(there.url).ask(QUESTION) == GateAnswer(False)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(status=204, body=b""), id="another status"),
        pytest.param(Reply(status=302, headers={"Location": "/yes"}, body=b'{"allow": true}'), id="a redirect"),
        pytest.param(Reply(body=b"<html>"), id="a page"),
        pytest.param(Reply(body=b"[]"), id="a list"),
        pytest.param(Reply(body=b'{"allow": "true"}'), id="a text for a yes"),
        pytest.param(Reply(body=b" " * 100_000 + b'{"allow": true}'), id="too large"),
        pytest.param(Reply(drop=True), id="none at all"),
    ],
)
def test_anything_else_is_no_answer(reply: Reply) -> None:
    with serving(lambda _: reply) as there, pytest.raises(Unreachable):
        webhook(there.url).ask(QUESTION)

    assert len(there.asked) <= 1


def test_without_a_secret_nothing_is_sent() -> None:
    with serving(lambda _: Reply()) as there:
        with pytest.raises(Refused):
            webhook(there.url, "").ask(QUESTION)

        assert there.asked == []
