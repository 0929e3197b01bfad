"""Who looks after the nodes once the run is over, as the plan says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.spec import After
from migrator.domain.planning.checks.nodes import after
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, codes, world

AFTER = [
    pytest.param(None, {"after.unsaid block"}, id="nothing said"),
    pytest.param(After.MANUAL, {"after.manual info"}, id="people"),
    pytest.param(After.CONTROLLER, set(), id="a controller"),
    pytest.param(After.MIGRATOR, {"after.migrator warn"}, id="migrator, which has to be kept running"),
]


@pytest.mark.parametrize(("given", "found"), AFTER)
def test_the_plan_must_say_who_looks_after_the_nodes(given: After | None, found: set[str]) -> None:
    assert codes(after.nodes_are_looked_after(propose(world(), replace(SPEC, after=given)))) == found
    relies = given is After.CONTROLLER
    assert codes(after.after_is_possible(propose(world(), replace(SPEC, after=given)))) == (
        {"ownership.after-controller info"} if relies else set()
    )


def test_two_do_not_look_after_the_same_nodes() -> None:
    """Where the cloud's controller registers the pods by itself, a follower would fight it."""
    controlled = replace(world(), capabilities=replace(world().capabilities, controlled=True))

    assert codes(after.nodes_are_looked_after(propose(controlled, replace(SPEC, after=After.MIGRATOR)))) == {
        "after.controlled block"
    }
