"""What a round comes to: differences, unproved sites, sides that were asked from inside or not at all, and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.answers.answer import Answer, Failure
from migrator.domain.answers.course import Ask
from migrator.domain.answers.findings import asked as named
from migrator.domain.answers.findings import different, findings, summary, table
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.domain.model.answers import Allowed, AnswersSpec, Concern, Protocol, Question
from migrator.domain.model.balancer import Side
from tests.domain.answers.asked import OK, SHOP, course, outcome, places
from tests.words import text

Given = Callable[[Ask, int], Answer]


def always(answer: Answer) -> Given:
    return lambda _ask, _number: answer


def new_says(answer: Answer) -> Given:
    return lambda ask, _number: OK if ask.place.side is Side.OLD else answer


def codes(parity: AnswerParity, severity: Severity = Severity.BLOCK) -> list[str]:
    return [finding.code for finding in findings(parity) if finding.severity is severity]


def test_before_anything_was_asked_nothing_is_known() -> None:
    assert (AnswerParity().known, AnswerParity().agrees) == (False, False)


def test_equal_sides_agree_and_nothing_is_found() -> None:
    found = outcome(course(), always(OK))

    assert found.agrees
    assert findings(found) == ()


def test_a_new_side_that_answers_404_differs() -> None:
    found = outcome(course(), new_says(Answer(404)))

    assert not found.agrees
    assert "answers.different" in codes(found)
    assert found.unproved == ()


@pytest.mark.parametrize(
    ("answer", "unproved"),
    [
        pytest.param(Answer(404), True, id="404 on both"),
        pytest.param(Answer(503), True, id="503 on both"),
        pytest.param(Answer(301, redirect="https://shop.x/"), True, id="one same redirect"),
        pytest.param(Answer(200, grpc="12"), True, id="a gRPC method that nobody has"),
        pytest.param(Answer(101, protocol="websocket"), False, id="a WebSocket that was granted"),
        pytest.param(Answer(204), False, id="an empty answer"),
        pytest.param(OK, False, id="200"),
    ],
)
def test_a_site_is_proved_by_one_good_answer(answer: Answer, unproved: bool) -> None:
    found = outcome(course(), always(answer))

    assert codes(found) == ["answers.unproved"] * unproved


def test_redirects_to_two_places_prove_a_site() -> None:
    paths = (SHOP, replace(SHOP, path="/other"))
    found = outcome(course(*paths), lambda ask, _n: Answer(302, redirect=f"https://x{ask.question.path}"))

    assert found.unproved == ()


def test_one_good_answer_of_a_site_says_nothing_of_another_site() -> None:
    other = replace(SHOP, host="api.x")
    found = outcome(course(SHOP, other), lambda ask, _n: OK if ask.question == SHOP else Answer(404))

    assert found.unproved == ("http://api.x",)


@pytest.mark.parametrize("side", list(Side))
def test_a_side_that_only_the_api_server_leads_to_was_asked_from_inside(side: Side) -> None:
    found = outcome(course(), lambda ask, _n: replace(OK, inside=ask.place.side is side))

    assert (found.inside, codes(found)) == ((side,), ["answers.asked-from-inside"])


def test_one_gateway_that_could_be_asked_straight_is_enough() -> None:
    assert outcome(course(), lambda ask, _n: replace(OK, inside=not ask.place.name.endswith("1"))).inside == ()


@pytest.mark.parametrize("side", list(Side))
def test_a_side_that_gives_no_answer_at_all_is_silent_and_not_called_different(side: Side) -> None:
    silence = Answer(failure=Failure.TIMEOUT, inside=True)
    found = outcome(course(), lambda ask, _n: silence if ask.place.side is side else OK)

    assert (found.silent, found.differences, found.inside) == ((side,), (), ())
    assert codes(found) == ["answers.silent"]


@pytest.mark.parametrize(
    ("allowed", "excused"),
    [
        pytest.param(Allowed("r", "shop.x", "/cart", (Concern.STATUS,)), True, id="exactly this"),
        pytest.param(Allowed("r", "*.x"), True, id="any part of a pattern of hosts"),
        pytest.param(Allowed("r", path="/other"), False, id="another path"),
        pytest.param(Allowed("r", "api.x"), False, id="another host"),
        pytest.param(Allowed("r", concerns=(Concern.BODY,)), False, id="another part"),
    ],
)
def test_a_difference_is_allowed_by_host_path_and_part(allowed: Allowed, excused: bool) -> None:
    spec = AnswersSpec(compare=(Concern.STATUS,), allow=(allowed,))
    found = outcome(course(spec=spec), new_says(replace(OK, status=203)))

    assert found.agrees is excused
    assert [row.reason for row in found.excused] == ["r"] * excused
    assert ("answers.allowed" in codes(found, Severity.INFO)) is excused


def test_an_unproved_site_and_a_side_asked_from_inside_are_allowed_with_their_reasons() -> None:
    allow = (
        Allowed("staging only", "shop.x", concerns=(Concern.UNPROVED,)),
        Allowed("vpn", "new", "*", (Concern.INSIDE,)),
    )
    found = outcome(
        course(spec=AnswersSpec(allow=allow)), lambda ask, _n: Answer(404, inside=ask.place.side is Side.NEW)
    )

    assert codes(found) == []
    assert [(row.who, row.reason) for row in found.excused] == [("http://shop.x", "staging only"), ("new", "vpn")]


def test_what_varies_on_the_old_side_is_listed_and_blocks_nothing() -> None:
    found = outcome(course(), lambda _ask, number: replace(OK, body=f"{number}"))

    assert codes(found) == []
    assert codes(found, Severity.INFO) == ["answers.unstable"]


def test_nothing_asked_is_no_proof() -> None:
    found = outcome(course(of=places(1, 0)), always(OK))

    assert codes(found) == ["answers.nothing-asked"]


def test_too_many_requests_and_sources_that_cannot_be_read_are_findings() -> None:
    assert "answers.too-many" in codes(outcome(course(), always(Answer(429))))
    assert codes(replace(outcome(course(), always(OK)), unread=say("look.not-yet"))) == ["answers.unread"]


def test_questions_that_were_left_are_said() -> None:
    left = replace(SHOP, port=81)
    found = outcome(course(SHOP, left), always(OK))

    assert found.left == (left,)
    assert codes(found, Severity.INFO) == ["answers.not-asked"]


def test_a_site_with_many_differences_is_one_finding_that_shows_some_and_counts_all() -> None:
    paths = tuple(replace(SHOP, path=f"/{number}") for number in range(8))
    spec = AnswersSpec(compare=(Concern.STATUS,))
    (finding,) = different(outcome(course(*paths, spec=spec), new_says(replace(OK, status=404))))
    rows = finding["rows"]

    assert isinstance(rows, tuple)
    assert (finding["count"], len(rows), finding["more"]) == (8, 5, 3)


def test_a_difference_that_was_not_asked_often_enough_is_said_to_be_unsure_and_counts_for_nothing() -> None:
    found = outcome(course(most=8), new_says(Answer(404)))
    (finding,) = [row for row in findings(found) if row.code == "answers.different"]

    assert different(found) == ()
    assert (finding.variant, finding.severity) == ("unsure", Severity.BLOCK)
    assert "not asked often enough to be sure" in text(finding.evidence)
    assert not found.agrees


@pytest.mark.parametrize("broken", [Answer(503), Answer(failure=Failure.REFUSED)], ids=["503", "refused"])
@pytest.mark.parametrize("new", [OK, Answer(404)], ids=["200", "404"])
def test_where_the_old_side_itself_fails_nothing_counts_against_the_new_one(broken: Answer, new: Answer) -> None:
    """An old gateway that was told to go, or that has lost its listener: going back there would help nobody."""
    other = replace(SHOP, host="api.x")

    def says(ask: Ask, _number: int) -> Answer:
        return OK if ask.question == other else broken if ask.place.side is Side.OLD else new

    found = outcome(course(SHOP, other), says)
    (finding,) = [row for row in findings(found) if row.code == "answers.different"]

    assert different(found) == ()
    assert (finding.variant, finding.severity) == ("old-fails", Severity.BLOCK)


@pytest.mark.parametrize("inside", list(Side))
@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_of_the_side_that_was_asked_from_inside_counts_for_nothing(inside: Side, status: int) -> None:
    def says(ask: Ask, _number: int) -> Answer:
        return Answer(status, inside=True) if ask.place.side is inside else OK

    found = outcome(course(), says)

    assert different(found) == ()
    assert {row.variant for row in findings(found) if row.code == "answers.different"} == {"who-asks"}


def test_what_is_no_refusal_counts_however_it_was_asked() -> None:
    assert different(outcome(course(), lambda ask, _n: Answer(404, inside=True) if ask.place.side is Side.NEW else OK))


def test_a_refusal_of_one_gateway_that_was_asked_from_inside_counts_for_nothing() -> None:
    def says(ask: Ask, _number: int) -> Answer:
        return Answer(403, inside=True) if ask.place.name == "new-4" else OK

    assert different(outcome(course(of=places(3, 5)), says)) == ()


def test_a_site_shows_what_is_sure_first_and_marks_what_is_not() -> None:
    paths = tuple(replace(SHOP, path=f"/{number}") for number in range(3))
    spec = AnswersSpec(compare=(Concern.STATUS,))
    (finding,) = different(outcome(course(*paths, spec=spec), new_says(replace(OK, status=404))))
    lines = text(finding.evidence).splitlines()

    assert ["not asked often enough" in line for line in lines] == [False, False, True]


@settings(deadline=None)
@given(
    old=st.sampled_from([200, 204, 301, 404, 503]),
    new=st.sampled_from([200, 204, 301, 404, 503]),
    pods=st.integers(1, 5),
)
def test_sides_agree_exactly_when_they_answer_alike(old: int, new: int, pods: int) -> None:
    found = outcome(course(of=places(pods, pods)), lambda ask, _n: Answer(old if ask.place.side is Side.OLD else new))

    assert found.agrees == (old == new)


def test_a_question_is_named_with_its_port_and_the_names_of_its_query_alone() -> None:
    question = Question("https", "shop.x", "/find", "HEAD", 8443, Protocol.HTTP2, ("q", "token"))

    assert named(question)["where"] == "https://shop.x:8443/find?q=&token="
    assert named(SHOP)["where"] == "http://shop.x/cart"


def test_a_round_is_told_in_a_table_of_what_is_there_to_see_and_in_one_sentence() -> None:
    found = outcome(course(), new_says(replace(OK, status=404)))
    agreed = outcome(course(), lambda _ask, _number: OK)

    assert [row.code for row in table(found)] == ["answers.difference"] * len(found.differences)
    assert table(agreed) == ()
    assert ("differences", len(found.differences)) in summary(found).values
    assert dict(summary(agreed).values).get("differences") is None
