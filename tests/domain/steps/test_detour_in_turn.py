"""The steps by which a few nodes at a time go over to node ports: what each finds, does, waits for, and where it stops."""

# ruff: noqa: E501  a table of cases reads best with one case in a line
from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.drift.contested import patch_name
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import SetWeights, pod_object
from migrator.domain.model.balancer import Backend, Health, Pools, Row, Side
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.spec import OnTimeout
from migrator.domain.model.workload import Pod
from migrator.domain.observation.detour import STAND_IN
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import Patched, Workloads
from migrator.domain.steps import Clear, Exchange, LeadSome, Step
from migrator.domain.steps.detour.exchange import MARK
from migrator.domain.steps.detour.in_turn import Turn
from tests.domain.deciding import check, decided, past, thing
from tests.domain.seen import OLD_REF, at, objects, rows
from tests.domain.steps.test_detour import (
    BOTH,
    GOING,
    HOST,
    HOSTED,
    LAME,
    PORT,
    ROWS,
    STANDING,
    STAYING,
    WELL,
    counted,
    people,
    pod,
)
from tests.domain.steps.test_estimates import SCALE

HOSTS = tuple(replace(row, backend=backend) for row, backend in zip(ROWS, HOST, strict=True))
FIRST, SECOND = Turn(1, 2, 1, 1), Turn(2, 2, 2, 0)
CLEAR = Clear(ROWS, True, 30.0, OnTimeout.HOLD, 4.0, others=HOSTS, turn=FIRST, patience=60.0)
CHANGE = Change(OLD_REF, "u-1", {"spec": {"minReadySeconds": 9}}, {"spec": {"minReadySeconds": None}}, verbatim("hold"))
SWAP = Exchange((CHANGE,), True, 1, 60.0, FIRST)
SOME = LeadSome(ROWS, True, 60.0, HOSTS, FIRST)
BEFORE, HELD = thing("Deployment", "gw", spec={}), thing("Deployment", "gw", spec={"minReadySeconds": 9})
A, B, C, D = HOST[0], HOST[1], PORT[0], PORT[1]
PEOPLE = dict(zip((A, B, C, D), (*HOSTED, *STANDING), strict=True))


def having(
    weights: dict[Backend, int], sick: tuple[Backend, ...] = (), gone: tuple[Backend, ...] = ()
) -> tuple[Pools, Sides]:
    """Give the old side's rows with these weights, and its slots; a backend without a row has a slot where its pod is there."""
    found: list[Row] = []
    for backend, weight in weights.items():
        health = Health.UNHEALTHY if backend in sick else Health.HEALTHY
        found += [replace(row, deserted=backend in gone) for row in rows(Side.OLD, (backend,), weight, health=health)]
    there = {row.backend: row for row in found}
    slots = tuple(
        Slot(backend, 0, there.get(backend), () if backend in gone else (who,)) for backend, who in PEOPLE.items()
    )
    return Pools(tuple(sorted(found, key=lambda row: row.backend))), Sides(slots)


def lately(backend: Backend, ago: float, **more: object) -> object:
    """Give a memory in which a backend lost its weight so many seconds ago."""
    return past(entered=0, written_at={backend: at(100 - ago)}, **more)


def marked(*names: str) -> object:
    """Give a memory in which these pods were marked."""
    refs = {pod_object(each.ref) for each in HOSTED if each.ref.name in names}
    return past(entered=90, patches={ref: {patch_name(MARK): Patched(1, at(95))} for ref in refs})


def wanting(count: int, *pods: Pod) -> Workloads:
    """Give these pods of a Deployment that wants so many."""
    found = people(*pods)
    return replace(found, old=replace(found.old, wanted=count))


ALL = {A: 100, B: 100}
LOW = {A: 0, B: 100}
OFF = {B: 100}
NOBODY = (people(*HOSTED), WELL)
LAZY = people(HOSTED[0], replace(HOSTED[1], ready=False))


