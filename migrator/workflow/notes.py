"""What a finished step leaves in the journal for the report: shares asked for, given and seen, and the witness's tally."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Decision, Done, TurnBack
from migrator.domain.model.samples import Answers
from migrator.domain.observation.sighting import Judgement, Sighting, Witnessed
from migrator.domain.ports.memory import Counted
from migrator.domain.steps import Drain, Shift, Step
from migrator.domain.steps.connections import connections


def tallies(step: Step, decision: Decision, seen: Sighting) -> list[tuple[str, Counted]]:
    """Return what was counted, by kind; nothing unless a step is done or the run turns back."""
    if not isinstance(decision, Done | TurnBack):
        return []
    said: list[tuple[str, Counted]] = [("witness", _witness(seen))]
    if seen[Judgement].second.asked:
        said.append(("prometheus", _second(seen[Judgement].second)))
    if isinstance(step, Shift) and isinstance(decision, Done) and step.towards is Side.NEW:
        said.append(("share", _share(step.share, seen)))
    if isinstance(step, Drain) and isinstance(decision, Done):
        said.append(("cut", _cut(step.side, seen)))
    return said


def told(before: Sequence[Message], now: Sequence[Message]) -> list[Message]:
    """Give a note for each trouble of a step that lasts that has come, and for each that is over."""
    return [
        *(trouble for trouble in now if trouble not in before),
        *(say("nodes.over", trouble=trouble) for trouble in before if trouble not in now),
    ]


def _witness(seen: Sighting) -> Counted:
    tally = seen[Witnessed]
    return {
        "tries": tally.tries,
        "old": tally.old,
        "new": tally.new,
        "failed": tally.failed,
        "last_error": tally.last_error,
    }


def _second(answers: Answers) -> Counted:
    return {"answered": answers.answered, "empty": answers.empty, "silent": answers.silent, "why": answers.why}


def _share(requested: float, seen: Sighting) -> Counted:
    observed = seen[Judgement].observed
    return {
        "requested": requested,
        "achieved": seen[Pools].share(),
        "observed": observed.share if observed else None,
        "connections": observed.total if observed else 0,
        "source": observed.source if observed else "",
    }


def _cut(side: Side, seen: Sighting) -> Counted:
    return {"side": side.value, "connections": connections(seen, side)}
