"""`migrator rbac`: what it prints can be piped to kubectl as it is, and holds the cloud's policy for programs and people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
import yaml

from migrator.adapters.balancers import profile_of
from tests.cli.world import Terminal

PLANS = Path(__file__).parents[2] / "plans"
GATEWAYS = "lab-envoy-gateway.yaml"
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


class Spaces(BaseHTTPRequestHandler):
    """A cluster that has the namespaces and Deployments of its `there`, all with these `labels`, and says nothing else."""

    there: frozenset[str] = frozenset()
    labels: ClassVar[dict[str, str]] = {}
    status = 200

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2].partition("?")[0]
        rows = [
            {"name": "namespaces", "kind": "Namespace", "namespaced": False, "verbs": ["get"]},
            {"name": "deployments", "kind": "Deployment", "namespaced": True, "verbs": ["get"]},
        ]
        found: Any = {"kind": "APIResourceList", "groupVersion": "v1", "resources": rows}
        code = self.status
        if "/namespaces/" in self.path and code == 200:
            code = 200 if name in self.there else 404
            found = {"kind": "Namespace", "metadata": {"name": name, "labels": self.labels}}
        body = json.dumps(found if code == 200 else {"kind": "Status", "code": code, "reason": "NotFound"}).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("there", "status", "printed"),
    [
        pytest.param({"istio-system"}, 200, True, id="it is there"),
        pytest.param(set(), 200, False, id="it is not there"),
        pytest.param(set(), 403, True, id="we may not see"),
        pytest.param(set(), 503, True, id="no answer"),
    ],
)
def test_a_role_is_printed_unless_the_cluster_says_that_its_namespace_is_absent(
    terminal: Terminal, tmp_path: Path, there: set[str], status: int, printed: bool
) -> None:
    with served(there, status) as port:
        file = plan_at(tmp_path, port)
        said = terminal.call("rbac", str(file)).output
    spaces = {row["metadata"].get("namespace") for row in yaml.safe_load_all(said) if row}

    assert ("istio-system" in spaces) is printed
    assert ("There is no namespace istio-system in the cluster" in said) is not printed
    assert "istio-gateways" in spaces


@contextmanager
def served(there: set[str], status: int = 200, labels: dict[str, str] | None = None) -> Iterator[int]:
    """Serve such a cluster; give its port."""
    handler = type("Handler", (Spaces,), {"there": frozenset(there), "status": status, "labels": labels or {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_an_administrator_asks_which_namespaces_are_there_for_an_account_that_may_not_see_them(
    terminal: Terminal, tmp_path: Path
) -> None:
    (own := tmp_path / "own").mkdir()
    (theirs := tmp_path / "theirs").mkdir()
    with served(set(), 403) as account, served(set()) as administrator:
        file = plan_at(theirs, account)
        plan_at(own, administrator)
        said = terminal.call("rbac", str(file), "--kubeconfig", str(own / "kubeconfig"), "--context", "lab").output

    assert {row["metadata"].get("namespace") for row in yaml.safe_load_all(said) if row} == {"istio-gateways", None}


OWNED = {"gateway.envoyproxy.io/owning-gateway-name": "edge"}


@pytest.mark.parametrize(
    ("labels", "status", "removed"),
    [
        pytest.param(OWNED, 200, False, id="its controller removes it"),
        pytest.param({}, 200, True, id="nobody owns it"),
        pytest.param(OWNED, 403, True, id="we may not see"),
    ],
)
def test_the_removal_of_a_workload_that_is_handed_over_is_not_asked_for(
    terminal: Terminal, tmp_path: Path, labels: dict[str, str], status: int, removed: bool
) -> None:
    source = yaml.safe_load((PLANS / GATEWAYS).read_text())["spec"]["source"]
    with served({source["name"]}, status, labels) as port:
        said = terminal.call("rbac", str(plan_at(tmp_path, port, GATEWAYS))).output
    rules = [rule for row in yaml.safe_load_all(said) if row and row["kind"] == "Role" for rule in row["rules"]]

    assert any("deployments" in rule["resources"] and "delete" in rule["verbs"] for rule in rules) is removed
    assert any("deployments" in rule["resources"] and "get" in rule["verbs"] for rule in rules)


def plan_at(folder: Path, port: int, plan: str = FILES["tencent"]) -> Path:
    """Give the lab's plan file for a cluster on this port of loopback."""
    cluster = {"name": "lab", "cluster": {"server": f"http://127.0.0.1:{port}"}}
    context = {"name": "lab", "context": {"cluster": "lab", "user": "lab"}}
    user = {"name": "lab", "user": {"token": "x"}}
    config = {"apiVersion": "v1", "kind": "Config", "current-context": "lab"}
    kubeconfig, file = folder / "kubeconfig", folder / "plan.yaml"
    kubeconfig.write_text(json.dumps({**config, "clusters": [cluster], "contexts": [context], "users": [user]}))
    kubeconfig.chmod(0o600)
    file.write_text((PLANS / plan).read_text().replace("build/lab/kubeconfig", str(kubeconfig)))
    return file
