"""No pod of either side may give its own row weight while a run decides who has it."""

from __future__ import annotations

import pytest

from migrator.domain.planning.checks import CHECKS, CHECKS_BACK
from migrator.domain.planning.checks.workloads import termination
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, codes, deployment, template, world

BESIDE = {"name": "migrator-farewell", "args": ["farewell", "--within", "20"]}
RAISES, WAITS = BESIDE, {**BESIDE, "args": ["farewell", "--follower", "http://f.example.com"]}


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        pytest.param([RAISES], {"termination.raises-itself block"}, id="by the balancer"),
        pytest.param([WAITS], set(), id="by the follower"),
        pytest.param([], set(), id="none"),
    ],
)
def test_a_container_that_raises_its_pods_row_blocks_a_run(beside: list[dict[str, object]], found: set[str]) -> None:
    made = template()
    rows = made["spec"]["containers"]  # type: ignore[index, call-overload]  # the ground's own template
    seen = world(source=deployment(template(containers=[*rows, *beside])))

    said = list(termination.nobody_raises_itself(propose(seen, SPEC)))

    assert codes(said) == found
    assert len(said) == len(found), "the old side; none of it is derived for the new one"


def test_it_is_asked_of_a_plan_back_too() -> None:
    assert termination.nobody_raises_itself in CHECKS
    assert termination.nobody_raises_itself in CHECKS_BACK
