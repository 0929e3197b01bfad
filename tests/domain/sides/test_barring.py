"""The label by which a DaemonSet is kept off a node: its name, what obeys it, and whose turn has not come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.drift.contested import patch_name
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.decisions import Do
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.refs import target_ref
from migrator.domain.observation.sighting import JournalFacts, Patched, Sighting, Stale, Workloads
from migrator.domain.sides.turns.barring import (
    bar,
    bar_of,
    barring,
    bars,
    is_barred,
    letting_on,
    node_ref,
    obeys,
    waits,
)
from migrator.domain.turn.rules import keep_the_early_out
from tests.domain.chain import SHIFT
from tests.domain.seen import NEW, NEW_REF, pools, seen
from tests.fakes.world import SPEC

NODE: Manifest = {"metadata": {"name": "n-1", "uid": "u-1", "labels": {}}}


def past(*, let_on: bool = False) -> JournalFacts:
    """Give what the journal says of a node that was labelled, and let the workload on since or not."""
    patches = [barring(NEW_REF), *([letting_on(NEW_REF)] if let_on else [])]
    return JournalFacts(patches={node_ref("n-1"): {patch_name(patch): Patched(1) for patch in patches}})


def test_each_workload_has_a_label_of_its_own_that_the_api_takes() -> None:
    long = replace(NEW_REF, name="x" * 200)
    names = {
        bar_of(NEW_REF),
        bar_of(replace(NEW_REF, namespace="other")),
        bar_of(long),
        bar_of(replace(long, name="y" * 90)),
    }

    assert len(names) == 4
    assert all(len(name.removeprefix("migrator.dev/")) <= 63 for name in names)


def test_the_change_of_a_node_is_undone_by_what_its_turn_does() -> None:
    change = bar(NODE, NEW_REF)

    assert (change.ref, change.uid, change.patch) == (node_ref("n-1"), "u-1", barring(NEW_REF))
    assert change.undo == change.after == letting_on(NEW_REF)
    assert bars(change.patch, NEW_REF)
    assert not bars(change.undo, NEW_REF)


def test_a_node_is_barred_while_it_has_the_label() -> None:
    labelled: Manifest = {"metadata": {"labels": {bar_of(NEW_REF): "true"}}}

    assert [is_barred(each, NEW_REF) for each in (labelled, NODE, None)] == [True, False, False]


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        pytest.param(
            [{"matchExpressions": [{"key": bar_of(NEW_REF), "operator": "DoesNotExist"}]}], True, id="it does"
        ),
        pytest.param(
            [{"matchExpressions": [{"key": bar_of(NEW_REF)}]}, {"matchExpressions": [{"key": "pool"}]}],
            False,
            id="one way in is open",
        ),
        pytest.param([], False, id="it asks for nothing"),
    ],
)
def test_a_template_obeys_where_every_term_asks_for_it(terms: Json, found: bool) -> None:
    required: Json = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    workload: Json = {"spec": {"template": {"spec": {"affinity": {"nodeAffinity": required}}}}}

    assert obeys(workload, NEW_REF) is found


def test_a_node_waits_from_its_label_until_its_turn() -> None:
    assert waits(past(), "n-1", NEW_REF)
    assert not waits(past(let_on=True), "n-1", NEW_REF)
    assert not waits(past(), "n-2", NEW_REF)


TARGET = target_ref(SPEC)


def early(weight: int = 100, barred: bool = True) -> Sighting:
    """Give a sighting of a new pod on a node that was labelled for it (or was not), with that weight there."""
    sighting = seen(pools(old=100, new=weight))
    patches = {node_ref("n-1"): {patch_name(barring(TARGET)): Patched(1)}} if barred else {}
    return sighting.having(replace(sighting[JournalFacts], patches=patches))


def test_nobody_is_sent_to_a_gateway_that_came_before_its_nodes_turn() -> None:
    found = keep_the_early_out(SPEC, SHIFT, early())

    assert isinstance(found, Do)
    assert isinstance(found.action, SetWeights)
    assert {row.backend.address for row in found.action.rows} == {NEW[0].address}
    assert {row.weight for row in found.action.rows} == {0}
    assert found.why.code == "swap.early"


@pytest.mark.parametrize(
    "sighting",
    [
        pytest.param(early(barred=False), id="its turn has come"),
        pytest.param(early(weight=0), id="nobody is sent there"),
        pytest.param(early().having(Stale(((Workloads, verbatim("silent")),))), id="nobody sees the pods"),
    ],
)
def test_else_the_early_rule_says_nothing(sighting: Sighting) -> None:
    assert keep_the_early_out(SPEC, SHIFT, sighting) is None
