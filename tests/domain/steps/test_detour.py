"""The steps of a detour over temporary node ports: what each finds, does, waits for, and where it stops."""

# ruff: noqa: E501  a table of cases reads best with one case in a line
from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PodRef, Word
from migrator.domain.model.balancer import Backend, Health, Pools, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.samples import Reading
from migrator.domain.model.spec import OnTimeout
from migrator.domain.model.workload import Pod
from migrator.domain.observation.detour import STAND_IN
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import ConnectionCounts, GatewaySignals, Probes, Workloads
from migrator.domain.steps import CloseDoors, EndOthers, LeadOver, StartBeside, Step, Vacate
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER
from tests.domain.deciding import check, past, thing
from tests.domain.seen import OLD_REF, objects, rows, workload, workloads
from tests.domain.steps.test_estimates import SCALE

HOST = (Backend("l-1", "10.1.0.1", 80), Backend("l-1", "10.1.0.2", 80))
PORT = (Backend("l-1", "10.1.0.1", 30000), Backend("l-1", "10.1.0.2", 30000))
ROWS = tuple(Weighted(backend, 100) for backend in PORT)
SERVICE = ObjectRef("v1", "Service", "edge", "gw-node-port")
CHANGE = Change(OLD_REF, "u-1", {"spec": {"minReadySeconds": 9}}, {"spec": {"minReadySeconds": None}}, verbatim("hold"))


def pod(name: str, node: int, stands_in: bool, ready: bool = True, **more: object) -> Pod:
    ref = PodRef("edge", name, f"uid-{name}", f"10.0.0.{node}", f"n-{node}" if node else "")
    return Pod(ref, (STAND_IN,) if stands_in else (), ready, host_ip=f"10.1.0.{node}", **more)  # type: ignore[arg-type]


HOSTED = (pod("h-1", 1, False), pod("h-2", 2, False))
STANDING = (pod("s-1", 1, True), pod("s-2", 2, True))
WELL = Probes(tuple((f"{backend.address}:{backend.port}", None) for backend in (*HOST, *PORT)), 1099.0)


def people(*pods: Pod) -> Workloads:
    return workloads(old=workload(Side.OLD, pods))


def stand(host: int | None, port: int | None, health: Health = Health.HEALTHY) -> tuple[Pools, Sides]:
    """Give both kinds of rows with these weights (None: not there), and the slots of the old side."""
    found = [*(rows(Side.OLD, HOST, host) if host is not None else ())]
    found += rows(Side.OLD, PORT, port, health=health) if port is not None else []
    there = {row.backend: row for row in found}
    places = [*zip(HOST, HOSTED, strict=True), *zip(PORT, STANDING, strict=True)]
    slots = tuple(Slot(backend, 0, there.get(backend), (who,)) for backend, who in places)
    return Pools(tuple(sorted(found, key=lambda row: row.backend))), Sides(slots)


def counted(host: int | None) -> ConnectionCounts:
    names = ("h-1", "h-2", "s-1", "s-2")
    live = {"h-1": host, "h-2": 0, "s-1": 7, "s-2": 7}
    return ConnectionCounts(tuple(Reading(n, Side.OLD, 0.0, "1", 0, 0, connections=live[n]) for n in names), (), 1100.0)


GOING = GatewaySignals(tuple((f"uid-h-{index}", Word.GO) for index in (1, 2)))
STAYING = GatewaySignals(tuple((f"uid-h-{index}", Word.STAY) for index in (1, 2)))
DEPLOYMENT: Manifest = thing("Deployment", "gw", spec={})
HELD: Manifest = thing("Deployment", "gw", spec={"minReadySeconds": 9})
BESIDE = StartBeside((CHANGE,), True, 2, 60.0)
OVER = LeadOver(ROWS, True, 60.0)
VACATE = Vacate(ROWS, True, 30.0, OnTimeout.HOLD, 4.0)
END = EndOthers((CHANGE,), True)
CLOSE = CloseDoors(SERVICE, (30000,))
OPEN: Manifest = thing("Service", "gw-node-port", labels={MANAGED_BY: MANAGER})
BOTH = people(*HOSTED, *STANDING)
LAME = pod("s-1", 1, True, ready=False, trouble=say("pod.failed", reason="Bad"), hopeless=True)


