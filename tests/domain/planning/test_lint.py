"""What lint says of a plan without a cluster."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.answers import AnswersSpec, Question
from migrator.domain.model.spec import Approval, CleanupSpec, LiveRange, TrafficSpec
from migrator.domain.planning.lint import offline
from tests.domain.planning.derive.gateways import spec

PLAN = spec({8080: 80})


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        pytest.param(
            replace(PLAN, cleanup=CleanupSpec(Approval.AUTO, 5.0)), "cleanup.keep-old-short", id="no time to go back"
        ),
        pytest.param(
            replace(PLAN, cleanup=CleanupSpec(Approval.AUTO), live=(LiveRange("keepOld", 5.0, 9.0),)),
            "cleanup.keep-old-short",
            id="the time to go back may be set too short",
        ),
        pytest.param(
            replace(PLAN, traffic=TrafficSpec((80.0, 100.0))), "lint.first-share-large", id="a large first share"
        ),
        pytest.param(replace(PLAN, traffic=TrafficSpec(min_requests=0)), "lint.no-requests-needed", id="no requests"),
        pytest.param(spec(patch={"metadata": {"name": "x"}}), "lint.patch", id="a patch of the name"),
        pytest.param(spec(patch={"spec": {"updateStrategy": {}}}), "lint.patch", id="a patch of the update strategy"),
        pytest.param(
            spec(patch={"spec": {"template": {"spec": {"hostNetwork": False}}}}), "lint.patch", id="of the network"
        ),
    ],
)
def test_a_fault_of_the_file_is_told(plan, code):
    assert code in [finding.code for finding in offline(plan)]
    assert code not in [finding.code for finding in offline(PLAN)]


def test_what_the_driver_refuses_blocks():
    found = offline(PLAN, say("haproxy.no-socket"))

    assert {finding.code for finding in found if finding.severity == "block"} == {"lint.balancer", "after.unsaid"}


def test_nothing_is_said_that_only_a_look_could_know():
    assert [finding.code for finding in offline(PLAN) if finding.severity == "block"] == ["after.unsaid"]


@pytest.mark.parametrize(
    ("kind", "answers", "told"),
    [
        pytest.param("none", AnswersSpec(), True, id="no routes and no list"),
        pytest.param("nginx", AnswersSpec(), True, id="nginx neither"),
        pytest.param("none", AnswersSpec(questions=(Question("http", "a.example", "/"),)), False, id="a list"),
        pytest.param("none", None, False, id="nothing is compared"),
        pytest.param("istio", AnswersSpec(), False, id="a gateway that tells its routes"),
    ],
)
def test_a_comparison_of_answers_without_any_question_is_told_before_the_run(kind, answers, told):
    plan = replace(PLAN, gateway=replace(PLAN.gateway, kind=kind), answers=answers)

    assert ("answers.nothing-asked" in [finding.code for finding in offline(plan)]) is told
