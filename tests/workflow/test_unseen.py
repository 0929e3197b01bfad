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


def test_what_nobody_could_look_at_is_known_on_the_way_back_too() -> None:
    unseen, back = Unseen(), run(1, Heading.BACK)
    unseen.nothing(back, at(0))

    found = unseen.take(back, seen(Clocks(at(2), 2), STALE))[JournalFacts]

    assert (found.unseen, found.dark) == ((), ((at(0), at(2)),))


def test_a_shut_gate_counts_from_the_look_before_and_where_there_was_none_from_the_step_s_beginning() -> None:
    unseen, begun = Unseen(), JournalFacts(entered_at=at(1))

    first = unseen.take(run(), seen(Clocks(at(50), 50), begun), shut=True)
    second = unseen.take(run(), seen(Clocks(at(60), 60), begun), shut=True)
    third = unseen.take(run(), seen(Clocks(at(70), 70), begun))

    assert first[JournalFacts].unseen == ((at(1), at(50)),)
    assert second[JournalFacts].unseen == third[JournalFacts].unseen == ((at(1), at(60)),)


def test_a_gate_that_is_shut_before_the_step_is_in_the_journal_counts_nothing() -> None:
    found = Unseen().take(run(), seen(Clocks(at(50), 50), JournalFacts()), shut=True)

    assert found[JournalFacts].unseen == ()


def test_while_nobody_has_looked_at_the_gates_it_is_open_since_when_they_are_shut() -> None:
    unseen, begun = Unseen(), JournalFacts(entered_at=at(1))

    unseen.take(run(), seen(Clocks(at(50), 50), begun), shut=None)
    found = unseen.take(run(), seen(Clocks(at(51), 51), begun), shut=True)
    later = Unseen()
    later.take(run(), seen(Clocks(at(50), 50), begun), shut=None)
    never = later.take(run(), seen(Clocks(at(51), 51), begun), shut=False)

    assert found[JournalFacts].unseen == ((at(1), at(51)),)
    assert never[JournalFacts].unseen == ()