@pytest.mark.parametrize(
    ("step", "facets", "kind", "said"),
    [
        pytest.param(BESIDE, (BOTH,), Halt, "guard.object-replaced planned=u-1", id="the Deployment is gone"),
        pytest.param(BESIDE, (BOTH, objects(thing("Deployment", "gw", uid="u-2"))), Halt, "found=u-2", id="another Deployment"),
        pytest.param(BESIDE, (BOTH, objects(DEPLOYMENT)), Do, "hold", id="patched first"),
        pytest.param(BESIDE, (BOTH, objects(HELD)), Done, "beside.ready pods=2", id="both kinds are there"),
        pytest.param(BESIDE, (people(*HOSTED), objects(HELD), past(entered=90)), Wait, "beside.waiting ready=0 wanted=2 why=(pod.not-ready)", id="no stand-in yet"),
        pytest.param(BESIDE, (people(*HOSTED), objects(HELD)), Halt, "beside.deadline ready=0 wanted=2", id="no stand-in in time"),
        pytest.param(BESIDE, (people(*HOSTED, LAME), objects(HELD)), Halt, "ready.hopeless", id="a stand-in that crashes"),
        pytest.param(replace(BESIDE, standing_in=False), (BOTH, objects(HELD)), Done, "beside.ready pods=2", id="back on host ports"),
        pytest.param(OVER, (BOTH, *stand(100, None), WELL), Do, "sides.register backends=[l-1/10.1.0.1:30000, l-1/10.1.0.2:30000]", id="registered first"),
        pytest.param(OVER, (BOTH, *stand(100, 0, Health.UNHEALTHY), WELL, past(entered=90)), Wait, "lead-over.waiting listeners=[l-1] why=(balancer.calls-it", id="not healthy yet"),
        pytest.param(OVER, (BOTH, *stand(100, 0, Health.UNHEALTHY), WELL), Halt, "l-1", id="never healthy"),
        pytest.param(OVER, (BOTH, Pools(()), Sides()), Halt, "slot.unregistered", id="nobody at all"),
        pytest.param(OVER, (BOTH, *stand(100, 0), WELL), Do, "lead-over.weigh weights=2", id="raised"),
        pytest.param(OVER, (BOTH, *stand(100, 100), WELL), Do, "lead-over.weigh weights=2", id="the others lowered"),
        pytest.param(OVER, (BOTH, *stand(0, 100), WELL), Done, "lead-over.done backends=2", id="led over"),
        pytest.param(OVER, (BOTH, *stand(100, 100, Health.UNHEALTHY), WELL), Wait, "lead-over.unsafe", id="nothing safe now"),
        pytest.param(VACATE, (BOTH, *stand(1, 100), counted(0), GOING), Halt, "vacate.still-weighted weight=1", id="weight again"),
        pytest.param(VACATE, (BOTH, *stand(0, 100), counted(0), STAYING), Do, "gateways.tell gateways=2", id="told to go"),
        pytest.param(replace(VACATE, tells=False), (BOTH, *stand(0, 100), counted(0), STAYING), Do, "vacate.remove backends=2", id="nobody can be told"),
        pytest.param(VACATE, (BOTH, *stand(0, 100), ConnectionCounts(), GOING), Wait, "connections.recounting", id="nobody has counted"),
        pytest.param(VACATE, (BOTH, *stand(0, 100), replace(counted(0), at=1050.0), GOING, past(entered=60)), Wait, "connections.recounting", id="counted before the step"),
        pytest.param(VACATE, (BOTH, *stand(0, 100), counted(3), GOING, past(entered=90)), Wait, "vacate.waiting connections=3", id="connections"),
        pytest.param(VACATE, (BOTH, *stand(0, 100), counted(3), GOING), Ask, "", id="asked at the deadline"),
        pytest.param(VACATE, (BOTH, *stand(0, 100), counted(3), GOING, past(answered=("vacate.ask",))), Do, "vacate.remove backends=2 connections=3", id="a yes cuts"),
        pytest.param(replace(VACATE, on_timeout=OnTimeout.CUT), (BOTH, *stand(0, 100), counted(None), GOING), Do, "vacate.remove backends=2", id="the plan cuts what nobody knows"),
        pytest.param(VACATE, (BOTH, *stand(0, 100), counted(0), GOING), Do, "vacate.remove backends=2 connections=0", id="empty"),
        pytest.param(VACATE, (BOTH, *stand(None, 100), counted(0), GOING, past(entered=98)), Wait, "vacate.floor", id="the floor"),
        pytest.param(VACATE, (BOTH, *stand(None, 100), counted(0), GOING), Done, "vacate.done", id="vacated"),
        pytest.param(END, (BOTH, *stand(0, 100), objects(DEPLOYMENT)), Halt, "others.still-dialled weight=0", id="a row is left"),
        pytest.param(END, (BOTH, *stand(None, 100), objects(DEPLOYMENT)), Do, "hold", id="the controller is let go"),
        pytest.param(END, (BOTH, *stand(None, 100), objects(HELD), past(entered=90)), Wait, "object.ending pods=2", id="they end"),
        pytest.param(replace(END, patience=9.0), (BOTH, *stand(None, 100), objects(HELD)), Halt, "others.stay pods=2", id="they never end"),
        pytest.param(END, (people(*STANDING), *stand(None, 100), objects(HELD)), Done, "others.gone", id="gone"),
        pytest.param(replace(END, standing_in=False), (people(*HOSTED), *stand(100, None), objects(HELD)), Done, "others.gone", id="no stand-in is left"),
        pytest.param(CLOSE, (stand(None, 100)[0], objects(OPEN)), Halt, "doors.still-dialled weight=100", id="still dialled"),
        pytest.param(CLOSE, (stand(100, 0)[0], objects(OPEN)), Do, "object.delete-ours", id="closed"),
        pytest.param(CLOSE, (stand(100, None)[0],), Done, "doors.closed", id="closed before"),
    ],
)  # fmt: skip
def test_a_step_of_the_detour(step: Step, facets: tuple[object, ...], kind: type[Decision], said: str) -> None:
    check(step, facets, kind, said)


