"""What a run removed can be printed as it was, to be applied again, with what undoes the run's changes beside it."""

from __future__ import annotations

import json
import shlex

import yaml

from tests.app.world import stored, walked
from tests.cli.world import Terminal


def test_the_old_workload_is_printed_ready_to_be_applied(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        walked(store, clock)

    said = terminal.call("manifests")
    first, second = yaml.safe_load_all(said.stdout)

    assert said.exit_code == 0
    assert first == {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "gw"}}
    assert second["kind"] == "HorizontalPodAutoscaler"
    [undo] = [line for line in said.stdout.splitlines() if "kubectl patch" in line]
    words = shlex.split(undo.lstrip("# "))
    assert words[:-1] == ["kubectl", "patch", "service", "gw", "-n", "istio-gateways", "--type", "merge", "-p"]
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
