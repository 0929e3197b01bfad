"""A report tells what interrupted a run, adds up what every process counted, and gives each step its own outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from migrator.app.inspect.interruptions import Interruption, rested
from migrator.app.inspect.report import report
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Answers, Rate, Ruling, Verdict
from migrator.domain.observation.sighting import Witnessed
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.plan import Plan
from migrator.store import Store
from tests.app.world import HOLDER, stored
from tests.store.world import START, FakeClock, make_plan
from tests.words import text

LUNCH = say("request.by", request="pause", by="ann", note="lunch")
ODD = verbatim("ann asked: odd")
EARLY = Verdict(Ruling.PASS, verbatim("new 0 of 98 bad"), "gateway counters")
LATE = replace(EARLY, reason=verbatim("new 0 of 1253 bad"), new=Rate(1253, 0))


def killed(store: Store, clock: FakeClock, plan: Plan) -> Run:
    """Give a run whose first process died 10 s in; a second took it over 35 s later, was paused 130 s, and turned back."""
    run = store.create_run(plan)
    lease = store.acquire(run.id, HOLDER)
    journal = store.journal(run.id, lease)
    run = journal.move(run, state=State.RUNNING)
    journal.looked(Snapshot())
    clock.sleep(10)
    journal.verdict(EARLY)
    tally = Witnessed(554, 300, 253, 0, last_error="reset")
    journal.looked(Snapshot(clock.now(), 50.0, (), EARLY, clock.now(), tally, Answers(3, 1, 0, 0.0)))
    lease._lock.drop()  # what the kernel does for a process that is gone
    clock.sleep(35)
    lease = store.acquire(run.id, "eve@ops pid 2")
    journal = store.journal(run.id, lease)
    journal.looked(Snapshot())
    run = journal.move(run, state=State.PAUSED, why=LUNCH)
    clock.sleep(130)
    run = journal.move(run, state=State.RUNNING, why=verbatim("resume by ann"))
    clock.sleep(5)
    tally = Witnessed(370, 3, 366, 1)
    look = Snapshot(clock.now(), 50.0, (), LATE, clock.now(), tally, Answers(2, 0, 2, 0.0, verbatim("down")))
    run = journal.move(run, state=State.RUNNING, heading=Heading.BACK, cursor=0, why=ODD, note=ODD, route=plan.steps)
    journal.looked(look, leaves=True)
    lease.release()
    return run


def test_a_kill_a_takeover_and_a_pause_are_listed_with_their_times(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        found = report(store, killed(store, clock, make_plan("d1")))

    assert [(each.what, each.why) for each in found.interruptions] == [
        ("died", say("stint.died", holder=HOLDER, successor="eve@ops pid 2")),
        ("paused", LUNCH),
        ("left", say("stint.left-alone", holder="eve@ops pid 2")),
    ]
    lengths = [each.until and (each.until - each.since).total_seconds() for each in found.interruptions]
    assert lengths == [35.0, 130.0, None]


def test_a_steps_time_says_how_much_of_it_was_rest_and_its_outcome_is_its_own(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        found = report(store, killed(store, clock, make_plan("d2")))
    first = found.steps[0]

    assert (first.seconds(found.run.updated_at), first.rested) == (180.0, 165.0)
    assert first.note == say("step.not-finished")


def test_what_was_counted_is_added_up_over_the_processes_and_the_parts_make_up_the_whole(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        found = report(store, killed(store, clock, make_plan("d3")))
    tally = found.witness

    assert (tally["tries"], tally["old"], tally["new"], tally["failed"], tally["neither"]) == (924, 303, 619, 1, 1)
    assert tally["last_error"] == "reset"
    assert found.prometheus == {"answered": 5, "empty": 1, "silent": 2, "why": verbatim("down")}


def test_the_judges_last_word_is_the_newest_and_says_since_when(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        found = report(store, killed(store, clock, make_plan("d4"))).judge

    assert found is not None
    assert (text(found.reason), (found.at - found.since).total_seconds()) == ("new 0 of 1253 bad", 170.0)


def test_a_judge_that_has_changed_its_mind_since_it_was_written_down_says_so_of_now_alone(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = store.create_run(make_plan("d5"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        journal.verdict(replace(EARLY, ruling=Ruling.HOLD))
        only_changes = report(store, run).judge
        clock.sleep(9)
        journal.looked(Snapshot(clock.now(), 1.0, (), LATE, clock.now()), leaves=True)
        newest = report(store, run).judge
        lease.release()

    assert only_changes is not None
    assert newest is not None
    assert (only_changes.ruling, newest.ruling, newest.since == newest.at) == ("hold", "pass", True)


def test_rest_that_overlaps_counts_once_and_rest_outside_the_step_not_at_all() -> None:
    def after(seconds: float) -> timedelta:
        return timedelta(seconds=seconds)

    rests = [
        Interruption("paused", START + after(10), START + after(30), ""),
        Interruption("died", START + after(20), START + after(40), ""),
        Interruption("left", START + after(200), None, ""),
    ]

    assert rested(START, START + after(100), rests) == 30.0
    assert rested(START + after(150), START + after(250), rests) == 50.0


def test_a_freeze_and_what_was_set_are_in_the_report(tmp_path: Path) -> None:
    frozen, other = say("gate.frozen", by="ann", at="now"), say("gate.frozen", by="ben", at="now")
    with stored(tmp_path) as (store, clock):
        run = store.create_run(make_plan("f1"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        run = journal.move(run, state=State.RUNNING)
        for about, note in (("nodes", frozen), ("gates", frozen), ("gates", say("nodes.over", trouble=frozen))):
            clock.sleep(10)
            journal.note(about, note)
        journal.note("gates", say("nodes.over", trouble=frozen))
        journal.note("gates", other)
        journal.put("soak", 60.0, "ann@ops")
        going = report(store, store.run(run.id))
        journal.move(run, state=State.COMPLETED)
        lease.release()
        ended = report(store, store.run(run.id))

    rests = [row for row in going.interruptions if row.what == "frozen"]
    assert [(row.why, row.until is None, row.until and (row.until - row.since).total_seconds()) for row in rests] == [
        (frozen, False, 20.0),
        (other, True, None),
    ]
    assert [(row.key, row.value, row.by) for row in going.sets] == [("soak", 60.0, "ann@ops")]
    assert [row.until is None for row in ended.interruptions if row.what == "frozen"] == [False, False]
