"""A follower by its plan file alone, under load: the API server hangs, kubelets are silent, process and store are lost."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import yaml

from migrator.domain.model.runs import State
from tests.scenarios.ground import Ground, Json, eventually
from tests.scenarios.operator import SHORT, Operator, plan_file
from tests.scenarios.test_follow import DOOMED, WELL, change, weight

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

HUNG_FOR = 120.0
PATIENCE = 30.0
"""What `follow.notReady` is when nobody says anything."""

MOST = ("node-1", "node-2", "node-3")
ONE = "node-2"


def silence(stage: Ground, *nodes: str) -> None:
    """Keep these nodes' kubelets from the API server; their gateways serve all the while.

    From their pods, too: a kubelet that reaches those alone writes again and again that they are Ready, and is no silent one.
    """
    pods = f"/api/v1/namespaces/{stage.namespace}/pods"
    here = [pod for pod in stage.cluster.get(pods)["items"] if pod["spec"].get("nodeName") in nodes]
    leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
    paths = [f"{root}/{node}" for node in nodes for root in ("/api/v1/nodes", leases)]
    for path in (*paths, *(f"{pods}/{pod['metadata']['name']}" for pod in here)):
        stage.break_api(status=503, match={"agents": ["kubelet/lab"], "path_prefix": path})


def not_ready(stage: Ground) -> set[str]:
    """The nodes that the cluster calls lost."""
    return {
        node["metadata"]["name"]
        for node in stage.cluster.nodes()
        if any(row["type"] == "Ready" and row["status"] != "True" for row in node["status"]["conditions"])
    }


def probed(operator: Operator, path: str) -> int:
    """Ask the follower as a kubelet would."""
    found = re.search(r"http://\S+/", operator.said())
    return httpx.get(found[0] + path).status_code if found else 0


def begun(operator: Operator, file: str) -> subprocess.Popen[bytes]:
    """Begin to follow, and wait until the store is there to be read: it is this process that makes it."""
    process = operator.begin("follow", file, "--metrics", "0")
    eventually("a process that has begun", lambda: "Serving measures" in operator.said(), 60.0)
    return process


def test_a_follower_by_its_plan_file_outlives_the_cluster_its_process_and_its_store(
    stage: Ground, operator: Operator, others: Callable[[str], Operator]
) -> None:
    operator.plan(**SHORT, strategy="blue-green", after="migrator")
    with stage.clients():
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
    full, before = weight(stage, ONE), stage.weights()
    file = str(stage.folder / "plan.yaml")
    first, second = others("first"), others("second")
    with stage.clients() as load:
        following = begun(first, file)
        first.await_("a follower", lambda eye: eye.rests(State.RUNNING))
        eventually("its probes", lambda: (probed(first, "healthz"), probed(first, "readyz")) == (200, 200), 30.0)

        stage.shut_api("delay", HUNG_FOR)
        time.sleep(HUNG_FOR)
        stage.mend_api()
        silence(stage, *MOST)
        eventually("lost nodes", lambda: not_ready(stage) == set(MOST), 60.0)
        time.sleep(PATIENCE + 10.0)
        in_trouble, told = stage.weights(), first.said()
        stage.mend_api()
        eventually("nodes that are back", lambda: not not_ready(stage), 60.0)

        silence(stage, ONE)
        eventually("the weight of one silent node", lambda: weight(stage, ONE) == 0, 120.0)
        first.kill(following)
        stage.mend_api()
        following = begun(second, file)
        eventually("its weight from a process without its store", lambda: weight(stage, ONE) == full, 120.0)
        following.send_signal(signal.SIGTERM)
        code = second.ends(following, 5.0)
        summary = load.end()

    assert in_trouble == before
    assert "more than a third" in told
    assert code == 0
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert summary["totals"]["sent"] > 1000
    assert stage.weights() == before


def test_with_the_printed_roles_alone_a_follower_is_refused_nothing(
    stage: Ground, operator: Operator, others: Callable[[str], Operator], tmp_path: Path
) -> None:
    operator.plan(**SHORT, strategy="blue-green", after="migrator")
    with stage.clients():
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
    full, file = weight(stage, ONE), str(stage.folder / "plan.yaml")
    printed = operator.call("follow", file, "--print-manifests", "--output", "json")
    kubeconfig = account(stage, json.loads(printed.stdout)["manifests"], tmp_path)
    inside = str(plan_file(stage, **SHORT, after="migrator", cluster_kubeconfig=str(kubeconfig)))
    other = others("other")
    following = begun(other, inside)
    other.await_("a follower", lambda eye: eye.rests(State.RUNNING))
    change(stage, ONE, spec=DOOMED)
    try:
        eventually("the removal of a leaving node", lambda: weight(stage, ONE) is None, 60.0)
    finally:
        change(stage, ONE, spec=WELL)
    eventually("the return of a node that stays", lambda: weight(stage, ONE) == full, 60.0)
    following.send_signal(signal.SIGTERM)
    code = other.ends(following, 5.0)

    assert code == 0
    assert stage.cluster.get("/lab/access")["refused"] == []


def account(stage: Ground, manifests: list[Json], folder: Path) -> Path:
    """Apply the service account and its roles; give a kubeconfig by which one is that account."""
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    for each in manifests:
        kind, namespace = each["kind"], each["metadata"].get("namespace")
        if kind in ("ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"):
            root = "/api/v1" if kind == "ServiceAccount" else rbac
            where = f"{root}{f'/namespaces/{namespace}' if namespace else ''}/{kind.lower()}s"
            stage.cluster.delete(f"{where}/{each['metadata']['name']}")
            stage.cluster.http.post(where, json=each).raise_for_status()
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    home = f"/api/v1/namespaces/{stage.namespace}/serviceaccounts/migrator-follow/token"
    token = stage.cluster.http.post(home, json=asked).raise_for_status().json()["status"]["token"]
    config = yaml.safe_load(Path(stage.record.kubeconfig).read_text(encoding="utf-8"))
    config["users"][0]["user"] = {"token": token}
    config["clusters"][0]["cluster"]["server"] = f"http://{stage.layout.api}"
    file = folder / "account.kubeconfig"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    file.chmod(0o600)
    return file
