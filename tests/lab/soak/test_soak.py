"""A soak can be cut off and gone on with, its events can be had again, and what it counts as kept and broken."""

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.lab.soak import record, soak, stories
from migrator.lab.soak.draw import SHARES, Moment, drawn, some, story
from migrator.lab.soak.events import EVENTS, Harm
from migrator.lab.soak.ground import Order
from migrator.lab.soak.harm import NOTICED_WITHIN, apart, not_right
from migrator.lab.soak.record import Round, Struck

CALM = Round(1, "there", "completed", 0, 61.5, sent=100, answered=100, lost=0, bad=0, wrong=0, cut=2)
EVICTED = Struck("evict a pod of the Deployment", "Pod a", 50.0, 12.5)
CRASHED = Struck("crash a gateway of the DaemonSet", "Pod b", 90.0, 20.0)


def test_the_same_seed_draws_the_same_events_and_another_round_draws_others() -> None:
    names = tuple(EVENTS)

    assert drawn(7, 3, names, 20) == drawn(7, 3, names, 20)
    assert drawn(7, 3, names, 20) != drawn(7, 4, names, 20)
    assert drawn(7, 3, names, 20) != drawn(8, 3, names, 20)


def test_events_come_in_the_order_of_their_shares_and_each_can_be_drawn() -> None:
    draws = [draw for number in range(60) for draw in drawn(1, number, tuple(EVENTS), 3)]

    assert {draw.event for draw in draws} == set(EVENTS)
    assert {draw.share for draw in draws} == set(SHARES)
    assert {draw.moment for draw in draws} == {Moment.GOING_ON, Moment.PAUSED}
    for number in range(60):
        shares = [draw.share for draw in drawn(1, number, tuple(EVENTS), 3)]
        assert shares == sorted(shares)


def test_a_story_has_its_share_from_the_seed() -> None:
    first = story(1, "balancer busy", Moment.BACK)

    assert first == story(1, "balancer busy", Moment.BACK)
    assert {story(seed, "balancer busy", Moment.BACK).share for seed in range(50)} == set(SHARES)
    assert (first.event, first.moment) == ("balancer busy", Moment.BACK)


def test_some_stories_are_of_different_events_and_of_every_moment_by_turns() -> None:
    six = some(3, tuple(EVENTS), 6)

    assert six == some(3, tuple(EVENTS), 6) != some(4, tuple(EVENTS), 6)
    assert len({draw.event for draw in six}) == 6
    assert [draw.moment for draw in six] == [*Moment, *Moment]
    assert {draw.event for seed in range(40) for draw in some(seed, tuple(EVENTS), 6)} == set(EVENTS)


def test_rounds_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [
        replace(CALM, struck=(EVICTED, CRASHED), questions=("go on?",)),
        replace(CALM, number=2, way="back", lost=1),
    ]
    record.write(tmp_path / "new" / "soak.json", 4, rows)

    assert record.read(tmp_path / "new" / "soak.json") == rows
    assert record.read(tmp_path / "none.json") == []


def test_rounds_that_were_done_before_are_not_done_again(tmp_path: Path) -> None:
    rows = [replace(CALM, number=number) for number in (1, 2, 3)]
    record.write(tmp_path / soak.KEEP, 1, rows)
    said: list[str] = []

    assert soak.soak(Order(rounds=3), tmp_path, said.append) == rows
    assert said == ["3 of 3 rounds were done before"]


def test_each_event_has_a_story_at_each_moment_and_none_is_told_twice(tmp_path: Path) -> None:
    order = Order(rounds=3, events=("balancer busy", "API server 401"))
    rows = [replace(CALM, number=number) for number in (1, 2, 3)]
    record.write(tmp_path / stories.KEEP, 1, rows)

    assert stories.stories(order, tmp_path, lambda _: None) == rows
    assert [(draw.event, draw.moment) for draw in stories.all_of(replace(order, rounds=60))] == [
        (event, moment) for event in order.events for moment in Moment
    ]


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        pytest.param(CALM, [], id="nothing happened and nothing was lost"),
        pytest.param(replace(CALM, state="rolled-back", exit_code=4), [], id="it may go back"),
        pytest.param(
            replace(CALM, lost=1),
            ["1 requests were lost, 0 answered with a 5xx; the round's events explain 0 of them"],
            id="lost without an event",
        ),
        pytest.param(
            replace(CALM, bad=2, struck=(EVICTED,)),
            ["0 requests were lost, 2 answered with a 5xx; the round's events explain 0 of them"],
            id="an eviction explains nothing",
        ),
        pytest.param(
            replace(CALM, lost=3, bad=1, apart=4, struck=(CRASHED,)), [], id="a killed gateway takes what it holds"
        ),
        pytest.param(
            replace(CALM, lost=3, bad=1, apart=3, struck=(CRASHED,)),
            ["3 requests were lost, 1 answered with a 5xx; the round's events explain 3 of them"],
            id="a killed gateway takes no more than that",
        ),
        pytest.param(
            replace(CALM, lost=3, bad=1, struck=(CRASHED,)), [], id="an older version did not count what it took"
        ),
        pytest.param(
            replace(CALM, lost=3, struck=(replace(CRASHED, what=""),)),
            ["3 requests were lost, 0 answered with a 5xx; the round's events explain 0 of them"],
            id="one that found nothing to kill explains nothing",
        ),
        pytest.param(replace(CALM, wrong=5, struck=(CRASHED,)), ["5 answers were wrong"], id="nothing explains wrong"),
        pytest.param(
            replace(CALM, state="halted", exit_code=5), ["the run is halted (exit code 5)"], id="a halt is no end"
        ),
        pytest.param(replace(CALM, state="unknown", problem="NotReady: x"), ["NotReady: x"], id="no account"),
    ],
)
def test_what_is_not_as_promised_is_said(row: Round, problems: list[str]) -> None:
    assert row.problems() == problems


