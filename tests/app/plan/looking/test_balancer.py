"""A plan asks a balancer again that failed at once, and one that was silent for its whole time not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from migrator.adapters.bounded import repeating
from migrator.app.plan.looking import balancer as balancer_look
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import verbatim


class Flaky:
    """Answers after so many failures."""

    def __init__(self, failures: int, error: type[Unreachable | Refused] = Unreachable, takes: float = 0.0) -> None:
        self.left, self.error, self.takes, self.asked = failures, error, takes, 0

    def targets(self) -> tuple[()]:
        self.asked += 1
        CLOCK.monotonic += self.takes
        if self.left:
            self.left -= 1
            raise self.error(verbatim("500"))
        return ()


class Monotonic:
    monotonic = 0.0


CLOCK = Monotonic()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time pass by the test's own hand."""
    CLOCK.monotonic = 0.0
    monkeypatch.setattr("migrator.adapters.bounded.deadline.monotonic", lambda: CLOCK.monotonic)
    slept = SimpleNamespace(sleep=lambda seconds: setattr(CLOCK, "monotonic", CLOCK.monotonic + seconds))
    monkeypatch.setattr(repeating, "time", slept)


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_a_balancer_that_failed_at_once_is_asked_again(failures: int) -> None:
    balancer = Flaky(failures)

    assert balancer_look.targets(balancer) == ()  # type: ignore[arg-type]  # it has what is asked here
    assert balancer.asked == failures + 1


def test_one_that_never_answers_is_told_as_it_is() -> None:
    balancer = Flaky(99)

    with pytest.raises(Unreachable):
        balancer_look.targets(balancer)  # type: ignore[arg-type]  # it has what is asked here
    assert 1 < balancer.asked <= repeating.MOST + 1


@pytest.mark.parametrize(
    ("error", "takes"),
    [pytest.param(Unreachable, 9.0, id="silent for its whole time"), pytest.param(Refused, 0.0, id="a refusal")],
)
def test_what_asking_again_would_not_change_is_not_asked_again(
    error: type[Unreachable | Refused], takes: float
) -> None:
    balancer = Flaky(1, error, takes)

    with pytest.raises(error):
        balancer_look.targets(balancer)  # type: ignore[arg-type]  # it has what is asked here
    assert balancer.asked == 1
