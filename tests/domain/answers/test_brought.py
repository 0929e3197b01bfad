"""What a change of product always brings is told and turns nothing back; all else counts as between two equal products."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.brought import TABLE, brought_by
from migrator.domain.answers.course import Ask
from migrator.domain.answers.findings import findings
from migrator.domain.model.answers import AnswersSpec
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.model.target import Existing
from tests.domain.answers.asked import OK, course, outcome
from tests.fakes.world import SPEC

PAGE = (("content-type", "text/html"),)
NAMED = AnswersSpec(headers=("server", "x-envoy-decorator", "content-type"))


def served_by(name: str) -> Answer:
    return replace(OK, headers=(*OK.headers, ("server", name)))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param(served_by("nginx"), served_by("envoy"), "answers.brought", id="who serves"),
        pytest.param(OK, replace(OK, headers=(*PAGE, ("x-envoy-decorator", "a"))), "answers.brought", id="x-envoy"),
        pytest.param(
            Answer(404, PAGE, body="a"), Answer(404, PAGE, body="b"), "answers.brought", id="page of an error"
        ),
        pytest.param(Answer(404, PAGE), Answer(404), "answers.brought", id="type of an error's page"),
        pytest.param(
            Answer(308, body="a", redirect="/x"), Answer(308, redirect="/x"), "answers.brought", id="redirect"
        ),
        pytest.param(Answer(308, redirect="/x"), Answer(308, redirect="/y"), "answers.different", id="leads elsewhere"),
        pytest.param(OK, replace(OK, body="another"), "answers.different", id="what a backend says"),
        pytest.param(OK, replace(OK, headers=()), "answers.different", id="type of a good answer"),
        pytest.param(Answer(404, PAGE), Answer(403, PAGE), "answers.different", id="status"),
        pytest.param(OK, OK, "", id="nothing"),
    ],
)
def test_two_products_differ_in_their_own_words_alone(old: Answer, new: Answer, code: str) -> None:
    asking = replace(course(spec=NAMED), brought=TABLE)

    def answers(ask: Ask, _number: int) -> Answer:
        return old if ask.place.side is Side.OLD else new

    found = {row.code for row in findings(outcome(asking, answers))}

    assert found - {"answers.unproved"} == ({code} if code else set())


def test_two_sides_of_one_kind_bring_nothing() -> None:
    same = replace(SPEC, target=Existing("gw-ds", "DaemonSet", gateway=replace(SPEC.gateway, admin_port=1)))
    other = replace(SPEC, target=Existing("gw-ds", "DaemonSet", gateway=GatewaySpec("envoy")))

    assert (brought_by(SPEC), brought_by(same), brought_by(other)) == ((), (), TABLE)
