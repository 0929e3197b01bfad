"""What we ask is taken out of what the gateways count, each request once, whenever its count shows up, and never more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.answers.answer import Answer, Failure
from migrator.domain.answers.evidence import LAG, OLDEST, Sent, rate_without_ours, without_ours
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Delta, Listened, Rate

GOOD, BAD = Answer(200, seconds=0.1), Answer(503, seconds=0.1)
LATE = Answer(200, seconds=2.0)
NOBODY = Answer(failure=Failure.REFUSED, counted=False)


def delta(requests: int, bad: int = 0, at: float = 1.0, **more: object) -> Delta:
    return replace(Delta("gw", Side.NEW, at, 1.0, requests, bad, None, requests), **more)  # type: ignore[arg-type]


def sent(*answers: Answer | None, at: float = 0.5) -> tuple[Sent, ...]:
    return tuple(Sent(number, at, answer) for number, answer in enumerate(answers))


@given(
    ours=st.lists(st.sampled_from([GOOD, BAD]), max_size=12),
    clients=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=6),
    shown=st.lists(st.integers(0, 5), min_size=12, max_size=12),
)
def test_over_time_exactly_what_clients_did_is_left_whenever_our_requests_show_up(
    ours: list[Answer], clients: list[tuple[int, int]], shown: list[int]
) -> None:
    """Each request of ours is counted in some later sweep: afterwards the sums are the clients' own."""
    sweeps = [*clients, (0, 0)]
    at_sweep = [min(shown[number], len(sweeps) - 1) for number in range(len(ours))]
    notes, requests, bad = sent(*ours), 0, 0
    for index, (good, wrong) in enumerate(sweeps):
        here = [answer for number, answer in enumerate(ours) if at_sweep[number] == index]
        counted = delta(good + wrong + len(here), wrong + sum(answer.status >= 500 for answer in here))
        left, notes = without_ours(counted, notes)
        requests, bad = requests + left.requests, bad + left.bad
        assert 0 <= left.bad <= left.requests

    owed = [note for note in notes if note.request]
    assert requests >= sum(good + wrong for good, wrong in clients) - len(ours)
    if not owed:
        assert requests == sum(good + wrong for good, wrong in clients)
        assert bad == sum(wrong for _, wrong in clients)


@given(st.lists(st.sampled_from([GOOD, BAD, None]), min_size=1, max_size=9))
def test_without_clients_nothing_is_left(ours: list[Answer | None]) -> None:
    bad = sum(answer is BAD for answer in ours)
    left, notes = without_ours(delta(len(ours), bad), sent(*ours))

    assert (left.requests, left.bad, left.accepted) == (0, 0, 0)
    assert notes == ()


def test_a_request_that_is_under_way_is_taken_out_though_nobody_knows_its_answer_yet() -> None:
    good, _ = without_ours(delta(3, 1), sent(None))
    bad, _ = without_ours(delta(1, 1), sent(None))

    assert (good.requests, good.bad) == (2, 1)
    assert (bad.requests, bad.bad) == (0, 0)


def test_a_good_request_of_ours_never_takes_a_bad_answer_of_a_client_away() -> None:
    left, notes = without_ours(delta(1, 1), sent(GOOD))

    assert (left.requests, left.bad) == (1, 1)
    assert len(notes) == 1


def test_a_connection_and_its_request_may_show_up_in_different_sweeps() -> None:
    first, notes = without_ours(delta(0, accepted=1), sent(GOOD))
    second, rest = without_ours(delta(1, accepted=0), notes)

    assert (first.accepted, second.requests, second.accepted, rest) == (0, 0, 0, ())


def test_where_connections_are_not_counted_none_is_owed() -> None:
    left, notes = without_ours(delta(1, accepted=None), sent(GOOD))

    assert (left.requests, left.accepted, notes) == (0, None, ())


@pytest.mark.parametrize(("answer", "slow"), [(LATE, 0), (GOOD, 1), (None, 1)])
def test_a_slow_answer_of_ours_is_no_slow_answer_of_a_client(answer: Answer | None, slow: int) -> None:
    left, _ = without_ours(delta(2, slow=1, slow_over=1.0), sent(answer))
    timed, _ = without_ours(delta(2, slow=1, slow_over=1.0, timed=2), sent(answer))

    assert left.slow == timed.slow == slow
    assert timed.timed == (2 if answer is None else 1)


def test_a_histogram_that_is_a_flush_behind_is_corrected_when_it_shows_the_request() -> None:
    early, notes = without_ours(delta(1, slow=0, timed=0, slow_over=1.0), sent(LATE))
    late, rest = without_ours(delta(0, slow=1, timed=1, slow_over=1.0), notes)

    assert (early.requests, late.slow, late.timed, rest) == (0, 0, 0, ())


MISSING = Answer(404, seconds=0.1)
BROKEN = Answer(failure=Failure.CLOSED)
HEARD = (Listened("0.0.0.0_8080", 5, 2, 1), Listened("0.0.0.0_8443", 5, 2, None), Listened("0.0.0.0_9080", 0, 0))


@pytest.mark.parametrize(
    ("answer", "port", "client", "own", "broken", "heard"),
    [
        pytest.param(MISSING, 8080, 2, 0, 1, (4, 1, 0), id="404"),
        pytest.param(GOOD, 8080, 3, 1, 1, (4, 2, 1), id="200"),
        pytest.param(BROKEN, 8080, 3, 1, 0, (4, 2, 1), id="no answer"),
        pytest.param(MISSING, 9080, 2, 0, 1, (5, 2, 1), id="another listener"),
    ],
)
def test_a_request_of_ours_is_taken_out_of_its_class_and_its_listener(
    answer: Answer, port: int, client: int, own: int, broken: int, heard: tuple[int, int, int]
) -> None:
    classes = Classes(3, 1, 1, None, HEARD)
    left, _ = without_ours(delta(5, classes=classes), (Sent(1, 0.5, answer, port),))

    assert left.classes is not None
    first = left.classes.listeners[0]
    assert (left.classes.client, left.classes.own, left.classes.broken) == (client, own, broken)
    assert (first.requests, first.client, first.own) == heard
    assert left.classes.listeners[1:] == HEARD[1:]


def test_a_second_opinion_is_told_without_our_own_4xx() -> None:
    assert rate_without_ours(Rate(10, 0, client=4, own=None), sent(MISSING), 0.0) == Rate(9, 0, client=3, own=None)


def test_nobody_reached_is_nothing_to_take_out_and_what_never_shows_up_is_given_up() -> None:
    untouched, none = without_ours(delta(5), sent(NOBODY))
    late, gone = without_ours(delta(5, at=1.0 + OLDEST), sent(GOOD))

    assert (untouched, none) == (delta(5), ())
    assert (late, gone) == (delta(5, at=1.0 + OLDEST), ())


def test_a_second_opinion_is_told_without_our_requests_of_its_window_and_of_the_time_it_may_come_late() -> None:
    ours = (*sent(GOOD, BAD, NOBODY, None, at=100.0), *sent(GOOD, at=100.0 - LAG - 1))

    assert rate_without_ours(Rate(10, 2), ours, 100.0) == Rate(7, 1)
    assert rate_without_ours(Rate(1, 0), ours, 100.0) == Rate(0, 0)
    assert rate_without_ours(Rate(10, 2), (), 100.0) == Rate(10, 2)
    assert rate_without_ours(None, ours, 100.0) is None
