"""`isolate` and `release`: what they need to be allowed is printed only when asked, and what is missing is said first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.cli.views.human.journeys import shown as human
from migrator.cli.views.live.lines import line
from migrator.cli.views.live.pods import facts
from migrator.domain.model.balancer import Health
from migrator.domain.steps.isolating.bring import Bring, Unmark
from migrator.domain.steps.isolating.set_aside import SetAside
from migrator.domain.turn.journeys import JOURNEYS
from tests.cli.samples import World, of_pod, world
from tests.cli.world import Terminal

PLAN = str(Path(__file__).parents[2] / "plans" / "lab.yaml")


def on_pods(terminal: Terminal, *words: str) -> set[str]:
    """Give the verbs on pods that the printed roles grant."""
    roles = json.loads(terminal.call("rbac", PLAN, "--output", "json", *words).output)["roles"]
    rules = [rule for role in roles for rule in role.get("rules", ()) if "pods" in rule["resources"]]
    return {verb for rule in rules for verb in rule["verbs"]}


def test_nobody_may_patch_or_delete_pods_unasked(terminal: Terminal) -> None:
    usual, asked = on_pods(terminal), on_pods(terminal, "--isolate")

    assert not {"patch", "delete"} & usual
    assert asked - usual == {"patch", "delete"}


@pytest.mark.parametrize("command", ["isolate", "release"])
def test_a_command_about_a_pod_needs_a_plan(terminal: Terminal, command: str) -> None:
    assert "--plan" in terminal.refused(command, "gw-1", code=2)


@pytest.fixture(name="shown", scope="module")
def _shown(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("store"))


def test_a_turn_about_one_pod_says_what_its_own_row_weighs_and_no_share(shown: World) -> None:
    turn = of_pod(shown, shown.plan)
    told = line(turn, "w", of=facts)

    assert told.endswith("(lbl-80/10.0.0.1:8080 weight 0, healthy, 3 connections)")
    assert "new 100" in line(turn, "w")


def test_of_a_row_that_is_gone_nothing_is_said_and_of_one_that_nobody_checks_no_health(shown: World) -> None:
    turn = of_pod(shown, shown.plan)
    bare = replace(turn.look.backends[0], weight=None, health=Health.UNKNOWN, connections=None)

    assert facts(replace(turn, look=replace(turn.look, backends=()))) == []
    assert facts(replace(turn, look=replace(turn.look, backends=(bare,)))) == ["lbl-80/10.0.0.1:8080"]
    assert facts(replace(turn, seen=None)) == []


def test_a_pod_that_is_put_back_is_known_by_the_rows_that_it_gets(shown: World) -> None:
    turn = of_pod(shown, shown.plan)
    step = turn.route[0]
    assert isinstance(step, SetAside)
    back = Bring(step.captive.pod, step.captive.rows, (), 5.0)

    assert facts(replace(turn, route=(back, Unmark(step.captive.pod, {})))) == facts(turn)


@pytest.mark.parametrize("way", ["isolate", "release"])
def test_status_of_a_run_about_one_pod_has_no_share(shown: World, way: str) -> None:
    journey = JOURNEYS[way]
    status = replace(shown.status, journey=journey)
    words = [fact.words.plain for fact in human(journey).facts(status)]

    assert not any("new connections" in each for each in words)
    assert any("89.9" in each for each in [fact.words.plain for fact in human(JOURNEYS["forward"]).facts(shown.status)])
