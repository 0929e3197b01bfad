"""The rules that may speak before a step: guard, open write, standing duties. Each is a pure function of what was seen.

Which of them speak, and in which order, is the journey's business (`journeys.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.findings import block, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import BalancerWrite, SetWeights, Tell, Word
from migrator.domain.model.balancer import Health, Pools, Row, Side, Weighted
from migrator.domain.model.decisions import Ask, Decision, Do, Fail, Halt, Settle, TurnBack, Wait
from migrator.domain.model.refs import target_ref
from migrator.domain.model.runs import State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import Spec
from migrator.domain.observation.drifted import Drifted, GuardUndone
from migrator.domain.observation.gating import Ahead, Frozen, Heard
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Probes,
    Requests,
    RunPosition,
    Sighting,
    Stale,
    Witnessed,
    Workloads,
)
from migrator.domain.sides.batches import next_weights
from migrator.domain.sides.telling import telling, told
from migrator.domain.sides.turns.barring import waits
from migrator.domain.sides.upkeep import Keeping, upkeep
from migrator.domain.steps.step import since, standing
from migrator.domain.turn import settling as writes
from migrator.domain.turn.blame import to_keep
from migrator.domain.turn.protection import guarded, unprotected
from migrator.domain.weights.drift import arrived_late, drift
from migrator.domain.weights.planner import next_chunk

if TYPE_CHECKING:
    from migrator.domain.steps import Step

Rule: TypeAlias = Callable[[Spec, "Step", Sighting], Decision | None]

NEEDS: frozenset[type[object]] = frozenset(
    {
        RunPosition,
        Clocks,
        JournalFacts,
        Pools,
        Requests,
        Judgement,
        Stale,
        Witnessed,
        Workloads,
        GatewaySignals,
        ConnectionCounts,
        Sides,
        Probes,
        Drifted,
        AnswerParity,
        GuardUndone,
        Ahead,
        Frozen,
        Heard,
    }
)
"""What the chain itself looks at, whatever the step."""

MOST_FAILURES = 5
FAILING_FOR = 120.0
"""Seconds; a balancer that is busy with somebody else's task is busy for up to half a minute."""

REFUSALS = 2
UNANSWERED_FOR = 3.0
"""Seconds of a step in which connections may still fail that were opened before its side had its weight."""


def reasons(seen: Sighting) -> tuple[Message, ...]:
    """Say why something could not be looked at."""
    return tuple(dict.fromkeys(why for _, why in seen[Stale].reasons)) or (say("look.not-yet"),)


# --- guard --------------------------------------------------------------------------------------------------------


