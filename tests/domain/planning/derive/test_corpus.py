"""Vendors' own pairs of Deployment and DaemonSet, and other real Deployments (MIGRATOR_CORPUS; skipped without)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from migrator.domain.model.manifests import Manifest, dig, items, labels, mapping, number, selects, text
from migrator.domain.model.spec import ClusterSpec, Spec
from migrator.domain.model.target import Network
from migrator.domain.planning.derive import derive
from migrator.domain.planning.derive.compare import differences
from tests.domain.planning.derive.gateways import spec

DOCS = Path(__file__).parents[4] / "docs" / "derive.md"
CORPUS = Path(os.environ.get("MIGRATOR_CORPUS", "/nonexistent"))
PAIRS = sorted(str(path.parent.relative_to(CORPUS)) for path in CORPUS.rglob("daemonset.yaml"))
SINGLE = sorted(str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*.yaml") if path.name != "daemonset.yaml")
GROUPED = ("spec.updateStrategy",)
OBJECTS_LABEL = "metadata.labels"

pytestmark = pytest.mark.skipif(not PAIRS, reason="MIGRATOR_CORPUS does not lead to the corpus")


def objects(path: Path, kind: str) -> list[Manifest]:
    with path.open(encoding="utf-8") as file:
        return [found for found in yaml.safe_load_all(file) if found and found["kind"] == kind]


def plan_for(source: Manifest, name: str, plan: Spec) -> Spec:
    """Give the plan for a vendor's gateway: its namespace and name, no node selector of ours."""
    target = replace(plan.target, name=name, node_selector=(), tolerations=())
    return replace(plan, cluster=ClusterSpec(text(source, "metadata", "namespace")), target=target)


def differing(pair: str) -> set[str]:
    (source,) = objects(CORPUS / pair / "deployment.yaml", "Deployment")
    (theirs,) = objects(CORPUS / pair / "daemonset.yaml", "DaemonSet")
    low = {
        number(port, "containerPort") for port in items(source, "spec", "template", "spec", "containers", 0, "ports")
    }
    ports = {port: port for port in (80, 443) if port in low}

    made, _ = derive(source, plan_for(source, theirs["metadata"]["name"], spec(ports, Network.HOST_PORT)))

    theirs["metadata"].setdefault("labels", {})
    paths = {found.path for found in differences(made, theirs, "")}
    return {next((group for group in GROUPED if path.startswith(group)), path) for path in paths}


def explained(pair: str) -> set[str]:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in DOCS.read_text(encoding="utf-8").split("## Measured against")[1].splitlines()
        if line.startswith("|") and not line.startswith(("| pair", "|---"))
    ]
    groups = {"every", pair, pair.split("/")[0] + "/*"}
    return {path for where, path, _ in rows if where in groups}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_vendors_daemonset_differs_only_as_the_docs_explain(pair):
    assert differing(pair) == explained(pair)


def real() -> list[tuple[str, Manifest]]:
    found = [(name, objects(CORPUS / name, "Deployment")) for name in SINGLE]
    return [(f"{name}-{number}", source) for name, sources in found for number, source in enumerate(sources)]


@pytest.mark.parametrize("network", list(Network))
@pytest.mark.parametrize(("name", "source"), [pytest.param(*row, id=row[0]) for row in real()])
def test_a_real_deployment_gives_a_daemonset_that_a_server_can_take(name, source, network):
    kind = "istio" if "istio" in name else "nginx"
    plan = plan_for(source, "made", spec({8080: 18080, 80: 10080}, network, kind))

    made, said = derive(source, plan)

    pod = mapping(made, "spec", "template", "spec")
    chosen = labels(made, "spec", "selector", "matchLabels")
    assert selects(chosen, labels(made, "spec", "template", "metadata", "labels"))
    assert not selects(chosen, labels(source, "spec", "template", "metadata", "labels"))
    assert not {"replicas", "strategy"} & mapping(made, "spec").keys()
    assert "podAntiAffinity" not in mapping(pod, "affinity")
    assert pod.get("restartPolicy", "Always") == "Always"
    assert all(row.reason for row in said)
    if network is Network.HOST:
        assert pod["hostNetwork"] is True
        assert not [s for s in items(pod, "securityContext", "sysctls") if text(s, "name").startswith("net.")]
        assert 0 not in [pod.get("terminationGracePeriodSeconds")]
        _ports_are_the_nodes(pod)


def _ports_are_the_nodes(pod: Manifest) -> None:
    ports = [port for container in items(pod, "containers") for port in items(container, "ports")]
    assert all(number(port, "hostPort") == number(port, "containerPort") for port in ports)
    assert len({(number(p, "hostPort"), p.get("protocol", "TCP")) for p in ports}) == len(ports)
    declared = {number(port, "containerPort") for port in ports}
    asked = {
        dig(c, probe, "httpGet", "port")
        for c in items(pod, "containers")
        for probe in ("readinessProbe", "livenessProbe")
    }
    assert {port for port in asked if isinstance(port, int)} <= declared