@pytest.mark.parametrize(
    ("step", "facets", "kind", "said"),
    [
        pytest.param(CLEAR, (*NOBODY, *having(ALL), counted(0), STAYING), Do, "clear.weigh weights=1", id="the first loses its weight"),
        pytest.param(CLEAR, (*NOBODY, *having(ALL, sick=(A,)), counted(0), STAYING), Do, "clear.weigh weights=1", id="who carries nothing goes first"),
        pytest.param(replace(CLEAR, turn=SECOND), (*NOBODY, *having({B: 100, C: 100}), counted(0), STAYING), Do, "clear.weigh weights=1", id="the last one goes too"),
        pytest.param(replace(CLEAR, turn=SECOND), (*NOBODY, *having({B: 100}), counted(0), STAYING), Wait, "lead-over.unsafe", id="but not while nobody is beside it"),
        pytest.param(CLEAR, (*NOBODY, *having({A: 100, B: 100, C: 100}, sick=(A, C)), counted(0), STAYING, past(entered=90)), Wait, "clear.rest-carries-nothing backend=l-1/10.1.0.1:30000", id="the rest is not well"),
        pytest.param(CLEAR, (*NOBODY, *having({A: 100, B: 100, C: 100}, sick=(A, C)), counted(0), STAYING), Halt, "clear.rest-unfit health=unhealthy", id="the rest never gets well"),
        pytest.param(replace(CLEAR, standing_in=False), (*NOBODY, *having({A: 100, B: 100, C: 100}, sick=(A, C)), counted(0), STAYING), Do, "clear.weigh", id="the way back goes on all the same"),
        pytest.param(CLEAR, (*NOBODY, *having(LOW), counted(0), STAYING, lately(A, 0.0)), Wait, "clear.settling", id="the weight settles"),
        pytest.param(CLEAR, (*NOBODY, *having(LOW), counted(0), STAYING, lately(A, 50.0)), Do, "gateways.tell gateways=1", id="told to go"),
        pytest.param(CLEAR, (*NOBODY, *having(LOW), counted(3), GOING, lately(A, 20.0)), Wait, "vacate.waiting connections=3", id="connections"),
        pytest.param(CLEAR, (*NOBODY, *having(LOW), counted(3), GOING, lately(A, 50.0)), Ask, "", id="asked at the deadline"),
        pytest.param(CLEAR, (*NOBODY, *having(LOW), counted(0), GOING, lately(A, 50.0)), Do, "vacate.remove backends=1", id="empty"),
        pytest.param(CLEAR, (*NOBODY, *having(LOW), counted(0), GOING), Do, "vacate.remove backends=1", id="one that never had weight"),
        pytest.param(CLEAR, (*NOBODY, *having(OFF), counted(0), GOING, past(entered=98)), Wait, "vacate.floor", id="the floor"),
        pytest.param(CLEAR, (*NOBODY, *having(OFF), counted(0), GOING), Done, "vacate.done-in-turn", id="freed"),
        pytest.param(CLEAR, (*NOBODY, *having({B: 100, C: 100}, gone=(C,)), counted(0), GOING), Do, "clear.weigh weights=1", id="nobody is behind a row"),
        pytest.param(SWAP, (people(*HOSTED), *having(OFF)), Halt, "guard.object-replaced", id="the Deployment is gone"),
        pytest.param(SWAP, (people(*HOSTED), *having(ALL), objects(BEFORE)), Halt, "others.still-dialled weight=100", id="a row is there again"),
        pytest.param(SWAP, (people(*HOSTED), *having(OFF), objects(BEFORE)), Do, "exchange.mark pod=h-1", id="who goes is marked"),
        pytest.param(SWAP, (people(*HOSTED), *having(OFF), objects(BEFORE), marked("h-1")), Do, "hold", id="then its controller is told"),
        pytest.param(SWAP, (LAZY, *having(OFF), objects(BEFORE), marked("h-1")), Wait, "exchange.rest-unready pod=h-2", id="who stays is not Ready"),
        pytest.param(SWAP, (people(*HOSTED), *having(OFF), objects(HELD), marked("h-1")), Wait, "beside.waiting ready=0 wanted=1 why=(pod.not-ready)", id="no stand-in yet"),
        pytest.param(SWAP, (people(*HOSTED, STANDING[0]), *having(OFF), objects(HELD), marked("h-1")), Wait, "ready=1 wanted=1", id="one too many is still there"),
        pytest.param(SWAP, (wanting(3, *HOSTED, STANDING[0]), *having(OFF), objects(HELD)), Done, "beside.ready pods=1", id="somebody has scaled it up"),
        pytest.param(replace(SWAP, turn=SECOND), (wanting(3, HOSTED[0], *STANDING), *having({C: 100, D: 100}), objects(HELD)), Halt, "beside.deadline ready=2", id="the last turn ends them all"),
        pytest.param(SWAP, (people(*HOSTED), *having(OFF), objects(HELD)), Halt, "beside.deadline ready=0 wanted=1", id="no stand-in in time"),
        pytest.param(SWAP, (people(HOSTED[1], LAME), *having(OFF), objects(HELD)), Halt, "ready.hopeless", id="a stand-in that crashes"),
        pytest.param(SWAP, (people(replace(HOSTED[0], terminating=True), HOSTED[1], STANDING[0]), *having(OFF), objects(HELD)), Done, "beside.ready pods=1", id="exchanged"),
        pytest.param(replace(SWAP, standing_in=False), (people(HOSTED[0], STANDING[1]), *having({A: 100, D: 100}), objects(HELD)), Done, "beside.ready pods=1", id="the way back, never left"),
        pytest.param(SOME, (BOTH, *having(OFF), WELL), Do, "sides.register backends=[l-1/10.1.0.1:30000, l-1/10.1.0.2:30000]", id="registered"),
        pytest.param(SOME, (BOTH, *having({B: 100, C: 0, D: 0}, sick=(C, D)), WELL, past(entered=90)), Wait, "lead-over.waiting listeners=[l-1]", id="not healthy yet"),
        pytest.param(SOME, (BOTH, *having({B: 100, C: 0, D: 0}, sick=(C, D)), WELL), Halt, "l-1", id="never healthy"),
        pytest.param(SOME, (BOTH, *having({B: 100, C: 0, D: 0}, sick=(D,)), WELL), Do, "lead-over.weigh weights=1", id="raised"),
        pytest.param(SOME, (BOTH, *having({B: 100, C: 100, D: 0}, sick=(D,)), WELL), Done, "lead-over.done backends=1", id="led over, as many as wanted"),
        pytest.param(SOME, (BOTH, *having({C: 100, D: 100}, gone=(D,)), WELL), Do, "lead-over.weigh weights=1", id="one behind which nobody is loses its weight"),
        pytest.param(SOME, (BOTH, *having({C: 100, D: 100}, sick=(C,), gone=(D,)), WELL), Wait, "lead-over.unsafe", id="but not while the other carries nothing"),
    ],
)  # fmt: skip
def test_a_step_of_a_turn(step: Step, facets: tuple[object, ...], kind: type[Decision], said: str) -> None:
    check(step, facets, kind, said)


def test_who_carries_nothing_is_the_first_to_lose_its_weight() -> None:
    found = decided(CLEAR, *NOBODY, *having(ALL, sick=(B,)), counted(0), STAYING)

    assert isinstance(found, Do)
    assert isinstance(found.action, SetWeights)
    assert [(row.backend, row.weight) for row in found.action.rows] == [(B, 0)]


@pytest.mark.parametrize("step", [CLEAR, SWAP, SOME])
def test_every_step_of_a_turn_says_whose_turn_it_is_and_what_it_takes(step: Clear | Exchange | LeadSome) -> None:
    estimate = step.estimate(SCALE)
    back = replace(step, standing_in=False)

    assert estimate.expected > 0
    assert estimate.calls
    assert step.keeps == ()
    assert (step.title.code, back.title.code) in {
        ("step.clear-host-ports", "step.clear-node-ports"),
        ("step.start-stand-in", "step.start-on-host-port"),
        ("step.lead-over-node-port", "step.lead-to-host-port"),
    }
    assert CLEAR.probes is Side.OLD


def test_a_stand_in_is_told_by_its_label() -> None:
    assert STAND_IN in pod("s", 1, True).labels
