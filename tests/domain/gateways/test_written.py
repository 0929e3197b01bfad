"""Routes that people have written in the cluster become the plan's own questions, on the listeners that speak so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.answers.questions import MOST
from migrator.domain.gateways.written import with_written
from migrator.domain.model.answers import AnswersSpec, Origin, Question, Route
from migrator.domain.model.balancer import ProbeWay
from migrator.domain.model.spec import ListenerSpec, Spec
from tests.fakes.world import SPEC

SHOP, SAFE = Route(0, False, "shop.x", "/cart"), Route(0, True, "safe.x")
LISTENERS = (ListenerSpec("a", 80), ListenerSpec("b", 443))


def spec(answers: AnswersSpec | None, listeners: tuple[ListenerSpec, ...] = LISTENERS) -> Spec:
    return replace(SPEC, answers=answers, balancer=replace(SPEC.balancer, listeners=listeners))


def asked(found: Spec) -> list[tuple[str, str, str, int]]:
    rows = found.answers.questions if found.answers else ()
    return [(row.method, row.site, row.path, row.port) for row in rows]


def test_a_route_is_asked_where_its_clients_reach_it() -> None:
    found = with_written(spec(AnswersSpec()), (SAFE, SHOP))

    assert asked(found) == [
        ("GET", "http://shop.x", "/cart", 80),
        ("HEAD", "http://shop.x", "/cart", 80),
        ("GET", "https://safe.x", "/", 443),
        ("HEAD", "https://safe.x", "/", 443),
        ("GET", "https://safe.x", "/", 443),
    ]
    assert {row.origin for row in found.answers.questions} == {Origin.ROUTES} if found.answers else False


@pytest.mark.parametrize(
    ("probe", "site"),
    [(ProbeWay.HTTP, "http://shop.x"), (ProbeWay.HTTPS_PROXY, "https://safe.x"), (ProbeWay.TCP, "http://shop.x")],
)
def test_what_the_plan_says_of_a_listener_goes_before_its_number(probe: ProbeWay, site: str) -> None:
    found = with_written(spec(AnswersSpec(), (ListenerSpec("a", 8443, probe=probe),)), (SAFE, SHOP))

    assert {row[1] for row in asked(found)} == {site}


def test_the_plans_own_questions_come_first_and_nothing_is_asked_twice() -> None:
    own = Question("http", "own.x", port=80)
    once = with_written(spec(AnswersSpec(questions=(own,))), (SHOP,))

    assert asked(once)[0] == ("GET", "http://own.x", "/", 80)
    assert with_written(once, (SHOP,)) == once


def test_a_plan_that_asks_for_no_routes_gets_none() -> None:
    assert with_written(spec(None), (SHOP,)).answers is None
    assert asked(with_written(spec(AnswersSpec(routes=False)), (SHOP,))) == []


def test_a_plan_holds_as_many_as_a_round_may_ask() -> None:
    routes = [Route(0, False, f"shop-{number}.x") for number in range(MOST)]

    assert len(asked(with_written(spec(AnswersSpec()), routes))) == MOST
