"""The steps of sides that somebody else makes: what they find, what they tell a person to do, and when that is done."""

# ruff: noqa: E501  a table of cases reads best with one case in a line
from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.drift.meaning import digest
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.change import Change, Hand, Order
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.manifests import Manifest, ObjectRef, ref_of
from migrator.domain.model.samples import Ruling
from migrator.domain.steps import HandOver, Stand, Step
from migrator.domain.steps.estimate import Estimate
from tests.domain.deciding import check, past, thing
from tests.domain.seen import OLD_REF, objects, pools, verdict, workload, workloads
from tests.domain.steps.test_estimates import SCALE

SERVICE = thing("Service", "gw", spec={"selector": {"v": "1"}})
LED = thing("Service", "gw", spec={"selector": {"v": "2"}})
CHANGE = Change(ref_of(SERVICE), "u-1", {}, {}, verbatim("lead"), {"spec": {"selector": {"v": "2"}}})
OWNER = thing("Gateway", "first", uid="g-1")
STOOD: Manifest = thing("Deployment", "gw", spec={"replicas": 2})
EMPTY: Manifest = thing("Deployment", "gw", spec={"replicas": 0})
DELETE = Order(Hand.DELETE, ref_of(OWNER), "kubectl delete it", ref_of(OWNER), "g-1")
SCALE_IT = Order(Hand.SCALE, ObjectRef("v1", "EnvoyProxy", "edge", "first"), "kubectl patch it", OLD_REF, "u-1")
OVER = HandOver(OLD_REF, "u-1", (), (CHANGE,), orders=(DELETE,))
SCALED = HandOver(OLD_REF, "u-1", (), (), orders=(SCALE_IT,))
NOBODY = workloads(old=workload(Side.OLD, ()))
FINE = verdict(Ruling.PASS)
NEW_SIDE = thing("DaemonSet", "gw-ds", spec={"template": {"spec": {"hostNetwork": True}}})
STAND = Stand(ref_of(NEW_SIDE), "u-1", digest(NEW_SIDE))


@pytest.mark.parametrize(
    ("step", "facets", "kind", "said"),
    [
        pytest.param(STAND, (objects(NEW_SIDE),), Done, "stand.done object=DaemonSet edge/gw-ds", id="it stands"),
        pytest.param(STAND, (), Halt, "stand.missing", id="gone"),
        pytest.param(STAND, (objects(thing("DaemonSet", "gw-ds", uid="u-2")),), Halt, "stand.replaced planned=u-1 found=u-2", id="another"),
        pytest.param(STAND, (objects(thing("DaemonSet", "gw-ds")),), Halt, "stand.changed", id="changed"),
        pytest.param(OVER, (pools(old=1),), Halt, "side.still-weighted", id="old has weight"),
        pytest.param(OVER, (FINE, objects(STOOD, OWNER, SERVICE)), Do, "retire.repoint object=Service edge/gw", id="our own way in first"),
        pytest.param(OVER, (verdict(Ruling.HOLD), objects(STOOD, OWNER, LED)), Wait, "retire.waits", id="the judge doubts"),
        pytest.param(OVER, (FINE, objects(STOOD, OWNER, LED)), Wait, "hand-over.waiting orders=[(hand-over.delete object=Gateway edge/first command=kubectl delete it", id="told what to delete"),
        pytest.param(OVER, (verdict(Ruling.HOLD), objects(STOOD, LED)), Wait, "object.ending pods=2", id="the owner is gone, its pods end"),
        pytest.param(OVER, (FINE, NOBODY, objects(LED)), Done, "object.gone object=Deployment edge/gw", id="all gone"),
        pytest.param(OVER, (FINE, objects(LED), past(entered=-200)), Done, "object.gone-late", id="pods that never end"),
        pytest.param(SCALED, (FINE, objects(STOOD)), Wait, "hand-over.scale object=EnvoyProxy edge/first command=kubectl patch it proof=Deployment edge/gw", id="told what to scale"),
        pytest.param(SCALED, (FINE, objects(EMPTY)), Wait, "object.ending pods=2", id="its pods end"),
        pytest.param(SCALED, (FINE, NOBODY, objects(EMPTY)), Done, "hand-over.emptied object=Deployment edge/gw", id="scaled"),
        pytest.param(replace(OVER, orders=()), (FINE, objects(STOOD, LED)), Done, "hand-over.left object=Deployment edge/gw", id="no orders"),
    ],
)  # fmt: skip
def test_a_step_of_a_side_that_somebody_else_makes(
    step: Step, facets: tuple[object, ...], kind: type[Decision], said: str
) -> None:
    people = () if any(isinstance(facet, type(NOBODY)) for facet in facets) else (workloads(),)
    standing = () if any(isinstance(facet, Pools) for facet in facets) else (pools(old=0, new=100),)
    check(step, (*people, *standing, *facets), kind, said)


def test_a_hand_over_looks_at_the_workload_our_ways_in_and_what_proves_the_orders() -> None:
    assert OVER.objects == (OLD_REF, CHANGE.ref, DELETE.proof)
    assert SCALED.objects == (OLD_REF,)


@pytest.mark.parametrize(("step", "ends"), [(STAND, True), (OVER, False), (SCALED, False)])
def test_a_hand_over_takes_as_long_as_a_person_takes(step: Step, ends: bool) -> None:
    estimate = step.estimate(SCALE)

    assert isinstance(estimate, Estimate)
    assert (estimate.worst is not None) is ends
