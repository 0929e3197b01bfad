"""What earlier processes of a run have asked of both sides: a bound that one run keeps over all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from migrator.app.run.execution import asked_before
from migrator.domain.model.answers import AnswersSpec
from migrator.domain.observation.snapshot import Snapshot
from migrator.store.values import ProcessRecord
from tests.fakes.world import SPEC

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LEFT = ProcessRecord(1, 1, "ann@ops", NOW, NOW, NOW, Snapshot(asked=40))
KILLED = replace(LEFT, left_at=None)


def test_a_process_that_left_counts_as_it_told_and_a_killed_one_as_two_seconds_more() -> None:
    spec = replace(SPEC, answers=AnswersSpec(rate=5.0))

    assert asked_before(spec, (LEFT, KILLED)) == 40 + (40 + 10)


def test_a_run_that_asks_nothing_has_asked_nothing() -> None:
    assert asked_before(replace(SPEC, answers=None), (KILLED,)) == 0


def test_kills_alone_do_not_use_up_the_bound_even_at_the_labs_rate() -> None:
    """Killed eight times on its way: more than half of its bound was charged, and Retire had nothing left to ask with."""
    fast = AnswersSpec(rate=50.0)

    assert asked_before(replace(SPEC, answers=fast), (replace(KILLED, look=Snapshot()),) * 8) < fast.most / 2