@pytest.mark.parametrize("step", [BESIDE, OVER, VACATE, replace(VACATE, on_timeout=OnTimeout.CUT), END, CLOSE])
def test_every_step_of_the_detour_says_what_it_takes_and_who_is_looked_after(step: Step) -> None:
    estimate = step.estimate(SCALE)

    assert estimate.expected > 0
    assert estimate.worst is None or estimate.worst >= estimate.expected
    assert Side.NEW not in step.keeps
    assert estimate.calls


def test_the_titles_say_which_way_it_goes() -> None:
    there = [step.title.code for step in (BESIDE, OVER, VACATE, END)]
    back = [replace(step, standing_in=False).title.code for step in (BESIDE, OVER, VACATE, END)]

    assert there == [
        "step.start-stand-ins",
        "step.lead-over-node-ports",
        "step.vacate-host-ports",
        "step.end-on-host-ports",
    ]
    assert back == [
        "step.start-on-host-ports",
        "step.lead-to-host-ports",
        "step.vacate-node-ports",
        "step.end-stand-ins",
    ]


def test_the_last_step_of_the_way_forward_rests_on_the_new_side_alone() -> None:
    end = replace(CLOSE, end=True)

    assert (end.is_final, end.keeps, CLOSE.is_final) == (True, (Side.NEW,), False)
    assert (OVER.probes, BESIDE.objects, END.objects, CLOSE.objects) == (Side.OLD, (OLD_REF,), (OLD_REF,), (SERVICE,))
