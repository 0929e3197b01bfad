"""A plan asks a balancer again that failed at once, and one that was silent for its whole time not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from migrator.adapters.bounded import repeating
from migrator.app.plan.looking import balancer as balancer_look
from migrator.domain.balancers.monitoring import MonitoringLook, Reported
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.spec import JudgeSpec, OtherSpec


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


class Watched:
    """A balancer whose cloud's monitoring gives figures, or none."""

    def __init__(self, error: Unreachable | Refused | None = None) -> None:
        self.error = error

    def reported(self) -> tuple[Reported, ...]:
        if self.error is not None:
            raise self.error
        return (Reported("edge", None, 0.0, 60.0, asked=1),)


SILENT, DENIED = Unreachable(verbatim("500")), Refused(verbatim("403"))
JUDGED = SimpleNamespace(judge=JudgeSpec(others=(OtherSpec("balancer", balancer=True),)))


@pytest.mark.parametrize(
    ("balancer", "spec", "found"),
    [
        pytest.param(Watched(), JUDGED, MonitoringLook(1), id="read"),
        pytest.param(Watched(SILENT), JUDGED, MonitoringLook(0, SILENT.message), id="silent"),
        pytest.param(Watched(DENIED), JUDGED, MonitoringLook(0, DENIED.message, refused=True), id="refused"),
        pytest.param(Watched(), SimpleNamespace(judge=JudgeSpec()), None, id="no judge"),
        pytest.param(Flaky(0), JUDGED, None, id="counts itself"),
    ],
)
def test_a_clouds_monitoring_is_read_where_it_is_a_judge(
    balancer: Any, spec: Any, found: MonitoringLook | None
) -> None:
    assert balancer_look.monitoring(balancer, spec) == found
