"""The account of requests: it balances after every step, whatever happens in whatever order."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.lab.load.ledger import Answer, Ledger, Loss, Spot, Word
from migrator.lab.load.mix import OK, Group, Kind
from migrator.lab.load.tally import Latencies, Tally

SPOT = Spot(connection=7, nth=2)


def ledger(rows: list[str] | None = None, step: float = 0.25) -> Ledger:
    """Return a ledger whose clock advances `step` seconds at every look."""
    ticks = itertools.count(1000.0, step)
    return Ledger(lambda: next(ticks), (rows if rows is not None else []).append)


def test_an_answer_is_written_with_its_gateway_connection_and_times() -> None:
    rows: list[str] = []
    book = ledger(rows)

    book.settle(book.send(Kind.KEEP_ALIVE, "keep-alive-3"), Answer(200, "gw-1"), SPOT)

    assert json.loads(rows[0]) == {
        "seq": 1,
        "kind": "keep-alive",
        "client": "keep-alive-3",
        "t_start": 1000.0,
        "t_end": 1000.25,
        "outcome": "answered",
        "status": 200,
        "error": None,
        "gateway": "gw-1",
        "connection": 7,
        "nth": 2,
    }


@pytest.mark.parametrize(
    ("status", "bad", "wrong"),
    [
        pytest.param(200, 0, 0, id="a 200 is good"),
        pytest.param(204, 0, 0, id="a 204 is good"),
        pytest.param(101, 0, 0, id="a switch of protocols is good"),
        pytest.param(302, 0, 1, id="a redirect is wrong"),
        pytest.param(404, 0, 1, id="a 404 is wrong"),
        pytest.param(426, 0, 1, id="a refused protocol is wrong"),
        pytest.param(500, 1, 0, id="a 500 is bad"),
        pytest.param(503, 1, 0, id="a 503 is bad"),
    ],
)
def test_every_whole_answer_is_answered_and_some_are_bad_or_wrong_besides(status: int, bad: int, wrong: int) -> None:
    book = ledger()

    book.settle(book.send(Kind.HTTP2, "a"), Answer(status), SPOT)

    total = book.total()
    assert (total.answered, total.lost, total.bad, total.wrong) == (1, 0, bad, wrong)


def test_a_success_that_says_something_else_is_wrong() -> None:
    rows: list[str] = []
    book = ledger(rows)
    for right in (True, False):
        book.settle(book.send(Kind.HTTP2, "a"), Answer(200, body=b"x", right=right), SPOT)

    book.check()
    assert (book.total().answered, book.total().wrong) == (2, 1)
    assert [json.loads(row)["outcome"] for row in rows] == ["answered", "wrong"]
    assert book.marks["first_wrong"].seq == 2


@pytest.mark.parametrize(
    ("status", "body", "right"),
    [
        pytest.param(200, b"ok\n", True, id="what was asked for"),
        pytest.param(200, b"<html>parked", False, id="another page"),
        pytest.param(200, b"", False, id="nothing"),
        pytest.param(101, b"", True, id="a change of protocol"),
    ],
)
def test_a_client_knows_the_right_answer(status: int, body: bytes, right: bool) -> None:
    assert Group(Kind.KEEP_ALIVE, 1, body=OK).is_right(status, body) is right
    assert Group(Kind.KEEP_ALIVE, 1).is_right(status, body)


def test_a_request_is_settled_exactly_once() -> None:
    book = ledger()
    ticket = book.send(Kind.KEEP_ALIVE, "a")
    book.settle(ticket, Loss(Word.RESET), SPOT)

    with pytest.raises(ValueError, match="request 1 is not open"):
        book.settle(ticket, Answer(200), SPOT)
    book.check()


def test_a_request_that_nobody_waits_for_any_more_is_lost_not_forgotten() -> None:
    rows: list[str] = []
    book = ledger(rows)
    for _ in range(3):
        book.send(Kind.LONG_REQUEST, "a")

    book.abandon()

    book.check()
    assert book.in_flight == 0
    assert book.total().errors == {"unfinished": 3}
    assert [json.loads(row)["error"] for row in rows] == ["unfinished"] * 3


def test_a_cut_is_a_row_without_a_request_and_changes_no_request_count() -> None:
    rows: list[str] = []
    book = ledger(rows)

    book.cut(Kind.IDLE, "idle-1", Spot(connection=4, nth=1))

    book.check()
    assert (book.total().cut, book.total().sent, book.total().lost) == (1, 0, 0)
    assert json.loads(rows[0])["seq"] is None
    assert json.loads(rows[0])["outcome"] == "cut"


def test_the_first_and_the_last_lost_and_bad_rows_are_kept() -> None:
    book = ledger()
    for result in (Answer(200), Loss(Word.RESET), Answer(503), Loss(Word.TIMEOUT), Answer(500), Answer(200)):
        book.settle(book.send(Kind.KEEP_ALIVE, "a"), result, SPOT)

    kept = {name: row.seq for name, row in book.marks.items()}
    assert kept == {"first_lost": 2, "last_lost": 4, "first_bad": 3, "last_bad": 5}


def test_a_check_refuses_an_account_that_somebody_bent() -> None:
    book = ledger()
    book.settle(book.send(Kind.KEEP_ALIVE, "a"), Loss(Word.RESET), SPOT)
    book.of(Kind.KEEP_ALIVE).lost = 0

    with pytest.raises(AssertionError):
        book.check()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["send", "answer", "lose", "cut"]),
            st.sampled_from(list(Kind)),
            st.integers(0, 50),
            st.integers(100, 599),
            st.sampled_from(list(Word)),
        ),
        max_size=60,
    )
)
def test_sent_is_answered_plus_lost_plus_in_flight_after_every_step(
    steps: list[tuple[str, Kind, int, int, Word]],
) -> None:
    """Any order of sending, answers, losses and cuts, interleaved between kinds; each row is written once."""
    rows: list[str] = []
    book, pending = ledger(rows, step=0.7), []

    for what, kind, which, status, word in steps:
        if what == "send":
            pending.append(book.send(kind, "a"))
        elif what == "cut":
            book.cut(kind, "a", SPOT)
        elif pending:
            result = Answer(status) if what == "answer" else Loss(word)
            book.settle(pending.pop(which % len(pending)), result, SPOT)
        book.check()
        assert book.in_flight == len(pending)
    book.abandon()
    book.check()

    settled = [json.loads(row)["seq"] for row in rows if json.loads(row)["outcome"] != "cut"]
    assert sorted(settled) == list(range(1, book.sequence + 1))


@given(st.lists(st.floats(0.00002, 30.0), min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_never_too_low_and_at_most_two_percent_too_high(seconds: list[float], share: float) -> None:
    latencies = Latencies()
    for each in seconds:
        latencies.add(each)

    found = latencies.percentile(share)

    covered = [each for each in seconds if each * 1000 <= (found or 0) + 0.001]
    assert len(covered) >= share * len(seconds) - 1e-9
    assert (found or 0) <= max(seconds) * 1000 * 1.02 + 0.001


def test_an_empty_tally_has_no_percentile() -> None:
    assert Tally().latencies.percentile(0.5) is None
