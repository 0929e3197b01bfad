"""What this run patches and somebody takes off: how often it was made is in the journal; the second time it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.drift.contested import has_led, heard_of, is_led, leads, made_again, patch_name, patching, undone
from migrator.domain.drift.marking import MARK, unmarked
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Do, Wait
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, both
from migrator.domain.observation.sighting import JournalFacts, Patched
from tests.domain.seen import at

REF = ObjectRef("v1", "Service", "edge", "gw")
PATCH: Json = {"spec": {"selector": {"version": "v1"}}}
MARKED: Json = both(PATCH, {"metadata": {"annotations": {MARK: "run 7"}}})
ACTION = PatchObject(REF, MARKED, "u")
ROW: Manifest = {"manager": "argocd-controller", "operation": "Update", "time": "2026-01-02T03:10:00Z"}
NOW: Manifest = {"metadata": {"managedFields": [ROW]}}


def past(times: int) -> JournalFacts:
    """Give a journal in which the server took the patch so often."""
    return JournalFacts(patches={REF: {patch_name(PATCH): Patched(times, at(9)), "other": Patched(1, at(5))}})


@pytest.mark.parametrize(("times", "again"), [(0, 0), (1, 0), (2, 1), (5, 4)])
def test_a_patch_is_made_again_each_time_that_the_server_takes_it_but_for_the_first(times: int, again: int) -> None:
    assert made_again(past(times), REF, MARKED) == again
    assert made_again(JournalFacts(), REF, MARKED) == 0


def test_a_patch_is_made_again_once_and_then_holds_with_who_takes_it_off() -> None:
    assert patching(past(1), ACTION, NOW, verbatim("why")) == Do(ACTION, verbatim("why"))

    found = patching(past(2), ACTION, NOW, verbatim("why"))

    assert isinstance(found, Wait)
    assert "guard.undone" in str(found.reason)
    assert "argocd-controller" in str(found.reason)


def test_the_newest_word_of_any_patch_of_an_object_is_what_was_heard_of_it() -> None:
    assert heard_of(past(1), REF) == at(9)
    assert heard_of(past(1), ObjectRef("v1", "Service", "edge", "other")) is None


@pytest.mark.parametrize(
    ("patch", "left"),
    [
        pytest.param(MARKED, PATCH, id="the mark is all there is beside"),
        pytest.param(PATCH, PATCH, id="no mark"),
        pytest.param({"metadata": {"annotations": {MARK: None}}}, {}, id="the mark alone"),
        pytest.param(
            {"metadata": {"annotations": {MARK: "x", "a": "b"}}},
            {"metadata": {"annotations": {"a": "b"}}},
            id="another note",
        ),
        pytest.param(
            {"metadata": {"labels": {"a": "b"}, "annotations": {MARK: "x"}}},
            {"metadata": {"labels": {"a": "b"}}},
            id="a label",
        ),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_a_patch_is_counted_whatever_mark_it_carries(patch: Json, left: Json) -> None:
    assert unmarked(patch) == left
    assert patch_name(patch) == patch_name(left)


def test_an_object_is_led_once_this_run_meant_the_patch_that_leads_it() -> None:
    led: Json = {"spec": {"selector": {"version": "v2"}}}
    change = Change(REF, "u", PATCH, None, verbatim("why"), led)
    meant = JournalFacts(patches={REF: {patch_name(led): Patched()}})

    assert is_led(meant, change)
    assert has_led(meant, (change,))
    assert not has_led(past(1), (change, replace(change, after=None)))


def test_what_is_undone_is_told_with_how_often_and_by_whom() -> None:
    found = undone(past(2), Change(REF, "u", PATCH, None, verbatim("why")), say("drift.by-unknown"))

    assert (found.code, found.subject) == ("guard.undone", str(REF))
    assert (found["times"], found["by"]) == (2, say("drift.by-unknown"))


def test_a_change_that_stays_as_it_is_and_only_loses_its_mark_is_never_led() -> None:
    """Two changes of one Service, its selector and a word to a cloud's controller: the second one is the same at the end."""
    change = Change(
        REF, "u", PATCH, {}, verbatim("why"), after=both(PATCH, {"metadata": {"annotations": {MARK: None}}})
    )

    assert not leads(change)
    assert not is_led(past(1), change)
