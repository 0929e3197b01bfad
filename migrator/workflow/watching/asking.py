"""What the watch is to look at now: whose counters, whose answers, whose configurations, and which backends are probed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.domain.answers.places import living, places
from migrator.domain.judging.classes import needs_comparison
from migrator.domain.model.balancer import Backend, Pools, Side
from migrator.domain.model.decisions import Wait
from migrator.domain.model.runs import Heading
from migrator.domain.observation.gating import HookCall
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import (
    Configs,
    JournalFacts,
    Judgement,
    PreflightResult,
    RunPosition,
    Sighting,
    Workloads,
)
from migrator.domain.planning.plan import Plan
from migrator.domain.sides.behind import behind
from migrator.domain.sides.fitness import awaiting_proof
from migrator.domain.sides.places import new_places
from migrator.domain.steps import Step, VerifyConfig
from migrator.domain.steps.asking.hook import CALLING
from migrator.domain.steps.step import Attention
from migrator.domain.turn.decide import decide
from migrator.workflow.watching.board import AnswersWanted, WatchRequest


def wish(plan: Plan, step: Step, seen: Sighting, steady_since: float, later: int = 0) -> WatchRequest:
    """Give what the watch should read from now on; `later` is how many steps to come compare both sides' answers."""
    found = _wish(plan, step, seen, steady_since, later)
    return replace(found, behind=tuple((backend, behind(backend, seen)) for backend in found.backends))


def _wish(plan: Plan, step: Step, seen: Sighting, steady_since: float, later: int) -> WatchRequest:
    workloads = seen[Workloads]
    attention = step.attends(seen) if all(need in seen for need in step.needs) else None
    if attention is not None and not attention.both:
        alike = attention.peers, attention.compared
        return WatchRequest((), attention.pods, attention.backends, configs=all(alike), probes=True, alike=alike)
    if attention is not None:
        return replace(of_both(seen, attention, steady_since), answers=answers_wanted(plan, step, seen, later))
    unproved = awaiting_proof(seen)
    probed = _probed(plan, step, seen)
    return WatchRequest(
        tuple(pod.ref for pod in workloads.old.live),
        tuple(pod.ref for pod in workloads.new.live if pod.ref.ip),
        tuple(dict.fromkeys((*probed, *unproved))),
        checks=PreflightResult in step.needs,
        configs=Configs in step.needs,
        probes=step.probes is not None or bool(unproved),
        steady_since=steady_since,
        answers=answers_wanted(plan, step, seen, later),
        hook=called(plan, step, seen),
        alone=not any(row.weight for row in seen[Pools].of(Side.OLD)),
        whose=_whose(seen),
    )


def of_both(seen: Sighting, attention: Attention, steady_since: float) -> WatchRequest:
    """Give the wish of a step that has both sides watched, and proves some gateways by its own choice."""
    workloads, alike = seen[Workloads], (attention.peers, attention.compared)
    return WatchRequest(
        tuple(pod.ref for pod in workloads.old.live),
        tuple(pod.ref for pod in workloads.new.live if pod.ref.ip),
        attention.backends,
        configs=all(alike),
        probes=True,
        steady_since=steady_since,
        alike=alike,
        model=attention.of,
        alone=not any(row.weight for row in seen[Pools].of(Side.OLD)),
        whose=_whose(seen),
    )


def _whose(seen: Sighting) -> tuple[tuple[Backend, Side], ...]:
    return tuple((row.backend, row.side) for row in seen[Pools].rows if row.side)


def called(plan: Plan, step: Step, seen: Sighting) -> HookCall | None:
    """Give the hook that is to be called: the step's own, when all that speaks before it lets it speak, and it waits."""
    if any(need not in seen for need in step.needs) or (call := step.call(seen)) is None:
        return None
    decision = decide(plan.journey(seen[RunPosition].heading), plan.spec, step, seen)
    waits = isinstance(decision, Wait) and decision.reason.code in CALLING
    return call if waits else None


def _probed(plan: Plan, step: Step, seen: Sighting) -> tuple[Backend, ...]:
    """Give the backends that the step has our own requests sent to."""
    if step.probes is Side.OLD:
        return tuple(slot.backend for slot in seen[Sides].old if slot.live)
    return _new(plan, seen) if step.probes else ()


def proved_alike(heading: Heading, before: Sequence[Step], step: Step) -> bool:
    """Say whether both sides' configurations were compared `before` on this way, and are to stay alike still."""
    proved = any(isinstance(each, VerifyConfig) and each.compared for each in before)
    return proved and not step.is_final and heading is Heading.FORWARD


def answers_wanted(plan: Plan, step: Step, seen: Sighting, later: int = 0) -> AnswersWanted | None:
    """Give whom to ask the same questions, so that both sides' answers can be compared; None where the step compares none.

    `later` is how many steps to come compare, too.
    """
    if plan.spec.answers is None or not step.asks_both(seen):
        return None
    listeners, workloads, past = plan.spec.balancer.listeners, seen[Workloads], seen[JournalFacts]
    ways = dict(plan.seen.ways)
    found = (
        *places(Side.OLD, listeners, _old(plan, seen), workloads.old, ways),
        *places(Side.NEW, listeners, _new(plan, seen), workloads.new, ways),
    )
    if plan.journey().by_turns:  # a node is the place of that side alone whose pod is there
        found = tuple(place for place in found if place.pod is not None)
    weighted = any(row.weight for row in seen[Pools].of(Side.NEW))
    judged = weighted and past.soaked < step.watches
    return AnswersWanted(past.entered_at, found, judged, needs_comparison(seen[Judgement].verdict), later)


def _new(plan: Plan, seen: Sighting) -> tuple[Backend, ...]:
    return new_places(plan.seen.new, plan.seen.scattered, seen[Sides], seen[Workloads].new.pods)


def _old(plan: Plan, seen: Sighting) -> tuple[Backend, ...]:
    """Give the old side's backends that live; once they are off the balancer, the plan's, as far as their pods live."""
    slots = tuple(slot.backend for slot in seen[Sides].old if slot.live)
    return slots or living(tuple(row.backend for row in plan.seen.old), seen[Workloads].old)
