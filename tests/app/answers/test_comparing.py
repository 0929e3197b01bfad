"""`compare-answers` finds both sides as they live now, keeps its rate, and asks nothing when a side is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.app.answers.comparing import compare_answers
from migrator.domain.answers.answer import Answer
from migrator.domain.answers.trial import Place
from migrator.domain.messages.errors import Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.actions import ApplyObject, PodRef
from migrator.domain.model.answers import AnswersSpec, Question, Route
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.target import Existing
from migrator.domain.ports.outside import Readers
from tests.fakes.answers import OK, FakeAnswers
from tests.fakes.objects import NAMESPACE, NEW
from tests.fakes.standing import MAPPED, SHORT, daemon_set, deployment, standing
from tests.fakes.world import DEPLOYMENT, SPEC, FakeWorld, on

SHOP = Question("http", "shop.x", "/cart", port=80)
ASKING = replace(on(SPEC, "l-1"), answers=AnswersSpec(questions=(SHOP,)))


def world(deployed: bool = True) -> tuple[FakeWorld, FakeAnswers, Readers]:
    """Give a world with both sides, the new one not yet registered, and what asks them."""
    found = FakeWorld(listeners=("l-1",))
    if deployed:
        for manifest in found.plan(ASKING).manifests:
            found.cluster.apply(ApplyObject(manifest))
        found.clock.advance(5.0)
    return found, found.answers, found.readers


def test_both_sides_are_asked_at_every_pod_and_agree() -> None:
    found, answers, readers = world()
    parity = compare_answers(ASKING, readers, found.clock)

    assert parity.agrees
    names = {place.name for _, place in answers.asked}
    assert names == {pod.ref.name for ref in (DEPLOYMENT,) for pod in found.cluster.workload(ref).pods} | set(
        found.news()
    )


def test_the_rate_of_the_plan_is_kept() -> None:
    found, answers, readers = world()
    began = found.clock.monotonic()
    compare_answers(ASKING, readers, found.clock)

    assert found.clock.monotonic() - began >= (len(answers.asked) - 1) / 5.0


def test_a_new_side_that_answers_otherwise_is_found() -> None:
    found, answers, readers = world()
    answers.says = lambda _q, place: OK if place.side is Side.OLD else Answer(404)

    assert compare_answers(ASKING, readers, found.clock).differences


@pytest.mark.parametrize(
    ("code", "deployed", "answers", "gone"),
    [
        pytest.param("answers.no-new-side", False, ASKING.answers, False, id="no new workload"),
        pytest.param("answers.no-old-side", True, ASKING.answers, True, id="no backend of the old workload"),
        pytest.param("answers.off", True, None, False, id="a plan without answers"),
    ],
)
def test_without_two_sides_and_questions_nothing_is_asked(
    code: str, deployed: bool, answers: AnswersSpec | None, gone: bool
) -> None:
    found, asked, readers = world(deployed)
    if gone:
        found.balancer.rows.clear()
    with pytest.raises(UsageError) as caught:
        compare_answers(replace(ASKING, answers=answers), readers, found.clock)

    assert caught.value.message.code == code
    assert asked.asked == []


class Routed:
    """The fake gateways, which also tell their routes; `silent` ones do not."""

    def __init__(self, world: FakeWorld, silent: int) -> None:
        self._gateways, self._silent = world.gateways, silent
        self.routed: list[PodRef] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._gateways, name)

    def routes(self, pod: PodRef) -> tuple[Route, ...]:
        self.routed.append(pod)
        if len(self.routed) <= self._silent:
            raise Unreachable(say("gateway.late", pod=pod.name, seconds=5.0))
        return (Route(8080, False, "shop.x", "/a"), Route(9999, False, "other.x", "/b"))


@pytest.mark.parametrize("silent", [0, 1])
def test_the_routes_of_an_old_gateway_that_answers_are_asked(silent: int) -> None:
    found, answers, readers = world()
    routed = Routed(found, silent)
    parity = compare_answers(
        replace(ASKING, answers=AnswersSpec()),
        replace(readers, gateways=routed),
        found.clock,  # type: ignore[arg-type]
    )

    assert {(question.method, question.path) for question, _ in answers.asked} == {("GET", "/a"), ("HEAD", "/a")}
    assert parity.agrees


def test_routes_that_nobody_could_read_are_no_agreement() -> None:
    found, _, readers = world()
    routed = Routed(found, 99)
    parity = compare_answers(ASKING, replace(readers, gateways=routed), found.clock)  # type: ignore[arg-type]

    assert (parity.agrees, parity.unread is not None) == (False, True)


def test_places_are_told_by_their_listeners_port() -> None:
    found, answers, readers = world()
    compare_answers(ASKING, readers, found.clock)
    place = answers.asked[0][1]

    assert isinstance(place, Place)
    assert (place.listener, place.client_port, place.side) == ("l-1", 80, Side.OLD)


@pytest.mark.parametrize("made", [daemon_set(), deployment(3)], ids=["on its nodes", "pods of their own network"])
def test_a_new_side_that_stands_already_is_asked_where_it_is(made: Manifest) -> None:
    found, kind = standing(made), str(made["kind"])
    spec = replace(SHORT, target=Existing(NEW, kind, MAPPED), answers=ASKING.answers)

    assert compare_answers(spec, found.readers, found.clock).agrees
    pods = found.cluster.workload(ObjectRef("apps/v1", kind, NAMESPACE, NEW)).pods
    assert {place.name for _, place in found.answers.asked if place.side is Side.NEW} == {pod.ref.name for pod in pods}
