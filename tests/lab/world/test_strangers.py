"""A lab on a control plane that is not its own: TLS, no custom kinds, every right granted by RBAC, nothing left behind."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from migrator.cli.commands.lab import lab as commands
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, OURS, TAINT, Scenario
from migrator.lab.ground.manifests import everything
from migrator.lab.process import NotReady, ready_line, spawn, stop
from migrator.lab.world.strangers import leave, meet, refuse_taken

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@dataclass(frozen=True, slots=True)
class Strangers:
    """Somebody's control plane, as fresh as `kubeadm` leaves one, and a client of its administrator."""

    file: Path
    cluster: Cluster

    def names(self, path: str) -> list[str]:
        return sorted(item["metadata"]["name"] for item in self.cluster.get(path)["items"])

    def state(self) -> dict[str, list[str]]:
        """Everything that a lab could leave behind."""
        paths = ("/api/v1/namespaces", "/api/v1/nodes", "/api/v1/pods", "/api/v1/configmaps", DEFINITIONS)
        return {path: self.names(path) for path in (*paths, "/apis/coordination.k8s.io/v1/leases")}


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Strangers]:
    file = tmp_path / "strangers.kubeconfig"
    common = [sys.executable, "-m", "migrator.lab.kube", "--host", "127.0.0.1", "--port", "0", "--token", "secret"]
    server = spawn([*common, "--require-token", "--strangers", str(file)])
    try:
        ready_line(server, 30)
        with kubeconfig.connect(file) as http:
            yield Strangers(file, Cluster(http))
    finally:
        stop(server)


@pytest.fixture
def controllers(theirs: Strangers) -> Iterator[None]:
    process = spawn([sys.executable, "-m", "migrator.lab.controllers", "--kubeconfig", str(theirs.file)])
    try:
        ready_line(process, 30)
        yield
    finally:
        stop(process)


def lab(*words: str | Path, answer: str = "") -> Result:
    return CliRunner().invoke(commands, [*map(str, words)], input=answer)


def foreign_node(theirs: Strangers, name: str = "worker-7") -> None:
    theirs.cluster.http.post(
        "/api/v1/nodes", json={"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}
    ).raise_for_status()


def test_a_fresh_control_plane_is_met_as_it_is_and_knows_no_kind_of_istio(theirs: Strangers) -> None:
    met = meet(theirs.file)

    assert (met.context, met.foreign, met.server[:8]) == ("strangers", (), "https://")
    assert theirs.cluster.http.get("/apis/networking.istio.io/v1/gateways").status_code == 404
    slice_ = {
        "addressType": "IPv4",
        "metadata": {"name": "s"},
        "endpoints": [{"addresses": ["127.0.0.9"]}],
        "ports": [],
    }
    refused = theirs.cluster.http.post("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", json=slice_)
    assert refused.status_code == 422
    assert "loopback range" in refused.json()["message"]


def test_it_is_shown_and_nothing_is_made_without_an_answer(theirs: Strangers, tmp_path: Path) -> None:
    before = theirs.state()
    said = lab("up", "--dir", tmp_path / "lab", "--net", "auto", "--kubeconfig", theirs.file, answer="n\n")

    assert said.exit_code == 1
    assert "context 'strangers': https://127.0.0.1:" in said.output
    assert "no nodes of its own" in said.output
    assert theirs.state() == before


@pytest.mark.slow
@pytest.mark.parametrize("named", [(), ("--join-foreign", "production")], ids=["unnamed", "another's name"])
def test_a_control_plane_with_nodes_of_its_own_is_refused(
    theirs: Strangers, tmp_path: Path, named: tuple[str, ...]
) -> None:
    foreign_node(theirs)
    before = theirs.state()
    said = lab("demo", "--dir", tmp_path / "lab", "--kubeconfig", theirs.file, "--yes", *named)

    assert said.exit_code == 1
    assert "worker-7" in said.output
    assert "--join-foreign CONTEXT" in said.output
    assert theirs.state() == before


@pytest.mark.slow
def test_names_that_are_taken_are_refused_before_anything_is_made(theirs: Strangers) -> None:
    theirs.cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "app"}})
    foreign_node(theirs, "node-2")
    before = theirs.state()

    with pytest.raises(NotReady, match="already has namespace app, node node-2"):
        refuse_taken(theirs.file, Scenario(strangers=theirs.file))
    assert theirs.state() == before


