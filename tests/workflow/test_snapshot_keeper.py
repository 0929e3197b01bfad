"""What a process saw last is kept for others: at once when weights change, now and then, and when it leaves."""

from __future__ import annotations

from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.balancer import Pools
from migrator.domain.model.decisions import Done, Wait
from migrator.domain.model.runs import State
from migrator.domain.model.samples import Answers, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec
from migrator.domain.observation.sighting import Clocks, Judgement, Objects, Sighting, Stale, Witnessed, Workloads
from migrator.domain.observation.snapshot import Snapshot
from migrator.workflow.snapshot_keeper import EVERY, SnapshotKeeper
from migrator.workflow.soak_accounting import Account
from tests.domain.seen import at, pools, seen
from tests.workflow.conftest import Make

VERDICT = Verdict(Ruling.PASS, verbatim("new 0 of 9 bad"), "gateway counters")
SILENT = verbatim("connection refused")


class Book:
    """A journal that keeps what it is told of looks."""

    def __init__(self) -> None:
        self.looks: list[tuple[Snapshot, bool]] = []

    def looked(self, look: Snapshot, leaves: bool = False) -> None:
        """Keep it."""
        self.looks.append((look, leaves))


def sighting(second: float, found: Pools, *more: object) -> Sighting:
    facets = (
        found,
        Clocks(at(second), second),
        Judgement(None, second=Answers(3, 1, 0)),
        Witnessed(7, 5, 1, 1),
        Stale(),
    )
    return seen(*{type(facet): facet for facet in (*facets, *more)}.values())


def taken(*sightings: Sighting, verdict: bool = False) -> list[tuple[Snapshot, bool]]:
    book = Book()
    account = Account(JudgeSpec(), book)  # type: ignore[arg-type]
    account.newest = (VERDICT, at(1)) if verdict else None
    keeper = SnapshotKeeper(book)  # type: ignore[arg-type]
    keeper.begin()
    for found in sightings:
        keeper.take(found, account)
    keeper.leave()
    return book.looks


def test_a_process_that_sees_nothing_says_that_it_began_and_left() -> None:
    assert taken() == [(Snapshot(), False), (Snapshot(), True)]


def test_a_look_holds_what_was_seen_and_counted_and_when() -> None:
    look, _ = taken(sighting(5, pools(100, 100)), verdict=True)[-1]

    assert (look.at, look.share, len(look.weights)) == (at(5), 50.0, 4)
    assert (look.verdict, look.ruled_at) == (VERDICT, at(1))
    assert (look.witness.tries, look.second.answered, look.second.last_at) == (7, 3, 0.0)


def test_the_same_weights_are_kept_now_and_then_and_others_at_once() -> None:
    same = [sighting(second, pools()) for second in (1, 2, 3, 1 + EVERY)]
    other = sighting(2 + EVERY, pools(100, 50))

    assert [look.at for look, _ in taken(*same, other)] == [None, at(1), at(1 + EVERY), at(2 + EVERY), at(2 + EVERY)]


def test_a_look_holds_that_the_second_opinion_is_missing() -> None:
    book, missing = Book(), say("prometheus.quiet", quiet=46.0, why=SILENT)
    account = Account(JudgeSpec(), book)  # type: ignore[arg-type]
    account.unheard = (missing,)
    SnapshotKeeper(book).take(sighting(1, pools()), account)  # type: ignore[arg-type]

    (look, _) = book.looks[-1]
    assert (look.troubles, look.noted) == ((missing,), ())


def test_a_trouble_whose_age_grows_is_not_kept_at_every_turn() -> None:
    blind = [
        sighting(second, pools(), Stale(((Objects, say("drift.blind", blind=float(second))),))) for second in (1, 2, 3)
    ]

    assert [look.at for look, _ in taken(*blind)] == [None, at(1), at(3)]


def test_a_balancer_that_is_silent_was_seen_before_and_not_now() -> None:
    silent = sighting(60, pools(100, 50), Stale(((Pools, SILENT),)))
    look, _ = taken(sighting(1, pools()), silent)[-1]

    assert (look.at, look.share) == (at(1), 0.0)
    assert look.troubles == (SILENT,)


def test_what_answers_again_is_no_trouble_any_more() -> None:
    silent = sighting(2, pools(), Stale(((Workloads, SILENT), (Objects, SILENT))))
    looks = [look.troubles for look, _ in taken(silent, sighting(3, pools()))]

    assert looks == [(), (SILENT,), (), ()]


def test_what_a_run_leaves_behind_is_what_the_balancer_showed(make: Make) -> None:
    harness = make()
    run = harness.process()
    with harness.store() as store:
        stints = store.process_records(run.id)

    assert run.state is State.COMPLETED
    assert [(stint.holder, stint.left_at is not None) for stint in stints] == [("process 1", True)]
    assert stints[0].look.share == 100.0
    assert stints[0].look.verdict is not None


def test_what_a_turn_decides_is_kept_when_it_changes_and_not_for_each_number_in_it() -> None:
    book = Book()
    keeper = SnapshotKeeper(book)  # type: ignore[arg-type]
    words = [say("soak.going-on", share=1.0, soaked=float(second), soak=60.0, judge="") for second in range(3)]
    for second, said in enumerate(words):
        keeper.decided(Wait(said, 60.0 - second), said, at(second), ended=False)
    kept = len(book.looks)
    endless = keeper.decided(Wait(SILENT, 1e9), SILENT, at(4), ended=False)
    done = keeper.decided(Done(), say("step.done"), at(5), ended=True)

    assert kept == 1
    assert book.looks[0][0].until == at(60)
    assert (endless.says, endless.until, len(book.looks)) == (SILENT, None, 2)
    assert (done.says, done.until) == (say("step.done"), None)
