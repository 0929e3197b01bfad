"""Both sides as real servers on loopback, asked by the real asker: what is a difference between them, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import pytest

from migrator.adapters.answers.asker import Asker
from migrator.domain.answers.answer import Answer
from migrator.domain.answers.course import Ask
from migrator.domain.answers.findings import findings
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.answers.trial import Place
from migrator.domain.messages.findings import Severity
from migrator.domain.model.actions import PodRef
from migrator.domain.model.answers import HEADERS, Concern, Question
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading, Ruling
from migrator.domain.model.spec import JudgeSpec
from migrator.workflow.watching.history import History
from migrator.workflow.watching.own_requests import OwnRequests
from tests.adapters.answers.sites import by_sni, in_tls, listening, plain, whole
from tests.adapters.served import Asked, Reply, serving
from tests.domain.answers.asked import course, outcome

ASKER = Asker(HEADERS, seconds=2.0)
SHOP = Question("http", "shop.x", "/cart")
HEAD = Question("http", "shop.x", "/cart", "HEAD")
Says = Callable[[Side, Asked], Reply]


def place(side: Side, number: int, port: int, client_port: int = 80) -> Place:
    pod = PodRef("gw", f"{side.value}-{number}", f"uid-{side.value}-{number}", f"10.0.0.{number}")
    return Place(side, "lbl", client_port, "127.0.0.1", port, pod)


@contextmanager
def sides(says: Says, each: int = 2) -> Iterator[tuple[Place, ...]]:
    """Serve so many gateways of each side."""
    with ExitStack() as stack:
        yield tuple(
            place(side, number, stack.enter_context(serving(partial(says, side))).port)
            for side in Side
            for number in range(each)
        )


def compared(says: Says, *questions: Question, ask: Callable[[Ask], Answer] | None = None) -> AnswerParity:
    """Ask a whole round of both sides."""
    asking = ask or (lambda one: ASKER.ask(one.question, one.place))
    with sides(says) as where:
        return outcome(course(*(questions or (SHOP,)), of=where, most=200), lambda one, _number: asking(one))


def blocks(found: AnswerParity) -> list[str]:
    return [":".join(filter(None, (f.code, f.variant))) for f in findings(found) if f.severity is Severity.BLOCK]


@pytest.mark.parametrize("upstreams", [2, 3])
def test_upstreams_that_take_turns_behind_both_sides_are_no_difference(upstreams: int) -> None:
    turn = count()
    found = compared(lambda _side, _asked: Reply(200, f"upstream {next(turn) % upstreams}".encode()))

    assert blocks(found) == []


def test_a_weighted_route_is_no_difference() -> None:
    lot = Random(5)
    found = compared(lambda _side, _asked: Reply(200, b"new" if lot.random() < 0.1 else b"old"))

    assert blocks(found) == []


def test_a_request_id_in_the_body_is_unstable_and_no_gate() -> None:
    number = count()
    found = compared(lambda _side, _asked: Reply(200, f"request {next(number)}".encode()))

    assert blocks(found) == []
    assert [row.concern for row in found.unstable] == [Concern.BODY]


def test_a_certificate_that_differs_by_sni_is_a_difference(tmp_path: Path) -> None:
    tls = Question("https", "shop.x", "/cart")
    serve = {
        side: in_tls(by_sni(tmp_path, {"": "any.x", "shop.x": f"shop-{side.value}.x"}), plain(whole())) for side in Side
    }
    with ExitStack() as stack:
        where = [place(side, 0, stack.enter_context(listening(serve[side])), 443) for side in Side]
        found = outcome(course(tls, of=where, most=200), lambda one, _number: ASKER.ask(one.question, one.place))

    assert {row.concern for row in found.differences} == {Concern.CERTIFICATE}
    assert blocks(found) == ["answers.different"]


def test_head_is_compared_with_head_and_get_with_get() -> None:
    def says(side: Side, asked: Asked) -> Reply:
        wrong = asked.method == "HEAD" and side is Side.NEW
        return Reply(405 if wrong else 200, b"" if asked.method == "HEAD" else b"hello")

    found = compared(says, SHOP, HEAD)

    assert {row.question.method for row in found.differences} == {"HEAD"}
    assert blocks(compared(lambda _s, asked: Reply(405 if asked.method == "HEAD" else 200), SHOP, HEAD)) == []


def test_a_host_that_is_404_on_both_sides_is_unproved_and_no_difference() -> None:
    found = compared(lambda _side, _asked: Reply(404))

    assert (found.unproved, found.differences) == (("http://shop.x",), ())
    assert blocks(found) == ["answers.unproved"]


# --- rules by who asks --------------------------------------------------------------------------------------------


def test_both_sides_that_refuse_whom_they_do_not_know_prove_nothing_and_differ_in_nothing() -> None:
    found = compared(lambda _side, _asked: Reply(403, b"RBAC: access denied"))

    assert blocks(found) == ["answers.unproved"]


@pytest.mark.parametrize("inside", list(Side))
def test_a_403_for_who_asks_is_told_and_is_no_difference_between_the_sides(inside: Side) -> None:
    """The gateways' rule knows our address; of one side we could ask only from its own loopback."""

    def says(side: Side, _asked: Asked) -> Reply:
        return Reply(403, b"RBAC: access denied") if side is inside else Reply(200, b"hello")

    def ask(one: Ask) -> Answer:
        return replace(ASKER.ask(one.question, one.place), inside=one.place.side is inside)

    found = compared(says, ask=ask)

    assert not any(row.counts for row in found.differences)
    assert blocks(found) == ["answers.different:who-asks", "answers.asked-from-inside"]


def test_a_403_that_the_new_side_alone_gives_to_the_same_caller_is_a_difference() -> None:
    found = compared(lambda side, _asked: Reply(403 if side is Side.NEW else 200))

    assert "answers.different" in blocks(found)


# --- no evidence about clients ------------------------------------------------------------------------------------


def test_without_any_client_the_verdict_stays_too_few_while_both_sides_are_asked() -> None:
    """The servers count what they answer, as gateways do: nothing but our own questions is in it."""
    own, now = OwnRequests(), 0.0
    history = History(JudgeSpec(), own=own)
    counted: dict[str, int] = {}
    ruled: list[Ruling] = []

    def sample(where: tuple[Place, ...]) -> None:
        nonlocal now
        now += 1.0
        counts = {row.name: counted.get(row.name, 0) for row in where}
        history.add(
            [Reading(row.name, row.side, now, "1", counts[row.name], 0, accepted=counts[row.name]) for row in where],
            now,
        )
        verdict = history.ruled(now, 0.0).verdict
        ruled.extend([verdict.ruling] if verdict else [])

    with sides(lambda _side, _asked: Reply(200)) as where:

        def ask(one: Ask, number: int) -> Answer:
            if number % 3 == 0:
                sample(where)
            sent = own.sent(one.place.side, one.place.name, one.place.port, now)
            answer = ASKER.ask(one.question, one.place)
            own.answered(one.place.side, one.place.name, sent, answer)
            counted[one.place.name] = counted.get(one.place.name, 0) + 1
            return answer

        sample(where)
        found = outcome(course(SHOP, HEAD, of=where, most=200), ask)
        sample(where)

    assert found.asked == sum(counted.values()) > 0
    assert set(ruled) <= {Ruling.TOO_FEW, Ruling.NO_DATA}
    assert Ruling.TOO_FEW in ruled
