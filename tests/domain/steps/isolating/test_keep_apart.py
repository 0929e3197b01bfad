"""The step that keeps the worst gateway for a look: what it writes, and everything that makes it go on without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject, pod_object
from migrator.domain.model.balancer import Capabilities, Pools, Side
from migrator.domain.model.decisions import Decision, Do, Done, Wait
from migrator.domain.model.manifests import Manifest, dig
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import JournalFacts, Objects, RunPosition, Sighting, Stale, Workloads
from migrator.domain.steps.estimate import Pace, Scale
from migrator.domain.steps.isolating.keep_apart import KeepApart
from migrator.domain.steps.isolating.mark import MARK, Isolated, marking, read
from migrator.domain.turn.decide import decide
from migrator.domain.turn.journeys import BACK
from tests.domain.seen import NEW, NEW_REF, OLD, at, meant, objects, pod, pools, rows, seen
from tests.fakes.world import SPEC

POD = pod(Side.NEW, 0).ref
STEP = KeepApart(POD, NEW_REF, ("app", "tier"))
OFF = Pools(tuple(rows(Side.OLD, OLD, 100, 100)))
BACKWARD = RunPosition(State.RUNNING, Heading.BACK, say("step.undo"), run=7, starter="ann@ops")


def thing(owned: bool = True, marked: bool = False, uid: str = POD.uid, ends: bool = False) -> Manifest:
    meta: Manifest = {"namespace": "edge", "name": POD.name, "uid": uid, "labels": {"app": "gw", "istio": "ingress"}}
    meta["ownerReferences"] = [{"controller": True}] if owned else []
    if marked:
        meta |= {
            key: dig(marking(Isolated(NEW_REF, (), (), "ann@ops", "")), "metadata", key)
            for key in ("labels", "annotations")
        }
    if ends:
        meta["deletionTimestamp"] = "2026-01-02T03:04:05Z"
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": {"podIP": NEW[0].address}}


def on(found: Manifest, standing: Pools = OFF, **past: int) -> Sighting:
    facts = JournalFacts(weights=meant(standing), entered_at=at(95), failures=past.get("failures", 0))
    return seen(objects(found), standing, BACKWARD, facts)


def code(decision: Decision) -> str:
    why = decision.reason if isinstance(decision, Wait) else decision.note if isinstance(decision, Done) else None
    assert isinstance(why, Message)
    return why.code


def test_the_pod_is_marked_and_loses_the_labels_that_it_has_in_one_write() -> None:
    decision = STEP.decide(on(thing()))

    assert isinstance(decision, Do)
    action = decision.action
    assert isinstance(action, PatchObject)
    assert (action.ref, action.uid) == (pod_object(POD), POD.uid)
    assert dig(action.patch, "metadata", "labels") == {MARK: "true", "app": None, "tier": None}
    said = read(action.patch if isinstance(action.patch, dict) else {})
    assert said is not None
    assert (said.workload, said.labels, said.rows, said.by) == (NEW_REF, (("app", "gw"),), (), "ann@ops")


def test_whoever_began_the_run_is_named_by_its_number_where_nobody_knows_them() -> None:
    decision = STEP.decide(on(thing()).having(replace(BACKWARD, starter="")))

    assert isinstance(decision, Do)
    action = decision.action
    assert isinstance(action, PatchObject)
    said = read(action.patch if isinstance(action.patch, dict) else {})
    assert said is not None
    assert said.by == "run 7"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(on(thing(uid="another")), "keep-apart.gone", id="another pod of its name"),
        pytest.param(on(thing(ends=True)), "keep-apart.gone", id="it is being deleted"),
        pytest.param(on(thing(), failures=3), "keep-apart.refused", id="the cluster did not take the write"),
        pytest.param(on(thing(), pools(100, 0)), "keep-apart.has-rows", id="a row of the balancer leads to it"),
        pytest.param(on(thing(marked=True)), "let-go.owned", id="its controller has not given it up"),
        pytest.param(on(thing(owned=False, marked=True)), "keep-apart.done", id="it is nobody's"),
    ],
)
def test_it_says_what_became_of_the_pod(found: Sighting, said: str) -> None:
    assert code(STEP.decide(found)) == said


def test_only_a_pod_that_is_nobodys_is_told_of_as_kept() -> None:
    free = on(thing(owned=False, marked=True))

    assert STEP.tallies(free) == {"kept": {"pod": POD.name, "namespace": "edge", "node": POD.node}}
    assert [STEP.tallies(on(found)) for found in (thing(), thing(marked=True), thing(uid="another"))] == [{}, {}, {}]
    assert STEP.tallies(free.only(frozenset({Pools}))) == {}


@pytest.mark.parametrize(
    ("stale", "why"),
    [
        pytest.param(Stale(), None, id="its controller is slow"),
        pytest.param(Stale(((Objects, say("look.cluster-late")),)), "look.cluster-late", id="the cluster is silent"),
    ],
)
def test_the_way_back_goes_on_without_what_is_not_done_in_time(stale: Stale, why: str | None) -> None:
    spec: Spec = SPEC
    late = JournalFacts(weights=meant(OFF), entered_at=at(69))
    sighting = seen(objects(thing(marked=True)), OFF, BACKWARD, late, stale)

    decision = decide(BACK, spec, STEP, sighting)

    assert code(decision) == "step.spared"
    assert (why or "") in str(decision)
    in_time = sighting.having(replace(late, entered_at=at(71)))
    assert code(decide(BACK, spec, STEP, in_time)) == "let-go.owned"


def test_it_says_beforehand_what_it_writes_and_for_how_long_it_is_tried() -> None:
    assert STEP.favour == 30.0
    assert STEP.objects == (pod_object(POD),)
    assert STEP.title == say("step.keep-apart", pod=POD.name)
    assert Workloads not in STEP.needs


def test_its_estimate_is_that_of_one_patch_and_it_is_named_by_its_pod() -> None:
    scale = Scale(OLD, NEW, (), Capabilities(batch=2), Pace(2.0, 11.0), 30.0)

    assert [call.code for call in STEP.estimate(scale).calls] == ["estimate.patch"]
    assert STEP.title == say("step.keep-apart", pod=POD.name)
