"""What stories about what cannot be seen have in common: half of the traffic, a while of looking on, and the story's end."""

import subprocess
import time
from dataclasses import dataclass

from migrator.domain.model.runs import Heading, Run, State
from migrator.lab.demo.loading import Load
from tests.scenarios.ground import Ground, stays
from tests.scenarios.operator import Json, Operator

SETTLES = 2.0
"""Seconds until whoever looks has noticed."""


def half_way(stage: Ground, operator: Operator, within: float = 90.0) -> None:
    """Wait until the run is at half of the traffic."""
    operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50, within)


@dataclass(frozen=True, slots=True)
class Held:
    """What was seen for a while in which nothing should move: the shares, the run, and what `status` says of it."""

    shares: set[float]
    run: Run
    status: Json

    def assert_at_half(self) -> None:
        """The run goes on forward, keeps its share, and names the trouble."""
        assert self.shares == {50.0}
        assert (self.run.state, self.run.heading) == (State.RUNNING, Heading.FORWARD)
        assert self.status["troubles"], self.status


def looked_on(stage: Ground, operator: Operator, seconds: float) -> Held:
    """Look on for so long, once whatever was done has been noticed."""
    time.sleep(SETTLES)
    return Held(stays(stage.share, seconds), operator.found(), operator.status())


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended, what the store says of its run, what was said last, and what the clients came to."""

    code: int
    state: str
    said: str
    summary: Json

    def assert_completed(self) -> None:
        assert (self.code, self.state) == (0, "completed"), self.said
        self.assert_nothing_lost()

    def assert_gone_back(self) -> None:
        assert (self.code, self.state) == (4, "rolled-back"), self.said
        self.assert_nothing_lost()

    def assert_nothing_lost(self) -> None:
        assert_nothing_lost(self.summary)


def ending(operator: Operator, load: Load, running: "subprocess.Popen[bytes]", within: float = 150.0) -> Ending:
    """Wait for the end of a process and of the clients."""
    code = operator.ends(running, within)
    summary = load.end()
    return Ending(code, operator.report()["state"], operator.said()[-3000:], summary)


def assert_nothing_lost(summary: Json) -> None:
    """Every request of the clients was answered, and none with an error."""
    totals = summary["totals"]
    print(f"\n  {totals['sent']} sent, {totals['lost']} lost, {totals['bad']} bad", end="")  # with -s
    assert (totals["lost"], totals["bad"]) == (0, 0), summary["marks"]
