"""What a lost run has left behind is found by its mark, with the command that undoes it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from migrator.domain.drift.marking import MARK
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.observation.lost import Lost
from migrator.domain.planning.checks.cluster.leftovers import no_run_has_left_its_guard, no_run_was_lost
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPACE, SPEC, service, thing, world

UNDO = {"spec": {"selector": {"version": None}}, "note": "it's"}
NOTES = {MARK: json.dumps({"run": 7, "plan": "0123456789abcdef", "undo": UNDO})}


def test_an_object_with_the_mark_of_a_run_blocks_and_the_command_undoes_it() -> None:
    marked = service()
    marked["metadata"] = {**marked["metadata"], "annotations": NOTES}  # type: ignore[dict-item]
    (found,) = no_run_has_left_its_guard(propose(world(plain=[marked]), SPEC))

    assert (found.code, found["run"], found["plan"]) == ("guard.left-behind", 7, "0123456789ab")
    assert found["command"] == (
        f"kubectl -n {SPACE} patch service gw --type merge -p "
        '\'{"spec":{"selector":{"version":null}},"note":"it\'\\\'\'s"}\''
    )


def test_an_object_of_another_namespace_or_without_a_mark_is_nobodys() -> None:
    far = thing("Service", "far", {"selector": {"app": "x"}}, space="shop", annotations=NOTES)

    assert list(no_run_has_left_its_guard(propose(world(far), SPEC))) == []


def test_a_lost_run_is_told_with_the_command_that_takes_it_over_and_not_object_by_object() -> None:
    marked = service()
    marked["metadata"] = {**marked["metadata"], "annotations": NOTES}  # type: ignore[dict-item]
    lost = Lost(3, "edge", "ann@ops run 3 store ab", f"{SPACE}/gw")
    proposal = propose(replace(world(plain=[marked]), lost=lost), SPEC)

    (found,) = no_run_was_lost(proposal)

    assert (found.code, found.severity, found["gateway"]) == ("run.lost", Severity.BLOCK, f"{SPACE}/gw")
    assert list(no_run_has_left_its_guard(proposal)) == []


def test_the_record_of_a_run_that_has_ended_is_told_and_holds_nothing_up() -> None:
    lost = Lost(3, "edge", "ann@ops run 3 store ab", f"{SPACE}/gw", ended=True)

    (found,) = no_run_was_lost(propose(replace(world(), lost=lost), SPEC))

    assert (found.code, found.severity) == ("run.record-left", Severity.INFO)
    assert found["command"] == f"kubectl -n {SPACE} delete configmap migrator-gw-run"
    assert list(no_run_was_lost(propose(world(), SPEC))) == []


@pytest.mark.parametrize("ended", [False, True])
def test_a_damaged_record_blocks_and_what_its_run_changed_is_told_object_by_object(ended: bool) -> None:
    marked = service()
    marked["metadata"] = {**marked["metadata"], "annotations": NOTES}  # type: ignore[dict-item]
    lost = Lost(0, "", "", f"{SPACE}/gw", ended, damage=say("adopt.edited", name="migrator-gw-run"))
    proposal = propose(replace(world(plain=[marked]), lost=lost), SPEC)

    (found,) = no_run_was_lost(proposal)

    assert (found.code, found.severity, found["run"]) == ("run.record-damaged", Severity.BLOCK, None)
    assert [left.code for left in no_run_has_left_its_guard(proposal)] == ["guard.left-behind"]


def test_the_commands_name_the_cluster_that_the_plan_names() -> None:
    marked = service()
    marked["metadata"] = {**marked["metadata"], "annotations": NOTES}  # type: ignore[dict-item]
    lost = Lost(3, "edge", "ann@ops run 3 store ab", f"{SPACE}/gw", ended=True)
    spec = replace(SPEC, cluster=replace(SPEC.cluster, context="a"), second=ClusterSpec(SPEC.cluster.namespace, "b"))
    proposal = propose(replace(world(plain=[marked]), lost=lost), spec)

    (left,), (record,) = no_run_has_left_its_guard(proposal), no_run_was_lost(proposal)

    assert str(left["command"]).startswith(f"kubectl --context=a -n {SPACE} patch service gw ")
    assert record["command"] == f"kubectl --context=a -n {SPACE} delete configmap migrator-gw-run"
