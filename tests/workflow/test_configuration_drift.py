"""What a run does while gateways' configurations change: one side alone holds, both alike cost one comparison."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json
from migrator.domain.model.runs import State
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.objects import NEW
from tests.workflow.conftest import Make
from tests.workflow.test_drift import notes
from tests.workflow.test_requests import after
from tests.workflow.test_trouble import climbing, nobody_was_hurt

ROUTE = "route/http.80"
TIMEOUT: Json = {"timeout": "16s"}


def pods(harness: Harness, *sides: Side) -> list[str]:
    """Give the names of a side's pods."""
    names = list(harness.world._pods())
    return [name for name in names if (Side.NEW if name.startswith(NEW) else Side.OLD) in sides]


def pushed(harness: Harness, value: Json, *sides: Side, unit: str = ROUTE) -> None:
    """Let these sides' gateways get another unit of configuration; None takes it away again."""
    for name in pods(harness, *sides):
        units = harness.world.gateways.process(name).units
        kept = {key: present for key, present in units.items() if key != unit}
        harness.world.gateways.process(name).units = kept if value is None else {**kept, unit: value}


def during(harness: Harness, turns: int, act: Callable[[], None], then: int) -> Callable[[Progress], bool]:
    """Act after some turns, and leave some turns later."""
    looked, left, done = after(turns), after(turns + then), list[int]()

    def leaves(progress: Progress) -> bool:
        if looked(progress) and not done:
            done.append(1)
            act()
        return left(progress)

    return leaves


@pytest.mark.parametrize(
    ("side", "unit"),
    [
        pytest.param(Side.NEW, ROUTE, id="a route of the new side"),
        pytest.param(Side.OLD, "secret/kubernetes://site", id="a certificate of the old side"),
        pytest.param(Side.NEW, "listener/0.0.0.0_443", id="a listener of the new side"),
    ],
)
def test_a_configuration_that_changes_on_one_side_alone_holds_the_run_until_it_is_changed_back(
    make: Make, side: Side, unit: str
) -> None:
    harness = climbing(make)

    run = harness.process(leaves=during(harness, 8, lambda: pushed(harness, TIMEOUT, side, unit=unit), 90))

    assert run.state is State.RUNNING
    assert harness.words()[-1].startswith("drift.holds")
    assert "drift.configuration" in harness.words()[-1]
    assert unit in harness.words()[-1]
    assert "drift.held" in notes(harness)

    pushed(harness, None, side, unit=unit)

    assert harness.process().state is State.COMPLETED
    assert nobody_was_hurt(harness)


def test_a_configuration_that_changes_on_both_sides_alike_costs_one_comparison_and_holds_nothing(make: Make) -> None:
    harness = climbing(make)
    calls = harness.world.gateways.orders.calls

    harness.process(leaves=during(harness, 30, lambda: pushed(harness, TIMEOUT, *Side), 0))
    before = calls.count("parity")
    harness.process(leaves=after(40))

    assert "drift.holds" not in " ".join(harness.words())
    assert 0 < calls.count("parity") - before <= 2 * len(pods(harness, *Side))
    assert harness.process().state is State.COMPLETED


def test_a_push_that_reaches_one_side_seconds_before_the_other_holds_nothing(make: Make) -> None:
    harness = climbing(make)
    harness.process(leaves=during(harness, 8, lambda: pushed(harness, TIMEOUT, Side.NEW), 12))
    pushed(harness, TIMEOUT, Side.OLD)

    run = harness.process()

    assert run.state is State.COMPLETED
    assert "drift.holds" not in " ".join(harness.words())


def test_a_change_that_nobody_has_compared_yet_keeps_the_share_from_being_raised(make: Make) -> None:
    harness = climbing(make)

    def twice() -> None:
        pushed(harness, TIMEOUT, *Side)
        harness.world.clock.sleep(4.0)
        pushed(harness, None, *Side)

    harness.process(leaves=during(harness, 30, twice, 60))

    assert any(words.split()[0] == "drift.comparing" for words in harness.words())
    assert harness.process().state is State.COMPLETED


def test_a_process_that_goes_on_with_a_run_says_that_it_compares_first_and_not_that_anything_has_changed(
    make: Make,
) -> None:
    harness = climbing(make)
    slow = harness.world.gateways.process(pods(harness, Side.NEW)[0])
    slow.unready = (say("probe.none-yet"),)

    harness.process(leaves=after(6))
    slow.unready = ()

    said = {words.split()[0] for words in harness.words()}
    assert "drift.comparing-first" in said
    assert "drift.comparing" not in said
    assert harness.process().state is State.COMPLETED


def test_no_gateway_is_dumped_twice_within_ten_seconds(make: Make) -> None:
    harness = climbing(make)
    gateways, clock = harness.world.gateways, harness.world.clock
    dumped: list[tuple[str, float]] = []
    answering = gateways._answering

    def noted(pod: object) -> object:
        dumped.append((pod.name, clock.monotonic()))  # type: ignore[attr-defined]
        return answering(pod)  # type: ignore[arg-type]

    gateways._answering = noted  # type: ignore[method-assign, assignment]
    turns = iter(range(200))

    def churning(_progress: Progress) -> bool:
        turn = next(turns, None)
        if turn is not None and turn % 3 == 0:
            pushed(harness, {"timeout": f"{turn}s"}, *Side)
        return turn is None or turn > 120

    harness.process(leaves=churning)

    by_pod: dict[str, list[float]] = {}
    for name, moment in dumped:
        if not by_pod.get(name) or by_pod[name][-1] != moment:
            by_pod.setdefault(name, []).append(moment)
    gaps = [later - earlier for times in by_pod.values() for earlier, later in pairwise(times)]
    assert gaps
    assert min(gaps) >= 9.9
