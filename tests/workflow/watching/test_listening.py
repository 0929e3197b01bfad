"""The guard over listeners: a setting that somebody changes is told until it is changed back; who cannot say is not asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.balancers.settings import HealthCheck, Steering
from migrator.domain.drift.standing import Rests
from migrator.domain.observation.drifted import ListenerDrift
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.listening import Listening

CHECK = HealthCheck("l-1")


class Checked:
    """A balancer that says how its listeners are checked."""

    def __init__(self) -> None:
        self.checks: tuple[HealthCheck, ...] = (CHECK,)

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give what was arranged."""
        return self.checks


def found(planned: tuple[HealthCheck, ...], balancer: Checked, *then: HealthCheck) -> list[int]:
    """Look once, and once more after each change; give how many listeners were found changed each time."""
    board = Board()
    look = Listening(Rests(health=planned), balancer, board)  # type: ignore[arg-type]
    counts = []
    for check in (balancer.checks[0], *then):
        balancer.checks = (check,)
        look()
        counts += [len(facet.found) for facet in board.facets() if isinstance(facet, ListenerDrift)]
    return counts


def test_a_health_check_that_is_changed_and_changed_back_is_told_and_released() -> None:
    assert found((CHECK,), Checked(), replace(CHECK, interval=60.0), CHECK) == [0, 1, 0]


def test_with_a_plan_that_kept_no_settings_those_that_were_seen_first_count() -> None:
    assert found((), Checked(), replace(CHECK, port=1), CHECK) == [0, 1, 0]


def test_what_was_changed_before_this_process_began_is_told_by_the_plan() -> None:
    balancer = Checked()
    balancer.checks = (replace(CHECK, path="/other"),)

    assert found((CHECK,), balancer) == [1]


def test_a_driver_that_cannot_say_is_not_asked() -> None:
    board = Board()

    Listening(Rests(health=(CHECK,)), object(), board)()  # type: ignore[arg-type]

    assert board.facets() == ()


class Steered:
    """A balancer that says how its listeners choose backends, and nothing of their health checks."""

    def __init__(self, *says: Steering) -> None:
        self.says = list(says)

    def steering(self) -> tuple[Steering, ...]:
        """Give what is next."""
        return (self.says.pop(0),)


FAIR = Steering("l-1", "wrr", "0 s", "false", "900 s", "drain=off")


@pytest.mark.parametrize("field", ["scheduler", "sticky", "proxy_protocol", "idle", "switches"])
def test_how_a_listener_steers_is_told_when_it_is_changed_and_released_when_it_is_changed_back(field: str) -> None:
    other = replace(FAIR, **{field: "other"})
    board = Board()
    look = Listening(Rests(steering=(FAIR,)), Steered(FAIR, other, FAIR), board)  # type: ignore[arg-type]
    said = []
    for _ in range(3):
        look()
        found = next(facet for facet in board.facets() if isinstance(facet, ListenerDrift)).found
        said.append([change["name"] for one in found for change in one["changes"]])  # type: ignore[union-attr, index]

    assert said == [[], [field], []]


def test_what_nobody_could_read_is_no_change() -> None:
    board = Board()
    look = Listening(Rests(steering=(replace(FAIR, idle=""),)), Steered(FAIR, replace(FAIR, sticky="")), board)  # type: ignore[arg-type]
    look()
    look()

    assert next(facet for facet in board.facets() if isinstance(facet, ListenerDrift)).found == ()
