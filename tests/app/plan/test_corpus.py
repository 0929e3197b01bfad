"""Plans and audits of vendors' own renderings (MIGRATOR_CORPUS; skipped without): each block has its reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from migrator.domain.model.manifests import Manifest, text
from migrator.domain.model.target import Network
from tests.app.plan.gateways_of_others import planned
from tests.app.plan.strictly import require_admitted, server_with
from tests.lab.kube.world import Server

CORPUS = Path(os.environ.get("MIGRATOR_CORPUS", "/nonexistent"))
FILES = sorted(path for path in CORPUS.rglob("*.yaml") if path.name != "daemonset.yaml")
pytestmark = pytest.mark.skipif(not FILES, reason="MIGRATOR_CORPUS does not lead to the corpus")

NO_COUNTERS = {"judge.blind"}
"""nginx has no counters to scrape, and these plans name no Prometheus."""

LOW_PORT = {"derive.low-port-without-root"}
"""Ports 80 and 443 of a node as user 101, without a way to gain the capability."""

ASKED = {"selectors.service-not-for-clients"}
"""The Service of the admission webhook: migrator asks what it is for."""

TAKEN = {"ports.taken"}
"""The old pods hold these ports of the very nodes."""

KILLED = {"termination.liveness"}
"""Its liveness probe asks for /ready, which answers 503 once the Envoy was told to go: the kubelet would kill it."""

ELSEWHERE = {"nodes.not-chosen"}
"""Its own nodeSelector chooses nodes that the plan does not."""

OPERATED = {"ownership.operator"}
"""Envoy Gateway made it, and would make it again."""


def allowed(name: str, network: Network) -> set[str]:
    """Give what may block a plan of this file, each for its reason."""
    own = network is not Network.HOST_PORT
    if name.startswith("envoy-gateway/"):
        return OPERATED | KILLED | (ELSEWHERE if "node-selector" in name else set())
    if name.startswith("ingress-nginx/"):
        taken = TAKEN if name.endswith("kind.yaml") else set()
        return NO_COUNTERS | ASKED | taken | (LOW_PORT if own else set())
    if name.startswith("nginx/"):
        return NO_COUNTERS | (LOW_PORT if own else set())
    if name.startswith("contour/") and network is Network.HOST_PORT:
        return TAKEN
    return set()


def kind_of(name: str) -> str:
    """Give the gateway kind of a file."""
    kinds = {"istio": "istio", "envoy-gateway": "envoy", "contour": "contour"}
    return kinds.get(name.split("/")[0], "nginx")


def objects(path: Path) -> list[Manifest]:
    """Give everything that a file holds."""
    with path.open(encoding="utf-8") as file:
        return [found for found in yaml.safe_load_all(file) if found]


def sources() -> list[object]:
    """Give each Deployment of each file."""
    return [
        pytest.param(
            path, text(each, "metadata", "name"), id=f"{path.relative_to(CORPUS)}-{text(each, 'metadata', 'name')}"
        )
        for path in FILES
        for each in objects(path)
        if text(each, "kind") == "Deployment"
    ]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = server_with(text(each, "metadata", "namespace") for path in FILES for each in objects(path))
    yield made
    made.close()


@pytest.mark.lab
@pytest.mark.parametrize("network", list(Network))
@pytest.mark.parametrize(("path", "source"), sources())
def test_a_vendors_gateway_can_be_planned_and_blocks_only_for_a_reason(
    path: Path, source: str, network: Network, server: Server
) -> None:
    everything, name = objects(path), str(path.relative_to(CORPUS))
    (found,) = [
        each for each in everything if text(each, "kind") == "Deployment" and text(each, "metadata", "name") == source
    ]

    plan = planned(everything, found, kind_of(name), network, {})

    assert plan.blocks == allowed(name, network)
    assert plan.plan.manifests
    assert not [row for row in plan.audit.rows if row.one_sided and not row.meant]
    require_admitted(server, plan)
