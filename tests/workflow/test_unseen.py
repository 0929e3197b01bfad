"""Blind times of a step are kept apart from its deadlines, each time once, on the way forward."""

from __future__ import annotations

from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.observation.sighting import Clocks, JournalFacts, Stale, Workloads
from migrator.workflow.unseen import Unseen
from tests.domain.seen import START, at, seen

STALE = Stale(((Workloads, verbatim("no answer")),))


def run(cursor: int = 0, heading: Heading = Heading.FORWARD) -> Run:
    return Run(1, "p", "edge", State.RUNNING, heading, cursor, START, START)


def times(unseen: Unseen, second: float, *facets: object, of: Run | None = None) -> tuple[object, ...]:
    found = unseen.take(of or run(), seen(Clocks(at(second), second), *facets))
    return found[JournalFacts].unseen


def test_what_lies_between_two_looks_that_saw_not_all_is_one_time() -> None:
    unseen = Unseen()

    assert times(unseen, 1) == ()
    assert times(unseen, 2, STALE) == ((at(1), at(2)),)
    assert times(unseen, 3, STALE) == ((at(1), at(3)),)
    assert times(unseen, 4) == ((at(1), at(3)),)
    unseen.nothing(run(), at(6))
    assert times(unseen, 7) == ((at(1), at(3)), (at(4), at(6)))


def test_a_new_step_begins_with_none_and_the_way_back_has_none() -> None:
    unseen = Unseen()
    unseen.nothing(run(), at(0))
    times(unseen, 1, STALE)

    assert times(unseen, 2, of=run(1)) == ()
    assert times(unseen, 3, STALE, of=run(1, Heading.BACK)) == ()
