"""`isolate` and `release`: what they need to be allowed is printed only when asked, and what is missing is said first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
