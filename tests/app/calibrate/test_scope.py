"""Which weights a calibration may move, and which never."""

from __future__ import annotations

import pytest

from migrator.app.calibrate.scope import one_unit, own_listener
from migrator.domain.balancers.calibration import Way
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.spec import ListenerSpec
from tests.fakes.world import SPEC
from tests.words import refused

OURS = SPEC.balancer.listeners[0].id
TEST = ListenerSpec("a listener of its own", 9000)
NAMED = (("192.0.2.1", 80), ("192.0.2.2", 80))


def target(listener: str, at: int, weight: int, health: Health = Health.HEALTHY) -> Target:
    return Target(Backend(listener, f"192.0.2.{at}", 80), weight, health)


def test_the_heavier_test_backend_goes_first_and_its_weight_is_given_to_both() -> None:
    ground = own_listener(SPEC, TEST, NAMED, [target(TEST.id, 1, 5), target(TEST.id, 2, 20), target(OURS, 3, 100)])

    assert [backend.address for backend in ground.test] == ["192.0.2.2", "192.0.2.1"]
    assert (ground.way, ground.weight, ground.part) == (Way.OWN_LISTENER, 20, 0.5)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param([(1, 5, Health.HEALTHY)], "calibrate.not-two-backends", id="one backend"),
        pytest.param([(1, 0, Health.HEALTHY), (2, 0, Health.HEALTHY)], "calibrate.no-weight", id="no weight"),
        pytest.param([(1, 5, Health.HEALTHY), (2, 5, Health.UNHEALTHY)], "calibrate.not-healthy", id="a sick one"),
        pytest.param(
            [(1, 5, Health.HEALTHY), (2, 5, Health.PENDING)], "calibrate.not-healthy", id="one that is not checked yet"
        ),
        pytest.param(
            [(1, 5, Health.HEALTHY), (2, 5, Health.HEALTHY), (3, 1, Health.HEALTHY)],
            "calibrate.others-have-weight",
            id="a third",
        ),
    ],
)
def test_a_listener_that_is_not_wholly_a_test_is_refused(rows: list[tuple[int, int, Health]], code: str) -> None:
    with refused(UsageError, code):
        own_listener(SPEC, TEST, NAMED, [target(TEST.id, *row) for row in rows])


def test_a_listener_of_the_plan_is_never_flipped() -> None:
    with refused(UsageError, "calibrate.listener-of-plan", listener=OURS):
        own_listener(SPEC, SPEC.balancer.listeners[0], NAMED, [target(OURS, 1, 5), target(OURS, 2, 5)])


def test_one_unit_of_the_first_idle_backend_that_answers() -> None:
    rows = [target(OURS, 1, 299), target(OURS, 2, 0), target(OURS, 3, 0), target(OURS, 4, 0, Health.UNHEALTHY)]
    ground = one_unit(SPEC, rows, lambda backend: "says 503" if backend.address.endswith("2") else "")

    assert [backend.address for backend in ground.test] == ["192.0.2.3"]
    assert (ground.way, ground.weight) == (Way.ONE_UNIT, 1)
    assert ground.part == pytest.approx(1 / 300)


def test_an_idle_backend_that_does_not_answer_gets_no_user() -> None:
    rows = [target(OURS, 1, 10), target(OURS, 2, 0), target(OURS, 3, 0, Health.UNHEALTHY)]

    first, second = str(rows[1].backend), str(rows[2].backend)
    why = (
        say("calibrate.does-not-answer", backend=first, why="says 503"),
        say("calibrate.called", backend=second, health="unhealthy"),
    )
    with refused(UsageError, "calibrate.no-idle-backend", why=why):
        one_unit(SPEC, rows, lambda backend: "says 503")


def test_a_listener_that_carries_nothing_is_left_alone() -> None:
    with refused(UsageError, "calibrate.no-idle-backend", why=()):
        one_unit(SPEC, [target(OURS, 1, 0), target(OURS, 2, 0)], lambda backend: "")
