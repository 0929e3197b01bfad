"""What Guard changes carries a mark by which anybody can undo it, and every way out of Guard takes the mark off again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.drift.marking import MARK, left_on, mark, markable, marked
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, labels, merged, ref_of
from migrator.domain.model.runs import Heading, State
from migrator.domain.observation.sighting import RunPosition

HERE = RunPosition(State.RUNNING, Heading.FORWARD, say("step.guard"), None, 7, "d1gest")
SERVICE: Manifest = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "s", "namespace": "edge", "annotations": {"kept": "yes"}},
    "spec": {"selector": {"app": "gw"}, "note": "it's"},
}
NARROW: Json = {"spec": {"selector": {"version": "v1"}}}
WIDEN: Json = {"spec": {"selector": {"version": None}}}
OPEN: Json = {"spec": {"selector": {"version": "v2"}}}
OFF: Json = {"metadata": {"annotations": {"weights": "off"}}}
ON: Json = {"metadata": {"annotations": {"weights": None}}}


def change(patch: Json, undo: Json, after: Json = None, back: Json = None) -> Change:
    """Give a change of the Service."""
    return Change(ref_of(SERVICE), "u", patch, undo, verbatim("why"), after, back)


BOTH = markable([change(OFF, ON, OFF), change(NARROW, WIDEN, OPEN, NARROW)])


def after(thing: Json, *patches: Json) -> Manifest:
    """Give an object after these patches."""
    for patch in patches:
        thing = merged(thing, patch)
    assert isinstance(thing, dict)
    return thing


def guarded() -> Manifest:
    """Give the Service as Guard leaves it."""
    return after(SERVICE, *(marked(each, BOTH, HERE) for each in BOTH))


def test_the_mark_names_the_run_and_its_plan_and_undoes_everything_by_one_patch() -> None:
    left = left_on(guarded())

    assert left is not None
    assert (left.run, left.plan, left.ref) == (7, "d1gest", ref_of(SERVICE))
    assert after(guarded(), left.undo) == SERVICE


def test_the_undo_of_every_change_in_its_order_takes_the_mark_off() -> None:
    assert after(guarded(), *(each.undo for each in reversed(BOTH))) == SERVICE
    assert left_on(after(guarded(), BOTH[1].undo)) is not None


def test_what_retire_makes_of_it_has_no_mark_and_pointing_back_marks_it_again() -> None:
    led = after(guarded(), *(each.after for each in BOTH))
    assert left_on(led) is None

    assert left_on(after(led, BOTH[1].back, mark(BOTH[0], BOTH, HERE))) == left_on(guarded())


def test_a_change_that_does_nothing_before_retire_marks_nothing() -> None:
    (apart,) = markable([change({}, {}, OPEN, WIDEN)])

    assert marked(apart, (apart,), HERE) == {}


def test_a_change_of_a_plan_from_before_is_not_marked_for_its_undo_would_leave_the_mark() -> None:
    old = change(NARROW, WIDEN, OPEN)

    assert marked(old, (old,), HERE) == NARROW


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "7", "null"])
def test_a_mark_that_nobody_can_read_is_none(text: str) -> None:
    assert left_on(after(SERVICE, {"metadata": {"annotations": {MARK: text}}})) is None


def test_a_mark_of_another_making_is_read_as_far_as_it_goes() -> None:
    left = left_on(after(SERVICE, {"metadata": {"annotations": {MARK: '{"run":"x"}'}}}))

    assert left is not None
    assert (left.run, left.plan, left.undo) == (0, "", None)


@given(st.lists(st.sampled_from([(OFF, ON), (NARROW, WIDEN)]), min_size=1, max_size=2, unique_by=str))
def test_whatever_guard_changes_its_mark_alone_leads_back(rows: list[tuple[Json, Json]]) -> None:
    changes = markable([change(patch, undo) for patch, undo in rows])
    made = after(SERVICE, *(marked(each, changes, HERE) for each in changes))
    left = left_on(made)

    assert left is not None
    assert after(made, left.undo) == SERVICE
    assert "kept" in labels(made, "metadata", "annotations")
