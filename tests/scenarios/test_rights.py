"""A ServiceAccount with exactly the roles that `migrator rbac` prints can do everything, and uses all of them."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from migrator.domain.model.runs import State
from migrator.lab.ground.layout import GATEWAY_NAME, Layout
from migrator.lab.ground.manifests import SELECTOR
from tests.scenarios.ground import Ground, Json
from tests.scenarios.operator import SHORT, Operator, plan_file

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

RBAC = "/apis/rbac.authorization.k8s.io/v1"
PLURALS = {"Role": "roles", "RoleBinding": "rolebindings", "ClusterRole": "clusterroles"} | {
    "ClusterRoleBinding": "clusterrolebindings"
}
BY_CHANCE = frozenset({("list", "", "events")})
"""Asked for the reason when a pod does not come up."""

SCALERS = frozenset({"scaledobjects"})
"""Only printed from a plan file, of which nobody has looked whether KEDA scales its gateway."""


@dataclass(frozen=True, slots=True)
class Account:
    """A ServiceAccount of the gateways' namespace, its kubeconfig, and what it was granted."""

    stage: Ground
    kubeconfig: Path

    @property
    def user(self) -> str:
        return f"system:serviceaccount:{self.stage.namespace}:migrator"

    def grant(self, operator: Operator, plan: str) -> set[tuple[str, str, str]]:
        """Apply what `rbac` prints for a plan; give every (verb, group, resource) of it."""
        asking = ("--kubeconfig", self.stage.record.kubeconfig, "--context", "lab")  # the administrator
        printed = operator.call("rbac", plan, "--name", "migrator", "--user", self.user, *asking)
        assert printed.returncode == 0, printed.stderr
        granted = set()
        for manifest in yaml.safe_load_all(printed.stdout):
            if manifest and manifest.get("kind") in PLURALS:
                self._apply(manifest)
                granted |= rights(manifest)
        return granted

    def _apply(self, manifest: Json) -> None:
        namespace = manifest["metadata"].get("namespace")
        where = f"{RBAC}{f'/namespaces/{namespace}' if namespace else ''}/{PLURALS[manifest['kind']]}"
        self.stage.cluster.delete(f"{where}/{manifest['metadata']['name']}")
        self.stage.cluster.http.post(where, json=manifest).raise_for_status()

    def asked(self) -> Json:
        return self.stage.cluster.get("/lab/access")


def rights(manifest: Json) -> set[tuple[str, str, str]]:
    """Give what a role grants."""
    return {
        (verb, group, resource)
        for rule in manifest.get("rules", ())
        for verb in rule["verbs"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


@pytest.fixture
def account(stage: Ground, tmp_path: Path) -> Account:
    """A ServiceAccount that may do nothing yet."""
    home = f"/api/v1/namespaces/{stage.namespace}/serviceaccounts"
    body = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "migrator", "namespace": stage.namespace},
    }
    stage.cluster.http.post(home, json=body).raise_for_status()
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = stage.cluster.http.post(f"{home}/migrator/token", json=asked).raise_for_status().json()["status"]["token"]
    config = yaml.safe_load(Path(stage.record.kubeconfig).read_text(encoding="utf-8"))
    config["users"][0]["user"] = {"token": token}
    config["clusters"][0]["cluster"]["server"] = f"http://{Layout(stage.record.net).api}"
    file = tmp_path / "account.kubeconfig"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    file.chmod(0o600)
    return Account(stage, file)


def served(stage: Ground) -> set[tuple[str, str]]:
    """Give each (group, resource) of this API server. Kinds that it does not have are asked for, and never reach its gate."""
    found = {("", row["name"]) for row in stage.cluster.get("/api/v1")["resources"]}
    for group in stage.cluster.get("/apis")["groups"]:
        for version in group["versions"]:
            resources = stage.cluster.get(f"/apis/{version['groupVersion']}")["resources"]
            found |= {(group["name"], row["name"]) for row in resources}
    return found


