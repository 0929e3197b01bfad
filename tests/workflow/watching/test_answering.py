"""The watch asks one question at a time, begins a round for each step, tells how far it is, and keeps the run's bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.answers.trial import Place
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.actions import PodRef
from migrator.domain.model.answers import AnswersSpec, Question, Route
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.samples import Delta, Rate
from migrator.workflow.watching.answering import AGAIN, ORDERED, SOON, Answering
from migrator.workflow.watching.board import AnswersWanted, Board, WatchRequest
from migrator.workflow.watching.own_requests import OwnRequests
from tests.domain.answers.asked import places
from tests.domain.seen import START
from tests.fakes.answers import OK, FakeAnswers
from tests.fakes.clock import FakeClock
from tests.fakes.gateways import FakeGateways
from tests.fakes.world import SPEC

SHOP = Question("http", "shop.x", "/cart", port=80)
LATER = START + timedelta(seconds=60)


class Desk:
    """One `Answering` with everything around it."""

    def __init__(
        self, most: int = 2000, gateways: object = None, questions: tuple[Question, ...] = (SHOP,), asked: int = 0
    ) -> None:
        self.clock, self.board, self.own = FakeClock(), Board(), OwnRequests()
        self.gateways = FakeGateways(self.clock)
        self.port = FakeAnswers(self.gateways)
        spec = replace(SPEC, answers=AnswersSpec(questions=questions, most=most))
        reader = gateways or self.gateways
        self.act = Answering(spec, self.port, reader, self.board, self.clock, self.own, asked)  # type: ignore[arg-type]

    def want(
        self,
        entered: object = START,
        of: tuple[Place, ...] = places(1, 1),
        judged: bool = False,
        ordered: bool = False,
        later: int = 0,
    ) -> None:
        self.board.wish = WatchRequest(
            answers=AnswersWanted(entered, of, judged, ordered, later)  # type: ignore[arg-type]
        )

    def calls(self, number: int, seconds: float = 0.2) -> None:
        for _ in range(number):
            self.act()
            self.clock.advance(seconds)

    @property
    def seen(self) -> AnswerParity:
        return next((facet for facet in self.board.facets() if isinstance(facet, AnswerParity)), AnswerParity())


def test_nothing_is_asked_that_nobody_wants() -> None:
    desk = Desk()
    desk.calls(5)
    desk.want(of=())
    desk.calls(5)

    assert desk.port.asked == []


def test_one_call_is_one_question_and_the_end_of_a_round_is_published() -> None:
    desk = Desk()
    desk.want()
    desk.calls(6)
    assert (len(desk.port.asked), desk.seen.known) == (6, False)

    desk.calls(1)
    assert (len(desk.port.asked), desk.seen.known, desk.seen.agrees) == (6, True, True)


def test_how_far_the_first_round_is_can_be_seen() -> None:
    desk = Desk()
    desk.want()
    desk.calls(1)

    assert (desk.seen.known, desk.seen.asked) == (False, 1)


def test_the_interval_is_the_plans_rate() -> None:
    assert Desk().act.interval == 0.2


def test_a_further_step_is_a_further_round_and_the_same_step_is_not() -> None:
    desk = Desk()
    desk.want()
    desk.calls(30)
    assert len(desk.port.asked) == 6
    desk.want(LATER)
    desk.calls(30)

    assert len(desk.port.asked) == 12


def test_a_round_that_nobody_wants_any_more_is_dropped() -> None:
    desk = Desk()
    desk.want()
    desk.calls(3)
    desk.board.wish = WatchRequest()
    desk.calls(1)
    desk.want(LATER)
    desk.calls(7)

    assert len(desk.port.asked) == 9
    assert desk.seen.asked == 6


@pytest.mark.parametrize(("answer", "wait"), [(OK, AGAIN), (Answer(404), SOON)])
def test_the_same_step_is_compared_again_after_a_while_and_soon_where_something_is_open(
    answer: Answer, wait: float
) -> None:
    desk = Desk()
    desk.port.says = lambda _q, _p: answer
    desk.want()
    desk.calls(7)
    desk.clock.advance(wait - 1)
    desk.calls(1, 0.0)
    assert len(desk.port.asked) == 6
    desk.clock.advance(2)
    desk.calls(7)

    assert len(desk.port.asked) == 12


def test_a_run_keeps_its_bound_and_leaves_most_of_it_for_later_steps() -> None:
    desk = Desk(most=40)
    for number in range(20):
        desk.want(START + timedelta(seconds=number))
        desk.calls(60)

    assert len(desk.port.asked) == 40


def test_a_run_counts_what_its_earlier_processes_have_asked() -> None:
    desk = Desk(most=40, asked=34)
    for number in range(5):
        desk.want(START + timedelta(seconds=number))
        desk.calls(20)

    assert len(desk.port.asked) == 6


def test_rounds_that_are_repeated_leave_the_steps_to_come_a_round_each() -> None:
    """A side that stays unproved is asked again every few seconds: four times of 60 requests, and 36 are left for six steps."""
    desk = Desk(most=60)
    desk.port.says = lambda _q, _p: Answer(404)
    desk.want(later=6)
    desk.calls(2000)

    assert len(desk.port.asked) == 24


def test_how_much_was_asked_is_published_for_the_run_s_record() -> None:
    desk = Desk()
    desk.want()
    desk.calls(3)

    assert AskedOfBoth(3) in desk.board.facets()


def test_a_jump_orders_a_round_at_once_once_the_one_under_way_has_ended() -> None:
    desk = Desk()
    desk.want()
    desk.calls(3)
    desk.want(ordered=True)
    desk.calls(4)
    assert (desk.seen.known, len(desk.port.asked)) == (True, 6)
    desk.calls(7)

    assert len(desk.port.asked) == 12


def test_a_verdict_that_comes_and_goes_restarts_no_round_and_orders_one_in_thirty_seconds_at_most() -> None:
    desk = Desk()
    for flicker in range(1500):
        desk.want(ordered=bool(flicker % 2))
        desk.calls(1)
    seconds = desk.clock.monotonic()

    assert desk.seen.known
    assert 18 <= len(desk.port.asked) <= 6 * (2 + seconds / ORDERED)


def test_an_order_that_was_given_before_a_round_began_is_settled_by_it() -> None:
    desk = Desk()
    desk.want(ordered=True)
    desk.calls(int(AGAIN / 0.2) - 30)

    assert len(desk.port.asked) == 6


def test_what_nobody_was_sure_of_is_asked_first_in_the_next_round() -> None:
    paths = tuple(Question("http", "shop.x", f"/{n}", port=80) for n in range(9))
    desk = Desk(most=660, questions=paths)
    differs = paths[1:5]
    desk.port.says = lambda q, place: Answer(404) if q in differs and place.side is Side.NEW else OK
    desk.want()
    desk.calls(70)
    unsure = [row.question for row in desk.seen.differences if not row.sure]
    asked = len(desk.port.asked)
    desk.clock.advance(SOON)
    desk.calls(1)

    assert unsure
    assert desk.port.asked[asked][0] in unsure


def test_the_bound_of_a_round_leaves_out_what_does_not_fit_and_says_so() -> None:
    desk = Desk(most=480, questions=tuple(Question("http", "shop.x", f"/{n}", port=80) for n in range(9)))
    desk.want()
    desk.calls(60)

    assert (desk.seen.questions, len(desk.seen.left)) == (2, 7)


def test_places_whose_counts_nobody_can_tell_from_ours_are_not_asked_while_a_window_is_judged() -> None:
    desk = Desk()
    unknown = tuple(replace(place, pod=None) for place in places(1, 1))
    desk.want(of=unknown, judged=True)
    desk.calls(10)
    assert desk.port.asked == []
    desk.want(of=unknown, judged=False)
    desk.calls(10)

    assert len(desk.port.asked) == 6


class Routed:
    """Gateways that tell their routes, or why not."""

    def __init__(self, *said: object) -> None:
        self._said = list(said)

    def routes(self, pod: PodRef) -> tuple[Route, ...]:
        found = self._said.pop(0)
        if isinstance(found, Unreachable):
            raise found
        return found  # type: ignore[return-value]


def test_the_routes_of_the_first_old_gateway_that_tells_them_are_asked() -> None:
    silent = Unreachable(verbatim("late"))
    desk = Desk(gateways=Routed(silent, (Route(8080, False, "a.x", "/1"),)), questions=())
    desk.want(of=places(2, 1))
    desk.calls(40)

    assert {(question.method, question.host) for question, _ in desk.port.asked} == {("GET", "a.x"), ("HEAD", "a.x")}
    assert desk.seen.unread is None


def test_routes_that_cannot_be_read_are_published() -> None:
    desk = Desk(gateways=Routed(Unreachable(verbatim("late"))))
    desk.want(of=places(1, 1))
    desk.calls(10)

    assert desk.seen.unread == verbatim("late")


# --- what is our own ----------------------------------------------------------------------------------------------


def test_our_requests_are_taken_out_of_their_gateway_once() -> None:
    own = OwnRequests()
    one = own.sent(Side.NEW, "gw", 8080, 1.0)
    own.answered(Side.NEW, "gw", one, OK)
    counts = [Delta("gw", Side.NEW, 2.0, 1.0, 3, 0, None, 3), Delta("other", Side.NEW, 2.0, 1.0, 3, 0, None, 3)]

    assert [found.requests for found in own.taken_out(counts)] == [2, 3]
    assert [found.requests for found in own.taken_out(counts)] == [3, 3]


def test_what_was_asked_before_anybody_read_a_gateways_counters_is_in_no_difference() -> None:
    own = OwnRequests()
    own.sent(Side.NEW, "gw", 8080, 1.0)
    own.seen_first(["gw", "other"])

    assert own.taken_out([Delta("gw", Side.NEW, 2.0, 1.0, 3, 0)])[0].requests == 3


def test_a_second_opinion_is_told_without_our_requests_of_that_side() -> None:
    own = OwnRequests()
    own.answered(Side.NEW, "gw", own.sent(Side.NEW, "gw", 8080, 10.0), OK)

    assert own.without(Side.NEW, Rate(5, 0), 5.0) == Rate(4, 0)
    assert own.without(Side.OLD, Rate(5, 0), 5.0) == Rate(5, 0)
    assert own.without(Side.NEW, None, 5.0) is None


def test_old_requests_are_forgotten() -> None:
    own = OwnRequests()
    own.sent(Side.NEW, "gw", 8080, 10.0)
    own.sent(Side.NEW, "gw", 8080, 10_000.0)

    assert own.without(Side.NEW, Rate(5, 0), 0.0) == Rate(4, 0)


def counted(requests: int, bad: int = 0) -> list[Delta]:
    return [Delta("new-1", Side.NEW, 2.0, 1.0, requests, bad, None, requests)]


@pytest.mark.parametrize(
    ("gateway", "left"),
    [("new-1", (2, 1, 2)), ("10.0.0.1:8080", (2, 1, 2)), ("", (3, 2, 3)), ("10.9.9.9", (3, 2, 3))],
)
def test_a_witness_whose_answer_names_its_gateway_is_no_client(gateway: str, left: tuple[int, int, int]) -> None:
    own = OwnRequests()
    own.witnessed(gateway, ((Side.OLD, ()), (Side.NEW, (PodRef("gw", "new-1", "u", "10.0.0.1"),))), 1.5, 503)

    (found,) = own.taken_out(counted(3, 2))
    assert (found.requests, found.bad, found.accepted) == left


@pytest.mark.parametrize(
    ("failure", "left"),
    [
        pytest.param(None, (2, 1), id="a good answer"),
        pytest.param(say("probe.bad", status=503), (2, 0), id="a bad answer"),
        pytest.param(say("probe.no-answer"), (2, 1), id="no answer"),
    ],
)
def test_a_probe_is_no_client_of_the_pod_that_is_behind_the_backend(
    failure: Message | None, left: tuple[int, int]
) -> None:
    own = OwnRequests()
    pod = PodRef("gw", "new-1", "u", "10.0.0.1")
    for whose in (((Side.NEW, pod),), ()):
        with own.asking(whose, Backend("l", "10.0.0.1", 80), 1.5) as said:
            said(failure)

    (found,) = own.taken_out(counted(3, 1))
    assert (found.requests, found.bad) == left


def test_a_step_that_wants_a_round_is_told_that_no_request_is_left_for_one() -> None:
    desk = Desk(most=6)
    desk.want()
    desk.calls(8)
    before = [facet for facet in desk.board.facets() if isinstance(facet, AskedOfBoth)]
    desk.want(LATER)
    desk.calls(2)

    assert before == [AskedOfBoth(6)]
    assert AskedOfBoth(6, used_up=True) in desk.board.facets()
