"""`migrator rbac`: what it prints can be piped to kubectl as it is, and holds the cloud's policy for programs and people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.adapters.balancers import profile_of
from tests.cli.world import Terminal

PLANS = Path(__file__).parents[2] / "plans"
FILES = {"tencent": "lab.yaml", "aliyun-clb": "lab-aliyun-clb.yaml", "aliyun-nlb": "lab-aliyun-nlb.yaml"}


@pytest.mark.parametrize("provider", FILES)
def test_the_roles_can_be_piped_to_kubectl_and_the_policy_stands_in_a_comment(
    terminal: Terminal, provider: str
) -> None:
    said = terminal.call("rbac", str(PLANS / FILES[provider])).output
    comment = "\n".join(line.removeprefix("#") for line in said.splitlines() if line.startswith("#"))
    policy: Any = json.loads(comment.split("balancer:", 1)[1])

    assert {row["kind"] for row in yaml.safe_load_all(said)} == {
        "Role",
        "RoleBinding",
        "ClusterRole",
        "ClusterRoleBinding",
    }
    rights = profile_of(provider).rights
    assert rights
    assert all(action in json.dumps(policy) for action in (*rights.reads, *rights.writes))
    assert f"# {profile_of(provider).page} says more of provider {provider}." in said


def test_programs_get_the_same_as_a_value(terminal: Terminal) -> None:
    found = json.loads(terminal.call("rbac", str(PLANS / FILES["aliyun-nlb"]), "--output", "json").output)
    rules = [rule for role in found["roles"] if role["kind"] == "Role" for rule in role["rules"]]

    assert found["cloud_policy"]["Version"] == "1"
    assert found["page"] == "docs/aliyun.md"
    assert {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]} in rules  # Istio's mesh configuration


def test_a_provider_without_policies_is_said_to_have_none(terminal: Terminal) -> None:
    said = terminal.call("rbac", str(PLANS / "lab-haproxy.yaml")).output

    assert said.splitlines()[-1] == "# haproxy: no cloud policy is known for this provider's driver."
