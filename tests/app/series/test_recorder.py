"""What turns see is kept beside them: no turn waits for it, fails by it, or hears of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from migrator.app.series.recorder import LONGEST_TURN, WAITING, Recorder
from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Run
from migrator.domain.observation.sighting import Clocks, Sighting
from migrator.domain.showing.series import EVERY, MOST, Sample, stretches
from migrator.store import Store
from migrator.workflow.progress import Progress
from tests.app.world import seen, stored
from tests.store.world import START, make_plan


@dataclass
class Kept:
    """A store that keeps samples in memory, fails, or hangs until it is let go."""

    error: Exception | None = None
    samples_: list[Sample] = field(default_factory=list)
    asked: int = 0
    free: threading.Event = field(default_factory=threading.Event)
    entered: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.free.set()

    def keep_sample(self, run_id: int, sample: Sample) -> None:
        self.asked += 1
        self.entered.set()
        self.free.wait(60)
        if self.error:
            raise self.error
        self.samples_.append(sample)

    def samples(self, run_id: int) -> tuple[Sample, ...]:
        return tuple(self.samples_)

    def replace_samples(self, run_id: int, found: tuple[Sample, ...]) -> None:
        self.samples_[:] = found


@pytest.fixture
def run(tmp_path: Path) -> Run:
    with stored(tmp_path) as (store, _):
        return store.create_run(make_plan())


def turn(run: Run, second: float, sighting: Sighting | None = None) -> Progress:
    looked = (sighting or seen(100, 11)).having(Clocks(START + timedelta(seconds=second), second))
    return Progress(run, (), None, looked, say("x"))


def blind(run: Run) -> Progress:
    return Progress(run, (), None, None, say("x"))


def recorder(kept: Kept) -> Recorder:
    return Recorder(cast(Store, kept), 1)


def test_a_turn_is_kept_every_few_seconds(run: Run) -> None:
    kept = Kept()
    recording = recorder(kept)
    for second in range(12):
        recording.see(turn(run, second))
        recording.write()

    assert [(each.at - START).total_seconds() for each in kept.samples_] == [0, EVERY, 2 * EVERY]
    assert [each.seconds for each in kept.samples_] == [0, EVERY, EVERY]


def test_a_time_in_which_nobody_saw_anything_is_a_gap(run: Run) -> None:
    kept = Kept()
    recording = recorder(kept)
    for each in (turn(run, 0), turn(run, 5), blind(run), turn(run, 12), turn(run, 12 + LONGEST_TURN + EVERY + 1)):
        recording.see(each)
        recording.write()

    assert [len(row) for row in stretches(kept.samples_)] == [2, 1, 1]


def test_a_turn_without_clocks_is_no_sample(run: Run) -> None:
    kept = Kept()
    recording = recorder(kept)
    recording.see(Progress(run, (), None, Sighting(), say("x")))
    recording.write()

    assert kept.samples_ == []


def test_many_samples_become_few_and_the_next_ones_lie_farther_apart(run: Run) -> None:
    kept = Kept()
    recording = recorder(kept)
    for number in range(MOST + 41):
        recording.see(turn(run, number * EVERY))
        recording.write()

    assert len(kept.samples_) < MOST * 0.6
    assert kept.samples_[-1].seconds == 2 * EVERY
    assert len(stretches(kept.samples_)) == 1


@pytest.mark.parametrize("error", [StoreError(say("store.disk-full", file="x")), ValueError("a secret")])
def test_a_sample_that_cannot_be_kept_is_said_once_and_dropped(
    run: Run, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Kept(error)
    recording = recorder(kept)
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            recording.see(turn(run, number * EVERY))
            recording.write()

    assert kept.asked == 3
    assert len(caplog.records) == 1
    assert "samples.not-kept" in caplog.text
    assert "secret" not in caplog.text


def test_a_look_that_cannot_be_read_fails_no_turn(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    broken = Progress(run, (), None, cast(Sighting, {Clocks: None}), say("x"))
    told: list[Progress] = []
    recorder(Kept()).telling(told.append)(broken)

    assert told == [broken]
    assert "samples.not-kept" in caplog.text


@contextmanager
def hanging(kept: Kept) -> Iterator[None]:
    kept.free.clear()
    try:
        yield
    finally:
        kept.free.set()


def test_a_disk_that_hangs_delays_no_turn_and_costs_the_samples_of_that_time(run: Run) -> None:
    kept = Kept()
    told: list[Progress] = []
    turns = [turn(run, number * EVERY) for number in range(WAITING + 4)]
    with recorder(kept) as recording, hanging(kept):
        tell = recording.telling(told.append)
        tell(turns[0])
        assert kept.entered.wait(60)
        for each in turns[1:]:
            tell(each)

        assert told == turns
        assert kept.samples_ == []

    assert [(each.at - START).total_seconds() / EVERY for each in kept.samples_] == [0, 4, 5, 6, 7]


def test_a_run_that_was_carried_out_has_samples_in_its_store(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        run = store.create_run(make_plan())
        with Recorder(store, run.id) as recording:
            recording.telling(lambda _: None)(turn(run, 0))

        (found,) = store.samples(run.id)
    assert found.seconds == 0
