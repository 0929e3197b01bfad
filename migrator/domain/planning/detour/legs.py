"""The detour's part of both routes: led over before the new side is deployed, and led back after it is gone. Pure."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.gateways import gateway_profile
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.manifests import ref_of
from migrator.domain.model.spec import Spec
from migrator.domain.observation.detour import Detour
from migrator.domain.planning.detour.template import in_turn, undone
from migrator.domain.planning.plan import Plan, Seen
from migrator.domain.steps import (
    Clear,
    CloseDoors,
    EndOthers,
    Exchange,
    LeadOver,
    LeadSome,
    OpenDoors,
    StartBeside,
    Step,
    Vacate,
)
from migrator.domain.steps.detour.in_turn import Turn


def led_over(spec: Spec, seen: Seen, detour: Detour | None) -> tuple[Step, ...]:
    """Give the steps that free the host ports: the old side is behind node ports then. None without a detour."""
    if detour is None:
        return ()
    if detour.at_a_time:
        turns = _in_turn(spec, seen, detour, True)
        return (OpenDoors((detour.service,)), *turns, EndOthers((undone(detour.hold),), True))
    return (
        OpenDoors((detour.service,)),
        StartBeside((detour.hold, detour.lend), True, _pods(seen), spec.deadlines.ready),
        LeadOver(detour.rows, True, spec.deadlines.healthy),
        _vacated(spec, seen, detour.rows, True),
        EndOthers((undone(detour.hold),), True),
    )


def _in_turn(spec: Spec, seen: Seen, detour: Detour, standing_in: bool) -> tuple[Step, ...]:
    """Give the steps of every turn. Each is a statement about its end, so on the way back those of nodes that never left are
    done at once."""
    rows, others = (detour.rows, seen.old) if standing_in else (seen.old, detour.rows)
    template = detour.lend if standing_in else undone(detour.lend)
    pods = _pods(seen)
    dones = (*range(detour.at_a_time, pods, detour.at_a_time), pods)
    steps: list[Step] = []
    for number, done in enumerate(dones, start=1):
        turn = Turn(number, len(dones), done, pods - done)
        change = in_turn(detour.hold, template, done if done < pods else None)
        wait = spec.deadlines.healthy
        steps += [
            replace(_cleared(spec, seen, rows, standing_in), others=others, turn=turn, patience=wait),
            Exchange((change,), standing_in, done, spec.deadlines.ready, turn),
            LeadSome(rows, standing_in, wait, others, turn),
        ]
    return tuple(steps)


def _cleared(spec: Spec, seen: Seen, rows: tuple[Weighted, ...], standing_in: bool) -> Clear:
    floor, tells = seen.capabilities.drain_floor, gateway_profile(spec, Side.OLD).reversible
    return Clear(rows, standing_in, spec.drain.timeout, spec.drain.on_timeout, floor, tells)


def closed(detour: Detour | None) -> tuple[Step, ...]:
    """Give the step that takes the Service away once the old side is gone. None without a detour."""
    return () if detour is None else (_closing(detour, end=True),)


def led_back(plan: Plan, left: Step) -> tuple[Step, ...]:
    """Give the steps that bring the old pods back to their host ports, from the step that is left; none before that."""
    detour, spec, seen = plan.detour, plan.spec, plan.seen
    if detour is None or left not in begun(plan):
        return ()
    if isinstance(left, OpenDoors):
        return (_closing(detour),)
    if detour.at_a_time:
        turns = _in_turn(spec, seen, detour, False)
        return (*turns, EndOthers((undone(detour.hold),), False), _closing(detour))
    return (
        StartBeside((detour.hold, undone(detour.lend)), False, _pods(seen), spec.deadlines.ready),
        LeadOver(seen.old, False, spec.deadlines.healthy),
        _vacated(spec, seen, seen.old, False),
        EndOthers((undone(detour.hold),), False),
        _closing(detour),
    )


def begun(plan: Plan) -> tuple[Step, ...]:
    """Give the steps of the route from the first of the detour on."""
    first = next((at for at, step in enumerate(plan.steps) if isinstance(step, OpenDoors)), len(plan.steps))
    return plan.steps[first:]


def is_on_the_way_over(plan: Plan, left: Step) -> bool:
    """Say whether the old side has not left its host ports yet, so that nothing is made of the new one."""
    if plan.detour is None:
        return False
    last = next(at for at, step in enumerate(plan.steps) if isinstance(step, EndOthers))
    return left in plan.steps[: last + 1]


def _pods(seen: Seen) -> int:
    """Give how many pods the old side has by its record: one on each node that the balancer dials."""
    return len({row.backend.address for row in seen.old if row.weight})


def _vacated(spec: Spec, seen: Seen, rows: tuple[Weighted, ...], standing_in: bool) -> Vacate:
    floor, tells = seen.capabilities.drain_floor, gateway_profile(spec, Side.OLD).reversible
    return Vacate(rows, standing_in, spec.drain.timeout, spec.drain.on_timeout, floor, tells)


def _closing(detour: Detour, end: bool = False) -> CloseDoors:
    assert isinstance(detour.service, dict)
    return CloseDoors(ref_of(detour.service), tuple(sorted({door.port for door in detour.doors})), end)
