"""The last steps of a run end only when what they mean is so, however long the run rested at them before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import RequestKind, State
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.upheaval import end, old_pods, scale, truthful
from tests.fakes.world import FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, at, resting

LONG = 300.0
"""Seconds: longer than any patience of the last steps."""

SILENCE = 130.0
"""Seconds: longer than the patience with pods that end."""

BACK = ("Remove new", "Confirm old")


def world() -> FakeWorld:
    return truthful(FakeWorld(listeners=("l-1",), nodes=2, replicas=3))


def rested_long(make: Make, step: str) -> Harness:
    """Give a run that was paused at a step for long, and is to go on."""
    harness = make(world(), AUTO)
    if step in BACK:
        harness.process(leaves=at("Drain old"))
        harness.ask(RequestKind.ROLLBACK)
    harness.process(leaves=at(step))
    harness.ask(RequestKind.PAUSE)
    harness.process(leaves=resting(State.PAUSED))
    harness.world.clock.advance(LONG)
    harness.ask(RequestKind.RESUME)
    return harness


def pods(harness: Harness, workload: str) -> list[str]:
    every = sorted(ref.name for ref in harness.world.cluster.objects if ref.kind == "Pod")
    return [name for name in every if name.startswith(workload)]


@pytest.mark.parametrize(
    ("step", "going", "ends"),
    [
        pytest.param("Remove new", "gw-ds", State.ROLLED_BACK, id="what was made for the run"),
        pytest.param("Retire", "gw-abc", State.COMPLETED, id="the old side"),
    ],
)
def test_a_run_that_rested_long_before_it_deletes_a_workload_waits_for_its_pods(
    make: Make, step: str, going: str, ends: State
) -> None:
    harness = rested_long(make, step)

    run = harness.process()

    assert run.state is ends
    assert pods(harness, going) == []
    assert not any(words.startswith("object.gone-late") for words in harness.words())


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(lambda world: end(world, 1), id="one was replaced"),
        pytest.param(lambda world: scale(world, 4), id="one was added"),
    ],
)
def test_a_way_back_that_rested_long_at_its_end_waits_for_an_old_pod_that_has_just_come(
    make: Make, event: Callable[[FakeWorld], None]
) -> None:
    harness = rested_long(make, "Confirm old")
    event(harness.world)

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert {backend.address: weight for backend, weight in harness.world.weights.items() if weight} == {
        str(pod["status"]["podIP"]): 100  # type: ignore[index, call-overload]
        for pod in old_pods(harness.world)
        if "deletionTimestamp" not in pod["metadata"]  # type: ignore[operator]
    }


@pytest.mark.parametrize(
    ("step", "going", "ends"),
    [
        pytest.param("Remove new", "gw-ds", State.ROLLED_BACK, id="what was made for the run"),
        pytest.param("Retire", "gw-abc", State.COMPLETED, id="the old side"),
    ],
)
def test_pods_of_a_deleted_workload_are_not_called_late_for_a_time_in_which_nobody_could_look(
    make: Make, step: str, going: str, ends: State
) -> None:
    harness = rested_long(make, step)
    cluster, clock = harness.world.cluster, harness.world.clock
    phases, silent = ["whole"], Unreachable(verbatim("no answer"))
    cluster.gone_after = SILENCE + 30.0

    def leaves(_progress: Progress) -> bool:
        if phases[-1] == "whole" and "delete" in cluster.orders.calls:
            cluster.orders.fail(
                "delete", silent, after=True
            )  # that of the last object: what is written later begins anew
            phases.append("unanswered")
        elif phases[-1] == "unanswered" and not cluster.orders.waiting:
            cluster.orders.lasting(silent)
            phases.append("silent")
        elif phases[-1] == "silent":
            clock.advance(SILENCE)
            phases.append("still silent")
        elif phases[-1] == "still silent":
            cluster.orders.forgive()
            phases.append("answering")
        return False

    run = harness.process(leaves=leaves)

    assert run.state is ends
    assert pods(harness, going) == []
    assert not any(words.startswith("object.gone-late") for words in harness.words())
    assert phases[-1] == "answering"
