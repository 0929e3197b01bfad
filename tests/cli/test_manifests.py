"""What a run removed can be printed as it was, to be applied again, with what undoes the run's changes beside it."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from datetime import UTC, datetime

import yaml

from migrator.cli.views.human import objects
from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Heading, Run, State
from tests.app.world import stored, walked
from tests.cli.world import Terminal
from tests.store.world import make_plan


def test_the_old_workload_is_printed_ready_to_be_applied(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        walked(store, clock)

    said = terminal.call("manifests")
    first, second = yaml.safe_load_all(said.stdout)

    assert said.exit_code == 0
    assert first == {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "gw"}}
    assert second["kind"] == "HorizontalPodAutoscaler"
    [undo] = [line for line in said.stdout.splitlines() if "kubectl" in line]
    words = shlex.split(undo.lstrip("# "))
    assert words[:-1] == ["kubectl", "-n", "istio-gateways", "patch", "service", "gw", "--type", "merge", "-p"]
    assert json.loads(words[-1]) == {"spec": {"selector": {"v": None}}}


def test_programs_get_the_same_as_one_value(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        walked(store, clock)

    found = json.loads(terminal.call("manifests", "1", "--output", "json").stdout)

    assert (found["version"], found["run"]["id"]) == (1, 1)
    assert [each["kind"] for each in found["manifests"]] == ["Deployment", "HorizontalPodAutoscaler"]
    [undo] = found["undo"]
    assert undo["patch"] == {"spec": {"selector": {"v": None}}}
    assert (undo["object"], undo["why"]) == ("Service istio-gateways/gw", "narrow")


def test_without_a_run_there_is_nothing_to_print(terminal: Terminal) -> None:
    assert "no plan and no run" in terminal.refused("manifests", code=2)


def test_a_patch_names_the_cluster_as_the_plan_does() -> None:
    spec = make_plan("a1").spec
    now = datetime(2026, 12, 1, tzinfo=UTC)
    run = Run(7, "a1", "edge", State.COMPLETED, Heading.FORWARD, 0, now, now)
    there = replace(spec, cluster=replace(spec.cluster, context="prod"))
    change = Change(ObjectRef("v1", "Service", "edge", "gw"), "u", {}, {"a": 1}, say("x"))

    assert "kubectl --context=prod -n edge patch service gw --type merge" in objects.manifests(
        run, (), (change,), there
    )