@pytest.mark.slow
def test_a_control_plane_that_does_not_answer_is_named(theirs: Strangers, tmp_path: Path) -> None:
    content = json.loads(theirs.file.read_text())
    content["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    theirs.file.write_text(json.dumps(content))
    said = lab("up", "--dir", tmp_path, "--kubeconfig", theirs.file, "--yes")

    assert said.exit_code == 1
    assert "does not answer" in said.output


def test_only_what_the_lab_made_is_taken_away(theirs: Strangers) -> None:
    foreign_node(theirs)
    before = theirs.state()
    labels = dict([OURS])
    for kind, meta in (("Namespace", {"name": "app"}), ("Node", {"name": "node-1"})):
        root = f"/api/v1/{kind.lower()}s"
        body = {"apiVersion": "v1", "kind": kind, "metadata": {**meta, "labels": labels}}
        theirs.cluster.http.post(root, json=body).raise_for_status()
    pod = {"nodeName": "node-1", "containers": [{"name": "c", "image": "i"}]}
    theirs.cluster.http.post(
        "/api/v1/namespaces/app/pods", json={"metadata": {"name": "p"}, "spec": pod}
    ).raise_for_status()
    leave(theirs.file)
    leave(theirs.file)

    assert theirs.state() == before


def test_on_strangers_nodes_nothing_of_the_lab_runs_and_everything_is_labelled_for_its_own() -> None:
    found = everything(Scenario(strangers=Path("theirs")))
    (pod,) = (thing["spec"]["template"]["spec"] for thing in found if thing["kind"] == "Deployment")

    assert pod["nodeSelector"] == dict([OURS])
    assert pod["tolerations"] == [{"key": TAINT, "operator": "Exists"}]


@pytest.mark.slow
def test_a_lab_joins_serves_and_leaves_nothing(theirs: Strangers, controllers: None, tmp_path: Path) -> None:
    foreign_node(theirs)
    before = theirs.state()
    words: list[Any] = ["--dir", tmp_path / "lab"]
    parts = ("--parts", "app,balancer,istiod,node")
    joins = ("--kubeconfig", theirs.file, "--join-foreign", "strangers", "--net", "auto", "--nodes", "3", *parts)
    up = lab("up", *words, *joins, answer="y\n")
    try:
        assert up.exit_code == 0, up.output
        pods = theirs.cluster.get(f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods")["items"]
        nodes = [node for node in theirs.cluster.nodes() if node["metadata"]["name"] != "worker-7"]
        assert {pod["spec"]["nodeName"] for pod in pods} <= {node["metadata"]["name"] for node in nodes}
        assert all(node["spec"]["taints"][0]["key"] == TAINT for node in nodes)
        log = theirs.cluster.http.get(
            f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods/{pods[0]['metadata']['name']}/log", params={"tailLines": 1}
        )
        assert log.status_code == 200, log.text
    finally:
        down = lab("down", *words)

    assert down.exit_code == 0, down.output
    assert theirs.state() == before


@pytest.mark.matrix
@pytest.mark.timeout(600)
def test_a_demo_moves_a_gateway_on_a_control_plane_of_strangers(
    theirs: Strangers, controllers: None, tmp_path: Path
) -> None:
    before = theirs.state()
    out = tmp_path / "demo.json"
    words = ("--dir", tmp_path / "lab", "--net", "auto", "--kubeconfig", theirs.file, "--yes", "--out", out)
    said = lab("demo", *words)

    assert said.exit_code == 0, said.output[-3000:]
    assert json.loads(out.read_text())["lost"] == 0
    assert theirs.state() == before
