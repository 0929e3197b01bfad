"""What a person does next, once a pod was set apart, put back or ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.planning.isolating.afterwards import afterwards
from migrator.domain.steps import Confirm, Step
from migrator.domain.steps.isolating.let_go import EndPod, LetGo, PutBack
from tests.domain.planning.restarting.test_restart import made

POD = PodRef("edge", "gw-1", "uid-1", "10.1.0.1")
FIRST = Confirm(Side.NEW, 0.0)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        pytest.param(LetGo(POD, {}, (), shares_node=True, patience=1.0), "isolate.then", id="set apart"),
        pytest.param(PutBack(POD, {}, 1.0, None), "release.then", id="put back"),
        pytest.param(EndPod(POD, ()), "release.then-ended", id="ended"),
    ],
)
def test_the_next_step_names_the_pod(step: Step, code: str) -> None:
    then = afterwards(replace(made(), steps=(FIRST, step)))

    assert then is not None
    assert (then.code, then["pod"]) == (code, "gw-1")


def test_a_plan_about_no_pod_has_none() -> None:
    assert afterwards(made()) is None
