"""A webhook that is asked before a step: what it is asked, and what its answer, or its silence, means. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.findings import block
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, TurnBack, Wait
from migrator.domain.model.refs import home
from migrator.domain.model.spec import Before, NoYes, Spec
from migrator.domain.observation.gating import GateQuestion, Heard
from migrator.domain.observation.sighting import Clocks, JournalFacts, RunPosition, Sighting
from migrator.domain.steps.leave import Drain
from migrator.domain.steps.retire import Retire
from migrator.domain.steps.traffic import Shift

if TYPE_CHECKING:
    from migrator.domain.steps import Step

ASKED = "gate.ask-webhook"
"""The question to a person when the webhook has given no yes in time, where the plan wants one asked then."""


def question(spec: Spec, step: Step, seen: Sighting) -> GateQuestion | None:
    """Give what the webhook is asked before this step; None where it is not asked. The same step is the same question."""
    before = _kind(step)
    if spec.gates.webhook is None or before not in spec.gates.webhook.before:
        return None
    now = seen[RunPosition]
    share = step.share if isinstance(step, Shift) else None
    name = before.value if share is None else f"{before.value}-{share:g}"
    return GateQuestion(f"{now.plan[:12]}-{now.run}-{name}", now.run, spec.name, home(spec).namespace, before, share)


def _kind(step: Step) -> Before | None:
    if type(step) is Shift and step.towards is Side.NEW:
        return Before.SHARES
    if isinstance(step, Drain) and step.side is Side.OLD:
        return Before.DRAIN
    return Before.RETIRE if isinstance(step, Retire) else None


def heard(spec: Spec, asked: GateQuestion, seen: Sighting) -> Decision | None:
    """Wait for the webhook's yes; without one in time do what the plan says then. None: it, or a person instead, said yes."""
    hook, answer = spec.gates.webhook, seen[Heard]
    if hook is None or seen[JournalFacts].said_yes(ASKED):
        return None
    if answer.id != asked.id:
        return Wait(say("gate.webhook-asked"))
    if answer.allowed:
        return None
    left = hook.patience - (seen[Clocks].monotonic - answer.since)
    if left > 0 or hook.then is NoYes.HOLD:
        return Wait(say("gate.webhook", said_no=answer.allowed is False, why=answer.why), max(left, 0.0) or None)
    if hook.then is NoYes.ASK:
        return Ask(say("gate.ask-webhook", patience=hook.patience, why=answer.why))
    return TurnBack((block("gate.no-yes", "spec.gates.webhook", patience=hook.patience, why=answer.why),))