def turn_back_on_refusals(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Two refusals in a row at the balancer's own address turn the run back while anything can be turned back."""
    if unprotected(seen) is not None:
        return None
    witnessed = seen[Witnessed]
    if witnessed.refusals < REFUSALS:
        return None
    answered, error = witnessed.tries - witnessed.failed, witnessed.last_error
    if not answered:
        return TurnBack((block("witness.refused:never", "balancer", refusals=witnessed.refusals, error=error),))
    refused = block("witness.refused", "balancer", refusals=witnessed.refusals, error=error, answered=answered)
    return TurnBack((refused,))


def keep_what_may_be_needed(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """On the way back the new side is not taken apart while new connections are not answered: a person decides."""
    if not step.dismantles or seen[JournalFacts].said_yes("back.ask-to-remove"):
        return None
    witnessed = seen[Witnessed]
    if witnessed.refusals < REFUSALS or seen[RunPosition].state not in (State.RUNNING, State.WAITING):
        return None
    left = UNANSWERED_FOR - since(seen, seen[JournalFacts].entered_at)
    if left > 0 or seen[RunPosition].state is State.WAITING:
        kept = say("back.keeps-new", refusals=witnessed.refusals, error=witnessed.last_error)
        return Wait(kept, max(left, 0.0))
    return Ask(say("back.ask-to-remove", refusals=witnessed.refusals, error=witnessed.last_error))


def turn_back_on_verdict(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """An abort of the judge, or no data for longer than the plan allows while shifting, turns the run back."""
    if unprotected(seen) is not None:
        return None
    verdict = seen[Judgement].verdict
    if verdict is not None and verdict.ruling is Ruling.ABORT:
        worse = say("subject.gateways", names=verdict.gateways) if verdict.gateways else say("subject.new-side")
        breach = block("judge.abort", worse, reason=verdict.reason, source=verdict.source)
        return TurnBack((breach,), worst=to_keep(spec, seen))
    blind = seen[JournalFacts].blind_for
    if step.climbs and blind > spec.judge.no_data.rollback_after:
        reason = verdict.reason if verdict else say("judge.silent")
        return TurnBack((block("judge.no-data", "judge", blind=blind, reason=reason),))
    return None


def stop_at_a_foreign_hand(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """A weight that this run never meant is somebody else's: stop and say so, never fight. Resting, only report."""
    found = tuple(drift(seen))
    if not found:
        return None
    if seen[RunPosition].state is State.RUNNING:
        return Halt(found)
    return Wait(say("drift.seen", first=told_of(found[:1])))


def turn_back_on_unhealthy(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """A weighted new backend that the balancer calls unhealthy turns the run back at once.

    Where health at weight 0 is no evidence, a backend that has just been raised gets the settle time to turn healthy. One
    whose pod ends is unhealthy because it ends: its weight is on its way to 0, and another one behind its listener carries on.
    """
    if unprotected(seen) is not None:
        return None
    weighted = [row for row in seen[Pools].of(Side.NEW) if row.weight]
    carried = {
        row.backend.listener for row in weighted if row.target.health is not Health.UNHEALTHY and not row.deserted
    }
    sick = [
        row
        for row in weighted
        if row.target.health is Health.UNHEALTHY
        and not (row.deserted and row.backend.listener in carried)
        and not _just_raised(row, spec, seen)
    ]
    if not sick:
        return None
    names = tuple(str(row.backend) for row in sick)
    kept = to_keep(spec, seen, (row.backend for row in sick))
    return TurnBack((block("backend.unhealthy", names[0], backends=names),), worst=kept)


def _just_raised(row: Row, spec: Spec, seen: Sighting) -> bool:
    """Say whether a backend may still be called unhealthy for lack of a check: its own last write is that young."""
    written = seen[JournalFacts].written_at.get(row.backend)
    if seen[Pools].capabilities.health_at_zero or written is None:
        return False
    return (seen[Clocks].wall - written).total_seconds() < spec.traffic.settle


def wait_for_the_unreachable(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Nothing advances on what could not be looked at. (On the way back the last known has to do.)"""
    if not seen[Stale].reasons:
        return None
    if seen[Stale].denied:
        return Wait(say("look.denied", why=reasons(seen), guard=guarded(seen)))
    return Wait(say("look.silent", why=reasons(seen), guard=guarded(seen)))


# --- open write ---------------------------------------------------------------------------------------------------


def give_up_what_cannot_be_read_back(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """On the way back an open write of the cluster or a gateway is left behind when its target cannot be looked at."""
    write = seen[JournalFacts].open
    if write is None or isinstance(write.action, BalancerWrite) or writes.seen_enough(write.action, seen):
        return None
    return Fail(write.entry, say("write.left-behind"))


def finish_the_open_write(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """A write is settled only when it has been read back; one that cannot come true any more fails and is decided anew."""
    past = seen[JournalFacts]
    if past.open is None:
        return None
    if not writes.seen_enough(past.open.action, seen):
        return Wait(say("write.unreadable", action=writes.named(past.open.action), why=reasons(seen)))
    if writes.is_true(past.open.action, seen):
        return Settle(past.open.entry)
    if why := writes.is_lost(past.open, seen):
        return Fail(past.open.entry, why)
    return Wait(say("write.reading-back", action=writes.named(past.open.action)), writes.patience(past.open, seen))


def mend_what_arrived_late(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """A write that was given up has arrived after all: the weights that were read back since are set again."""
    found = arrived_late(seen)
    if not found:
        return None
    pools, meant = seen[Pools], seen[JournalFacts].weights
    there = pools.weights()
    chunk = next_chunk(pools, tuple(Weighted(b, values[0]) for b, values in meant.items() if b in there and b in found))
    words = say("write.arrived-late", row=max(found.values()), backends=len(found))
    return Do(SetWeights(chunk), words) if chunk else Wait(words)


def stop_after_many_failures(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """A write that keeps failing for minutes needs a person. (On the way back nothing stops us from trying again.)"""
    past = seen[JournalFacts]  # an open write has been dealt with by `finish_the_open_write`
    if past.failures < MOST_FAILURES or standing(seen) < FAILING_FOR:
        return None
    return Halt((block("write.keeps-failing", step.title, failures=past.failures),))


# --- standing duties ----------------------------------------------------------------------------------------------


def tell_the_old_side_to_stay(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """On the way back the old gateways that were told to go are told to stay, as soon as the cluster leads to them; not
    while the step itself has some of them leave (`Vacate`)."""
    if Workloads in seen[Stale] or step.after_drain is Side.OLD:
        return None
    return telling(Side.OLD, Word.STAY, told(seen, Side.OLD, Word.GO))


def keep_the_sides(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Pods come and go: who comes gets its place's weight once it is proved, who goes is taken down and off.

    It goes on while the run is paused, waiting or halted, since the share stays as it is; not on what could not be seen.
    """
    if any(facet in seen[Stale] for facet in (Workloads, Pools)):
        return None
    shifts = step.gains is not None and seen[RunPosition].state is State.RUNNING
    return upkeep(Keeping(step.keeps, step.ceiling, shifts), seen)


def keep_the_early_out(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """A new gateway on a node whose turn has not come is proved by nobody: the node's rows lose their weight, as far as the
    others carry their listeners. Its turn proves it, and gives the weight back; so does the way back with an old pod."""
    if any(facet in seen[Stale] for facet in (Workloads, Pools)):
        return None
    past, target = seen[JournalFacts], target_ref(spec)
    early = tuple(
        slot for slot in seen[Sides].new if any(waits(past, pod.ref.node, target) for pod in slot.live if pod.ref.node)
    )
    batch = next_weights(seen[Pools], (), tuple(Weighted(slot.backend, 0) for slot in early if slot.weight))
    nodes = tuple(dict.fromkeys(pod.ref.node for slot in early for pod in slot.live))
    return Do(SetWeights(batch), say("swap.early", nodes=nodes)) if batch else None


def tell_a_restarted_gateway(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """A side that was told to go is told again when a gateway of it has restarted: a restarted gateway has forgotten it."""
    told = seen[GatewaySignals]
    for side in Side:
        if step.after_drain is not side or any(row.weight for row in seen[Pools].of(side)):
            continue
        forgetful = tuple(pod.ref for pod in seen[Workloads].of(side).live if told.word(pod.ref) is Word.STAY)
        if forgetful:
            return Do(Tell(side, Word.GO, forgetful), say("gateways.tell-again", gateways=len(forgetful), side=side))
    return None