def scale(stage: Ground) -> None:
    """Let an autoscaler be there that might go below the three pods: it is pinned, and goes with the old side."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": GATEWAY_NAME}
    body = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": GATEWAY_NAME, "namespace": stage.namespace},
        "spec": {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 3},
    }
    where = f"/apis/autoscaling/v2/namespaces/{stage.namespace}/horizontalpodautoscalers"
    stage.cluster.http.post(where, json=body).raise_for_status()


def compare_two_pods(operator: Operator, account: Account) -> subprocess.CompletedProcess[str]:
    """Compare the configurations of two old gateways, with the account's rights."""
    stage = account.stage
    pods = [
        f"{stage.namespace}/{pod['metadata']['name']}" for pod in stage.cluster.ready_pods(stage.namespace, SELECTOR)
    ]
    return operator.call("parity", *pods[:2], "--kubeconfig", str(account.kubeconfig))


def refused_where_it_is_there(account: Account) -> list[Json]:
    """Give what the account was refused, but for reads in a namespace that is not there: no role can be made in it."""
    reads = ("get", "list")
    return [row for row in account.asked()["refused"] if row["namespace"] != "istio-system" or row["verb"] not in reads]


def plan_back(operator: Operator, run: int) -> Json:
    """Plan the way back from a run, once the Lease of a follower that was killed has run out; it may be blocked."""
    for _ in range(30):
        done = operator.call("plan", "--reverse", str(run), "--output", "json")
        assert done.returncode in (0, 2), done.stdout[-3000:] + done.stderr[-2000:]
        plan: Json = json.loads(done.stdout)["plan"]
        if "target.run-active" not in blocks(plan):
            return plan
        time.sleep(2.0)
    raise AssertionError(plan["findings"])


def blocks(plan: Json) -> set[str]:
    """Give the codes of what keeps a plan from being run."""
    return {row["code"] for row in plan["findings"] if row["severity"] == "block" and not row["waived"]}


def test_the_printed_roles_are_enough_for_everything_and_no_more_than_is_used(
    stage: Ground, operator: Operator, account: Account
) -> None:
    changes = {**SHORT, "cluster_kubeconfig": str(account.kubeconfig), "after": "migrator"}
    scale(stage)
    granted = account.grant(operator, str(plan_file(stage, **changes)))
    operator.plan(**changes)
    with stage.clients() as load:
        killed = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
        operator.kill(killed)
        resumed = operator.begin("resume")
        operator.await_("nine tenths", lambda eye: eye.title == "Shift 90 %")
        assert operator.call("rollback").returncode == 0
        assert operator.ends(resumed) == 4, operator.said()[-3000:]
        alike = compare_two_pods(operator, account)
        assert alike.returncode == 0, alike.stdout + alike.stderr
        operator.plan(**changes)
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
        following = operator.begin("follow")
        operator.await_("a follower", lambda eye: eye.run.id == 3 and eye.rests(State.RUNNING))
        operator.kill(following)
        assert operator.call("follow", "--end").returncode == 0
        completed = max(
            row["id"] for row in operator.runs() if row["state"] == "completed" and "nodes" not in row["name"]
        )
        assert refused_where_it_is_there(account) == []
        lacking = plan_back(operator, completed)
        assert blocks(lacking) == {"deploy.refused", "permission.denied"}
        refused = refused_where_it_is_there(
            account
        )  # the apply that a plan tries: the way back has not been granted yet
        granted |= account.grant(operator, lacking["id"])
        assert blocks(plan_back(operator, completed)) == set()
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
        summary = load.end()
    asked = account.asked()
    used = {(row["verb"], row["group"], row["resource"]) for row in asked["used"]}

    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert refused_where_it_is_there(account) == refused
    unused = {row for row in granted - used - BY_CHANCE if row[1:] in served(stage)}
    assert sorted(row for row in unused if row[2] not in SCALERS) == []
