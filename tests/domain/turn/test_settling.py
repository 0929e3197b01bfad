"""When a journaled write has come true, by what a later look saw."""

from __future__ import annotations

import pytest

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import (
    Action,
    ApplyObject,
    DeleteObject,
    Deregister,
    Op,
    OpState,
    PatchObject,
    Register,
    SetWeights,
    Tell,
    Word,
)
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.manifests import ObjectRef, ref_of
from migrator.domain.model.runs import Heading
from migrator.domain.observation.sighting import GatewaySignals, JournalFacts, Objects, Sighting
from migrator.domain.steps.prepare import DIGEST
from migrator.domain.steps.step import since
from migrator.domain.turn.settling import CALL, is_lost, is_true, named, objects, patience, seen_enough
from tests.domain.chain import course
from tests.domain.seen import FOREIGN, NEW, OLD, at, opened, pod, pools, seen, told, without, workload, workloads
from tests.domain.seen import objects as found
from tests.domain.steps.test_prepare import DAEMONSET, GUARDED, SERVICE

REF = ref_of(SERVICE)
PATCH = PatchObject(REF, {"spec": {"selector": {"v": "1"}}}, "u-1")
GO = Tell(Side.OLD, Word.GO, (pod(Side.OLD, 0).ref,))
APPLY = ApplyObject(DAEMONSET)
OTHER = {**DAEMONSET, "metadata": {"name": "gw-ds", "namespace": "edge", "annotations": {DIGEST: "another"}}}


@pytest.mark.parametrize(
    ("action", "sighting", "true"),
    [
        pytest.param(SetWeights((Weighted(OLD[0], 100),)), seen(), True, id="the weight is there"),
        pytest.param(SetWeights((Weighted(OLD[0], 9),)), seen(), False, id="another weight is there"),
        pytest.param(SetWeights((Weighted(FOREIGN, 0),)), seen(), False, id="the row is gone"),
        pytest.param(Register(NEW), seen(), True, id="registered"),
        pytest.param(Register((FOREIGN,)), seen(), False, id="not registered"),
        pytest.param(Deregister((FOREIGN,)), seen(), True, id="gone"),
        pytest.param(Deregister(OLD), seen(), False, id="still there"),
        pytest.param(GO, seen(), False, id="still stays"),
        pytest.param(GO, seen(told(old=Word.GO)), True, id="goes"),
        pytest.param(GO, seen(told(old=None)), True, id="cannot say"),
        pytest.param(GO, seen(workloads(old=workload(Side.OLD, ()))), True, id="the pod is gone"),
        pytest.param(APPLY, seen(), False, id="not applied"),
        pytest.param(APPLY, seen(found(DAEMONSET)), True, id="applied"),
        pytest.param(APPLY, seen(found(OTHER)), False, id="an older one is there"),
        pytest.param(PATCH, seen(found(SERVICE)), False, id="not patched"),
        pytest.param(PATCH, seen(found(GUARDED)), True, id="patched"),
        pytest.param(PATCH, seen(), True, id="nothing left to patch"),
        pytest.param(PatchObject(REF, PATCH.patch, "u-0"), seen(found(SERVICE)), True, id="another object now"),
        pytest.param(DeleteObject(REF, "u-1"), seen(found(SERVICE)), False, id="not deleted"),
        pytest.param(DeleteObject(REF, "u-1"), seen(), True, id="deleted"),
        pytest.param(DeleteObject(REF, "u-0"), seen(found(SERVICE)), True, id="deleted and made anew"),
    ],
)
def test_a_write_is_true_when_the_world_is_as_it_wants(action: Action, sighting: Sighting, true: bool) -> None:
    assert is_true(action, sighting) is true


@pytest.mark.parametrize(
    ("action", "facet", "said"),
    [
        pytest.param(SetWeights((Weighted(OLD[0], 1),)), Pools, say("action.set-weights", weights=1), id="weights"),
        pytest.param(Register(NEW), Pools, say("action.register", backends=2), id="register"),
        pytest.param(Deregister(OLD), Pools, say("action.deregister", backends=2), id="deregister"),
        pytest.param(GO, GatewaySignals, say("action.tell", gateways=1, side=Side.OLD, word=Word.GO), id="tell"),
        pytest.param(APPLY, Objects, say("action.apply", object="DaemonSet edge/gw-ds"), id="apply"),
        pytest.param(PATCH, Objects, say("action.patch", object="Service edge/gw"), id="patch"),
        pytest.param(DeleteObject(REF, "u"), Objects, say("action.delete", object="Service edge/gw"), id="delete"),
    ],
)
def test_a_write_is_judged_only_where_its_target_was_looked_at_and_has_a_name(
    action: Action, facet: type[object], said: Message
) -> None:
    assert seen_enough(action, seen())
    assert not seen_enough(action, without(seen(), facet))
    assert named(action) == said


@pytest.mark.parametrize(
    ("action", "refs"),
    [
        pytest.param(APPLY, (ref_of(DAEMONSET),), id="apply"),
        pytest.param(ApplyObject(None), (), id="no manifest"),
        pytest.param(PATCH, (REF,), id="patch"),
        pytest.param(DeleteObject(REF, "u"), (REF,), id="delete"),
        pytest.param(Register(NEW), (), id="a balancer's"),
    ],
)
def test_reading_back_needs_the_object_that_was_written(action: Action, refs: tuple[ObjectRef, ...]) -> None:
    assert objects(action) == refs


def test_patience_shrinks_with_the_age_of_a_write_and_an_unknown_state_has_none() -> None:
    write = opened(Register(NEW), Op("lb", "1"), OpState.RUNNING, age=10)

    assert patience(write, seen(pools())) == 590
    assert is_lost(write, seen()) is None
    unanswered = opened(Register(NEW), age=CALL + 1)
    assert is_lost(unanswered, seen()) is None, "its call may not be over yet"
    late = opened(Register(NEW), age=CALL + 3)
    assert is_lost(late, seen()) == say("write.not-seen", state="unanswered", patience=CALL + 2.0)
    backward = seen(course(heading=Heading.BACK))
    assert is_lost(unanswered, backward) == say("write.not-seen", state="unanswered", patience=2.0)


def test_time_in_which_a_target_could_not_be_read_is_no_age_of_its_write() -> None:
    past = JournalFacts(unseen=((at(80), at(90)), (at(95), at(99))))

    assert since(seen(past), at(60)) == 40 - 14
    assert since(seen(past), at(85)) == 15 - 9
    assert since(seen(past), None) == 0.0