def lost(start: float, end: float, outcome: str = "lost", kind: str = "keep-alive", nth: int = 9) -> dict[str, object]:
    return {"outcome": outcome, "t_start": start, "t_end": end, "kind": kind, "nth": nth}


def cut(start: float, end: float, nth: int = 9) -> dict[str, object]:
    return lost(start, end, kind="websocket", nth=nth)


KILLED, ENDED = replace(CRASHED, at=100.0), replace(EVICTED, at=100.0)


@pytest.mark.parametrize(
    ("row", "struck", "count"),
    [
        pytest.param(lost(99.0, 100.2), KILLED, 1, id="in flight at the kill"),
        pytest.param(lost(60.0, 130.0), KILLED, 1, id="in flight long before and after"),
        pytest.param(lost(100.0 + NOTICED_WITHIN, 106.0), KILLED, 1, id="sent before it could be noticed"),
        pytest.param(lost(101.0, 102.0, "bad"), KILLED, 1, id="answered with a 5xx meanwhile"),
        pytest.param(lost(98.0, 99.9), KILLED, 0, id="lost before the kill"),
        pytest.param(lost(100.1 + NOTICED_WITHIN, 106.0), KILLED, 0, id="sent later than that"),
        pytest.param(lost(101.0, 102.0, "wrong"), KILLED, 0, id="a wrong answer is never explained"),
        pytest.param(lost(101.0, 102.0), ENDED, 0, id="at an eviction"),
        pytest.param(cut(105.0, 105.1), ENDED, 1, id="on a WebSocket that the end of its pod cut"),
        pytest.param(
            cut(105.0, 105.1, nth=1), ENDED, 0, id="a WebSocket that was not opened is a request like another"
        ),
        pytest.param(cut(99.0, 99.5), ENDED, 0, id="a WebSocket that was cut before the pod was told to end"),
        pytest.param(cut(160.0, 160.1), ENDED, 0, id="a WebSocket that was cut when all pods had stopped"),
        pytest.param(cut(101.0, 102.0), Struck("balancer busy", "balancer", 10.0, 1.0, at=100.0), 0, id="nobody ended"),
        pytest.param(lost(101.0, 102.0), replace(KILLED, what=""), 0, id="nothing was killed"),
    ],
)
def test_what_an_event_took_with_it_is_counted_apart(row: dict[str, object], struck: Struck, count: int) -> None:
    assert apart([row], [EVICTED, struck]) == count


def test_requests_that_were_not_right_are_found_in_a_ledger() -> None:
    rows = [lost(1.0, 2.0, outcome) for outcome in ("answered", "lost", "bad", "wrong", "cut")]

    assert [row["outcome"] for row in not_right(rows)] == ["lost", "bad", "wrong"]


def test_the_worst_event_of_a_round_decides_what_it_may_cost() -> None:
    assert replace(CALM).harm is Harm.NONE
    assert replace(CALM, struck=(replace(EVICTED, what=""),)).harm is Harm.NONE
    assert replace(CALM, struck=(EVICTED,)).harm is Harm.STREAMS
    assert replace(CALM, struck=(EVICTED, CRASHED)).harm is Harm.IN_FLIGHT


def test_a_round_is_told_in_a_line_with_its_events() -> None:
    line = soak.told(replace(CALM, struck=(EVICTED, replace(CRASHED, what=""))))

    assert "evict a pod of the Deployment at 50 %" in line
    assert "(crash a gateway of the DaemonSet at 90 %, going on: nothing there)" in line
    assert "100 sent, 0 lost" in line
