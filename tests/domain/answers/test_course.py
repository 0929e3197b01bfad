"""A round asks each question three times of each side, each gateway three times, confirms what differs, keeps its bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.compare import CONFIRMED, EACH
from migrator.domain.answers.course import RESERVE, TURNS, Ask, Course, next_ask
from migrator.domain.answers.trial import Trial
from migrator.domain.model.answers import Allowed, AnswersSpec, Concern, Question
from migrator.domain.model.balancer import Side
from tests.domain.answers.asked import OK, SHOP, asked, by_place, compared, course, outcome, place, places

PATHS = tuple(Question("http", "shop.x", f"/{number}") for number in range(8))


def same(_ask: Ask, _number: int) -> Answer:
    return OK


@settings(deadline=None)
@given(old=st.integers(1, 12), new=st.integers(1, 12), questions=st.integers(1, 8))
def test_every_question_is_put_three_times_to_each_side_and_every_gateway_is_asked_three_times(
    old: int, new: int, questions: int
) -> None:
    round_of = course(*PATHS[:questions], of=places(old, new))
    trials = asked(round_of, same)
    each = Counter((trial.question, trial.side) for trial in trials)

    assert all(each[question, side] >= EACH for question in PATHS[:questions] for side in Side)
    assert all(by_place(trials)[gateway] >= EACH for gateway in round_of.places)


@settings(deadline=None)
@given(old=st.integers(3, 12), new=st.integers(3, 12))
def test_the_three_questions_go_to_three_gateways_of_each_side(old: int, new: int) -> None:
    trials = asked(course(of=places(old, new)), same)[: len(TURNS)]

    assert [trial.side for trial in trials] == list(TURNS)
    assert all(len({t.place for t in trials if t.side is side}) == EACH for side in Side)


@settings(deadline=None)
@given(
    most=st.integers(1, 80),
    old=st.integers(1, 6),
    new=st.integers(1, 6),
    statuses=st.lists(st.sampled_from([200, 302, 404, 429, 503]), min_size=1, max_size=9),
)
def test_a_round_ends_and_never_asks_more_than_it_may(most: int, old: int, new: int, statuses: list[int]) -> None:
    round_of = course(*PATHS, of=places(old, new), most=most)
    trials = asked(round_of, lambda _ask, number: Answer(statuses[number % len(statuses)]))

    assert len(trials) <= most
    assert 429 not in [trial.answer.status for trial in trials[:-1]]


@settings(deadline=None)
@given(period=st.integers(2, 40), start=st.integers(0, 40), pods=st.integers(1, 4))
def test_upstreams_that_take_turns_behind_two_equal_sides_are_no_difference(period: int, start: int, pods: int) -> None:
    turn = count(start)
    found = outcome(
        course(of=places(pods, pods)), lambda _ask, _number: replace(OK, body=f"upstream {next(turn) % period}")
    )

    assert found.differences == ()


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9, 0.99])
def test_a_route_that_is_drawn_by_lot_is_as_good_as_never_called_different(share: float) -> None:
    lot = Random(11)
    found = [outcome(course(), lambda _ask, _number: replace(OK, body="ab"[lot.random() < share])) for _ in range(500)]

    assert sum(bool(parity.differences) for parity in found) <= 1


def test_what_differs_is_asked_nine_times_of_each_side() -> None:
    def answers(ask: Ask, _number: int) -> Answer:
        return OK if ask.place.side is Side.OLD else Answer(404)

    trials = asked(course(), answers)

    assert Counter(trial.side for trial in trials) == {Side.OLD: CONFIRMED, Side.NEW: CONFIRMED}
    assert compared(trials).differences


def test_one_gateway_that_is_apart_is_asked_nine_times_and_named() -> None:
    def answers(ask: Ask, _number: int) -> Answer:
        return Answer(404) if ask.place.name == "new-4" else OK

    round_of = course(of=places(3, 5))
    trials = asked(round_of, answers)
    found = outcome(round_of, answers)

    assert by_place(trials)[place(Side.NEW, 4)] == CONFIRMED
    assert {difference.pods for difference in found.differences} == {("new-4",)}


def test_differences_of_one_kind_are_confirmed_for_two_questions_of_a_site_and_shown_of_the_others() -> None:
    def answers(ask: Ask, _number: int) -> Answer:
        return OK if ask.place.side is Side.OLD else replace(OK, status=404)

    trials = asked(course(*PATHS), answers)
    often = [q for q, number in Counter(trial.question for trial in trials).items() if number >= 2 * CONFIRMED]

    assert len(often) == 2
    assert len(outcome(course(*PATHS), answers).differences) == len(PATHS)


@pytest.mark.parametrize("most", [200, 120, 60])
def test_routes_that_are_drawn_by_lot_as_good_as_never_count_however_small_the_bound(most: int) -> None:
    """Half and half, 1 of 32 comparisons of three differs by chance: a round of 26 questions has one nearly every time."""
    lot = Random(11)
    paths = tuple(Question("http", "shop.x", f"/{number}") for number in range(60))
    found = [
        outcome(course(*paths, most=most), lambda _ask, _number: replace(OK, body="ab"[lot.random() < 0.5]))
        for _ in range(25)
    ]

    assert sum(row.counts for parity in found for row in parity.differences) <= 1
    assert all(parity.asked <= most for parity in found)


@pytest.mark.parametrize("most", [200, 120, 60])
def test_a_round_keeps_enough_of_its_bound_to_be_sure_of_a_difference(most: int) -> None:
    def answers(ask: Ask, _number: int) -> Answer:
        return OK if ask.place.side is Side.OLD else Answer(404)

    paths = tuple(Question("http", "shop.x", f"/{number}") for number in range(60))
    found = outcome(course(*paths, most=most), answers)

    assert any(row.counts for row in found.differences)


def test_one_gateway_that_is_apart_is_sure_within_the_bound_of_a_round() -> None:
    def answers(ask: Ask, _number: int) -> Answer:
        return Answer(404) if ask.place.name == "new-4" else OK

    paths = tuple(Question("http", "shop.x", f"/{number}") for number in range(60))
    found = outcome(course(*paths, of=places(3, 5), most=200), answers)

    assert {row.pods for row in found.differences if row.counts} == {("new-4",)}


def test_what_the_plan_allows_is_not_asked_again_and_leaves_the_room_for_others() -> None:
    def answers(ask: Ask, _number: int) -> Answer:
        new = ask.place.side is Side.NEW
        return replace(OK, status=404 if new and ask.question.path == "/5" else 200, body="new" if new else "old")

    spec = AnswersSpec(allow=(Allowed("known", concerns=(Concern.BODY,)),))
    trials = asked(course(*PATHS, spec=spec), answers)
    each = Counter((trial.question.path, trial.side) for trial in trials)

    assert each["/5", Side.OLD] == CONFIRMED
    assert each["/1", Side.OLD] == EACH


def test_with_little_room_every_site_gets_its_first_question_before_any_gets_its_second() -> None:
    sites = [Question("http", host, path) for host in ("a.x", "b.x", "c.x") for path in ("/1", "/2", "/3")]
    round_of = course(*sites, most=4 * len(TURNS) + RESERVE)

    assert [question.site for question in round_of.askable] == ["http://a.x", "http://b.x", "http://c.x", "http://a.x"]


def test_too_many_requests_ends_the_round_at_once() -> None:
    trials = asked(course(*PATHS), lambda _ask, number: Answer(429) if number == 3 else OK)

    assert len(trials) == 4
    assert outcome(course(*PATHS), lambda _ask, number: Answer(429) if number == 3 else OK).stopped == "http://shop.x"


@pytest.mark.parametrize("side", list(Side))
def test_a_question_without_a_gateway_of_one_side_behind_its_listener_is_left(side: Side) -> None:
    one_side = tuple(row for row in places() if row.side is side)
    found = outcome(course(of=one_side), same)

    assert (found.asked, found.left, found.agrees) == (0, (SHOP,), False)


def test_a_question_goes_to_the_listener_whose_port_its_client_dials() -> None:
    tls, odd = Question("https", "shop.x"), Question("http", "shop.x", port=8080)
    round_of = Course(AnswersSpec(), (SHOP, tls, odd), (*places(), *places(port=443), *places(port=8080)), 3000)
    trials = asked(round_of, same)

    assert {(trial.question, trial.place.client_port) for trial in trials} == {(SHOP, 80), (tls, 443), (odd, 8080)}


def test_a_round_that_is_over_asks_nothing_more() -> None:
    trials = asked(course(), same)

    assert next_ask(course(), [*trials, Trial(SHOP, place(Side.OLD), OK)]) is None
