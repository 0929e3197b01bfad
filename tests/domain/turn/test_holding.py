"""Holding: what others changed stops every advance and nothing else; what turns back turns back as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.drift.configuration import COMPARED_WITHIN
from migrator.domain.drift.contested import patch_name
from migrator.domain.messages.findings import Finding, Waiver, block, told_of
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PatchObject, SetWeights
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Do, Halt, Settle, TurnBack, Wait
from migrator.domain.model.manifests import Json, ObjectRef
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.workload import Workload
from migrator.domain.observation.drifted import Drifted, GuardUndone, Undone
from migrator.domain.observation.sighting import JournalFacts, Patched, Workloads
from migrator.domain.steps import Attach, Guard, Preflight, Retire, Step
from migrator.domain.turn.holding import held_by, hold_on_drift, holds, keep_guarded
from tests.domain.chain import ALIVE, HALF, SHIFT, course, decided
from tests.domain.seen import NEW, NEW_REF, OLD_REF, at, meant, opened, pools, seen, verdict, workload, workloads
from tests.fakes.world import SPEC

STRANGER = Drifted((block("drift.foreign-row", "l-1/10.9.9.9:80", weight=10, health="healthy"),))


def test_a_run_that_would_write_the_next_weights_waits_while_something_has_drifted() -> None:
    assert isinstance(decided(seen()), Do)

    found = decided(seen(STRANGER))

    assert isinstance(found, Wait)
    assert found.reason.code == "drift.holds"
    assert "l-1/10.9.9.9:80" in str(found.reason)
    assert "#remedy" in str(found.reason)


def test_a_hold_lets_the_judge_turn_the_run_back() -> None:
    found = decided(seen(HALF, STRANGER, verdict(Ruling.ABORT)))

    assert isinstance(found, TurnBack)


def test_a_hold_lets_a_weight_of_somebody_else_halt_the_run() -> None:
    foreign = JournalFacts(weights={**meant(HALF), **{row.backend: (7,) for row in HALF.rows[:1]}})

    assert isinstance(decided(seen(HALF, STRANGER, foreign)), Halt)


def test_a_hold_lets_a_write_be_read_back() -> None:
    past = JournalFacts(weights=meant(pools()), open=opened(SetWeights(())))

    assert isinstance(decided(seen(STRANGER, past)), Settle)


@pytest.mark.parametrize("state", ALIVE)
def test_nothing_holds_a_run_on_its_way_back(state: State) -> None:
    sighting = seen(STRANGER, course(state, Heading.BACK))

    assert held_by(SPEC, SHIFT, sighting) == ()
    assert "drift.holds" not in str(decided(sighting))


def test_a_look_from_before_this_step_says_nothing_of_what_guard_changed() -> None:
    change = Change(ObjectRef("v1", "Service", "edge", "gw"), "uid", {"spec": {"a": 1}}, {}, verbatim("why"))
    gone = Undone(change, say("drift.by-unknown"), at=at(50))

    assert keep_guarded(SPEC, SHIFT, seen(GuardUndone((gone,)), JournalFacts(entered_at=at(60)))) is None
    assert keep_guarded(SPEC, SHIFT, seen(GuardUndone((gone,)), JournalFacts(entered_at=at(40)))) is not None


def test_a_code_that_the_plan_waives_holds_nothing() -> None:
    spec = replace(SPEC, waivers=(Waiver("drift.foreign-row", "a known mirror"),))

    assert holds(spec, SHIFT, seen(STRANGER)) == ()
    assert [message.code for message in holds(SPEC, SHIFT, seen(STRANGER))] == ["drift.held"]


FINDINGS = st.lists(st.sampled_from([*STRANGER.found, block("drift.other", "x")]), max_size=3).map(tuple)


@settings(max_examples=100, deadline=None)
@given(found=FINDINGS, ruling=st.sampled_from(Ruling), new=st.sampled_from([0, 50, 100]))
def test_whatever_drifted_a_hold_takes_the_place_of_an_advance_and_of_nothing_else(
    found: tuple[Finding, ...], ruling: Ruling, new: int
) -> None:
    facets = (pools(new=new), verdict(ruling))
    calm, held = decided(seen(*facets)), decided(seen(*facets, Drifted(found)))

    if isinstance(calm, TurnBack | Halt) or not found:
        assert held == calm
    else:
        assert isinstance(held, Wait)
        assert held.reason["found"] == told_of(found)


SERVICE = ObjectRef("v1", "Service", "edge", "gw")
HPA = ObjectRef("autoscaling/v2", "HorizontalPodAutoscaler", "edge", "gw")
LATER = at(99)


PATCH: Json = {"spec": {"x": 1}}
LED: Json = {"spec": {"x": 2}}


def taken(
    ref: ObjectRef, seen_at: datetime | None = LATER, after: Json = None, guarded: bool = False, led: bool = False
) -> GuardUndone:
    """Give a look at which a change of Guard did not stand."""
    change = Change(ref, "u", PATCH, {"spec": {"x": None}}, verbatim("why"), after)
    return GuardUndone((Undone(change, say("drift.by-unknown"), (change,), guarded, led, seen_at),))


def wrote(
    ref: ObjectRef, times: int = 2, patch: Json = PATCH, heard: datetime | None = None, **more: Any
) -> JournalFacts:
    """Give a journal in which the server took a patch so often."""
    known = {ref: {patch_name(patch): Patched(times, heard)}}
    return JournalFacts(weights=meant(HALF), patches=known, **more)


@pytest.mark.parametrize("ref", [SERVICE, HPA], ids=["Service", "HPA"])
def test_what_somebody_took_off_is_made_again_once(ref: ObjectRef) -> None:
    found = decided(seen(HALF, taken(ref)))

    assert isinstance(found, Do)
    assert found.action == PatchObject(ref, {"spec": {"x": 1}}, "u")
    assert found.why.code == "guard.again"


def test_what_is_taken_off_again_holds_and_is_named() -> None:
    found = decided(seen(HALF, taken(HPA), wrote(HPA)))

    assert isinstance(found, Wait)
    assert "guard.undone" in str(found.reason)
    assert str(HPA) in str(found.reason)


def test_a_service_that_catches_the_new_pods_again_turns_the_run_back() -> None:
    found = decided(seen(HALF, taken(SERVICE), wrote(SERVICE)))

    assert isinstance(found, TurnBack)
    assert found.findings[0].code == "guard.undone"


UNHELPED = [
    pytest.param(workloads(old=Workload(OLD_REF)), id="the old workload is gone"),
    pytest.param(workloads(old=workload(Side.OLD, ())), id="nobody of the old side lives"),
]


@pytest.mark.parametrize("there", UNHELPED)
def test_a_service_that_catches_the_new_pods_only_holds_where_turning_back_would_not_help(there: Workloads) -> None:
    found = keep_guarded(SPEC, SHIFT, seen(HALF, taken(SERVICE), wrote(SERVICE), there))

    assert isinstance(found, Wait)
    assert "guard.undone" in str(found.reason)


def test_a_service_that_catches_new_pods_without_weight_turns_back_too_for_clients_reach_them_past_the_weights() -> (
    None
):
    past = replace(wrote(SERVICE), weights=meant(pools()))

    assert isinstance(keep_guarded(SPEC, SHIFT, seen(pools(), taken(SERVICE), past)), TurnBack)


def test_what_is_taken_off_before_it_can_be_read_back_is_not_made_again_and_again() -> None:
    assert isinstance(decided(seen(HALF, wrote(SERVICE, failures=1), taken(SERVICE))), TurnBack)
    assert isinstance(decided(seen(HALF, wrote(HPA, failures=1), taken(HPA))), Wait)


def test_a_failed_write_of_something_else_does_not_count_as_taken_off() -> None:
    assert isinstance(decided(seen(HALF, wrote(HPA, times=1, failures=1), taken(HPA))), Do)
    assert isinstance(decided(seen(HALF, wrote(HPA, failures=1), taken(SERVICE))), Do)


def test_a_look_from_before_our_own_last_write_of_an_object_says_nothing_of_it_and_one_of_another_object_all() -> None:
    assert keep_guarded(SPEC, SHIFT, seen(HALF, taken(HPA), wrote(HPA, heard=LATER))) is None
    assert keep_guarded(SPEC, SHIFT, seen(HALF, taken(HPA), wrote(SERVICE, heard=LATER))) is not None
    assert keep_guarded(SPEC, SHIFT, seen(HALF, taken(HPA), JournalFacts(settled_at=LATER))) is not None


def test_what_is_led_to_the_new_side_already_is_to_stand_so_and_not_as_guard_made_it() -> None:
    back = taken(SERVICE, after=LED, guarded=True)

    found = decided(seen(HALF, back, wrote(SERVICE, 1, LED)))

    assert keep_guarded(SPEC, SHIFT, seen(HALF, back)) is None
    assert isinstance(found, Do)
    assert found.action == PatchObject(SERVICE, LED, "u")


def test_what_is_led_to_the_new_side_before_its_time_is_led_back() -> None:
    early = taken(SERVICE, after=LED, led=True)

    found = decided(seen(HALF, early, wrote(SERVICE, 1)))

    assert isinstance(found, Do)
    assert found.action == PatchObject(SERVICE, PATCH, "u")
    assert keep_guarded(SPEC, SHIFT, seen(HALF, early, wrote(SERVICE, 1, LED))) is None


def test_what_keeps_being_led_away_from_the_new_side_holds_and_turns_nothing_back() -> None:
    found = decided(seen(HALF, taken(SERVICE, after=LED, guarded=True), wrote(SERVICE, 2, LED)))

    assert isinstance(found, Wait)
    assert "guard.undone" in str(found.reason)


def test_nothing_advances_before_the_guard_of_this_process_has_looked_once() -> None:
    found = decided(seen(Drifted(blind=inf)))

    assert isinstance(found, Wait)
    assert found.reason.code == "drift.not-looked"


@pytest.mark.parametrize(("late", "holds_it"), [(0.0, False), (1.0, True)], ids=["just so long", "longer"])
def test_a_guard_that_is_blind_for_longer_than_the_plan_allows_holds_the_run(late: float, holds_it: bool) -> None:
    found = decided(seen(Drifted(blind=SPEC.judge.no_data.rollback_after + late)))

    assert isinstance(found, Wait) == holds_it
    assert not holds_it or found.reason.code == "drift.blind"  # type: ignore[union-attr]


COMPARING = [
    pytest.param(Drifted(comparing=5.0, changed=True), SHIFT, True, id="a share is to be raised"),
    pytest.param(Drifted(comparing=COMPARED_WITHIN + 1), SHIFT, False, id="for longer than anybody waits"),
    pytest.param(Drifted(comparing=5.0, restless=True), SHIFT, False, id="again and again"),
    pytest.param(
        Drifted(comparing=5.0, changed=True), Attach(Side.NEW, NEW, 60.0), False, id="no share is raised in this step"
    ),
]


@pytest.mark.parametrize(("drifted", "step", "waits"), COMPARING)
def test_a_share_is_raised_only_once_what_changed_is_compared_or_nobody_waits_for_it_any_more(
    drifted: Drifted, step: Step, waits: bool
) -> None:
    found = hold_on_drift(SPEC, step, seen(drifted))

    assert (found is not None) == waits
    assert found is None or found == Wait(say("drift.comparing"))


def test_a_process_that_has_never_compared_the_sides_waits_for_that_and_does_not_say_that_anything_changed() -> None:
    found = hold_on_drift(SPEC, SHIFT, seen(Drifted(comparing=5.0)))

    assert found == Wait(say("drift.comparing-first"))


def test_what_a_person_should_know_is_told_and_holds_nothing() -> None:
    told = say("drift.nodes-came", nodes=("n-9",))

    assert holds(SPEC, SHIFT, seen(Drifted(told=(told,), restless=True))) == (say("drift.restless"), told)
    assert hold_on_drift(SPEC, SHIFT, seen(Drifted(told=(told,), restless=True))) is None


def test_a_blind_guard_holds_nothing_on_the_way_back() -> None:
    found = decided(seen(HALF, Drifted(blind=inf), course(heading=Heading.BACK)))

    assert "drift" not in str(found)


def test_a_service_that_catches_nobody_yet_only_holds() -> None:
    nobody = workloads(new=Workload(NEW_REF))

    assert isinstance(keep_guarded(SPEC, SHIFT, seen(HALF, nobody, taken(SERVICE), wrote(SERVICE))), Wait)


UNGUARDED = [
    pytest.param((taken(SERVICE, seen_at=None),), SHIFT, id="nobody has looked yet"),
    pytest.param((taken(SERVICE), wrote(SERVICE, heard=LATER)), SHIFT, id="an older look"),
    pytest.param((taken(SERVICE), course(heading=Heading.BACK)), SHIFT, id="on the way back"),
    pytest.param((taken(SERVICE), course(State.HALTED)), SHIFT, id="halted: only a person writes"),
    pytest.param((taken(SERVICE),), Preflight(), id="before Guard"),
    pytest.param((taken(SERVICE),), Guard(()), id="during Guard"),
    pytest.param((taken(SERVICE),), Retire(SERVICE, "u", (), ()), id="once the old side goes"),
]


@pytest.mark.parametrize(("facets", "step"), UNGUARDED)
def test_what_does_not_stand_is_nobodys_business_there(facets: tuple[object, ...], step: Step) -> None:
    found = keep_guarded(SPEC, step, seen(HALF, *facets))

    assert found is None


@pytest.mark.parametrize("state", [State.PAUSED, State.WAITING])
def test_a_run_that_rests_keeps_its_guard(state: State) -> None:
    assert isinstance(decided(seen(HALF, course(state), taken(SERVICE))), Do)
    assert isinstance(decided(seen(HALF, course(state), taken(SERVICE), wrote(SERVICE))), TurnBack)


def test_once_the_old_side_goes_only_what_takes_clients_holds() -> None:
    retire = Retire(SERVICE, "u", (), ())
    found = Drifted((*STRANGER.found, block("drift.scaler", "x", path="", was="", now="", by="")))

    assert [each.code for each in held_by(SPEC, retire, seen(found))] == ["drift.foreign-row"]
