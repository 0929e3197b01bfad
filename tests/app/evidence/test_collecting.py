"""The old gateways' last lines are kept while their removal is near, and nothing that fails costs a run anything."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from migrator.app.evidence.collecting import AGAIN, AT_THE_END, Collector, near
from migrator.app.evidence.files import MOST, folder, of_run, write
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Heading, Run
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sighting import Sighting, Workloads
from migrator.domain.steps import Step
from migrator.domain.steps.retire import Confirm, Retire
from migrator.workflow.progress import Progress
from tests.app.world import stored
from tests.fakes.clock import FakeClock
from tests.store.world import make_plan

REF = ObjectRef("apps/v1", "Deployment", "edge", "gw")
RETIRE = Retire(REF, "u", (), ())
OTHER = Confirm(Side.NEW, 1.0)
POD = Pod(PodRef("edge", "gw-1", "u-1", "10.0.0.1"), (), ready=True)


@dataclass
class Logs:
    """Gives these lines, or fails."""

    lines: str = "first\nsecond\x1b[2J\n"
    error: Exception | None = None
    asked: list[float] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)

    def last(self, pod: PodRef, seconds: float) -> str:
        self.asked.append(seconds)
        self.came.set()
        if self.error:
            raise self.error
        return self.lines


def progress(run: Run, *route: Step) -> Progress:
    seen = Sighting(Workloads(Workload(REF, pods=(POD,)), Workload(REF)))
    return Progress(run, (), None, seen, say("x"), route=route)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    with stored(tmp_path) as (store, _):
        return store.create_run(make_plan("b7", name="edge"))


def test_lines_are_kept_harmless_and_for_their_owner_alone(tmp_path: Path, run: Run) -> None:
    logs, where = Logs(), tmp_path / "evidence"
    with Collector(logs, 60.0, where, FakeClock()) as collector:
        collector.telling(lambda _: None)(progress(run, OTHER, RETIRE))
        assert logs.came.wait(30.0)

    file = where / "gw-1.log"
    assert file.read_text() == "first\nsecond\\x1b[2J\n"
    assert (file.stat().st_mode & 0o777, where.stat().st_mode & 0o777) == (0o600, 0o700)
    assert logs.asked == [60.0]


def test_a_pod_is_read_again_after_a_while_and_sooner_while_it_ends(tmp_path: Path) -> None:
    clock, logs = FakeClock(), Logs()
    collector = Collector(logs, 60.0, tmp_path / "e", clock)
    for pod, seconds in ((POD, 0.0), (POD, AT_THE_END), (replace(POD, terminating=True), 0.0), (POD, AGAIN)):
        clock.advance(seconds)
        collector.read(pod)

    assert len(logs.asked) == 3


def test_what_was_read_once_stays_when_a_later_look_fails_or_is_empty(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, logs = FakeClock(), Logs()
    collector = Collector(logs, 60.0, tmp_path, clock)
    with caplog.at_level(logging.WARNING):
        for lines, error in (
            ("kept", None),
            ("", None),
            ("x", Refused(say("cluster.refused"))),
            ("x", OSError("full")),
        ):
            logs.lines, logs.error = lines, error
            collector.read(POD)
            clock.advance(AGAIN)

    assert (tmp_path / "gw-1.log").read_text() == "kept"
    assert sum("evidence.not-kept" in record.message for record in caplog.records) == 2


@pytest.mark.parametrize(
    ("route", "heading", "expected"),
    [
        pytest.param((RETIRE,), Heading.FORWARD, True, id="it is being removed"),
        pytest.param((OTHER, OTHER, RETIRE), Heading.FORWARD, True, id="two steps stand between"),
        pytest.param((OTHER, OTHER, OTHER, RETIRE), Heading.FORWARD, False, id="it is far away"),
        pytest.param((RETIRE,), Heading.BACK, False, id="the run goes back"),
        pytest.param((OTHER,), Heading.FORWARD, False, id="nothing is removed"),
    ],
)
def test_reading_begins_when_the_removal_is_near(
    run: Run, route: tuple[Step, ...], heading: Heading, expected: bool
) -> None:
    assert near(progress(replace(run, heading=heading, cursor=0), *route)) is expected


def test_without_a_wish_for_it_nothing_is_read(tmp_path: Path, run: Run) -> None:
    logs = Logs()
    for made in (Collector(logs, 0.0, tmp_path / "e", FakeClock()), Collector(None, 60.0, tmp_path / "e", FakeClock())):
        with made as collector:
            collector.see(progress(run, RETIRE))

    assert logs.asked == []
    assert not (tmp_path / "e").exists()


def test_the_files_of_a_run_are_listed_and_bounded(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        made = store.create_run(make_plan("b7", name="edge"))
        where = folder(store, made.id)
        assert of_run(store, made.id) == ()
        for number in range(MOST):
            write(where, f"gw-{number:03}", "x")
        with pytest.raises(OSError, match="too many"):
            write(where, "gw-more", "x")
        write(where, "gw-000", "again")

        found = of_run(store, made.id)

    assert (len(found), found[0].pod, found[0].size) == (MOST, "gw-000", len("again"))
