"""Plans and audits of the shapes of ten well-known charts: nothing blocks but for a reason that stands here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from migrator.domain.model.manifests import Manifest, text
from migrator.domain.model.target import Network
from tests.app.plan.gateways_of_others import Planned, planned
from tests.app.plan.strictly import require_admitted, server_with
from tests.lab.kube.world import Server

CHARTS = sorted(Path(__file__).with_name("charts").glob("*.yaml"))
KINDS = {"istio-gateway": "istio", "istio-ingress": "istio", "contour": "contour", "emissary": "envoy", "gloo": "envoy"}
"""The kind that a plan would name; the others have no counters that migrator reads: `nginx`."""

NO_COUNTERS = {"judge.blind"}
"""This kind has no counters to scrape, and these plans name no Prometheus."""

LOW_PORT = {"derive.low-port-without-root"}
"""Ports 80 and 443 of a node, not as root, and privilege escalation is forbidden."""

ASKED = {"selectors.service-not-for-clients"}
"""The headless Service by which Kong's controller pushes its configuration: migrator asks what it is for."""


def allowed(chart: str, network: Network) -> set[str]:
    """Give what may block a plan of this chart, each for its reason."""
    low = LOW_PORT if network is Network.HOST and chart in ("istio-gateway", "ingress-nginx") else set()
    asked = ASKED if chart == "kong" else set()
    return low | asked | (set() if chart in KINDS else NO_COUNTERS)


def objects(path: Path) -> list[Manifest]:
    """Give everything that a file holds."""
    return [found for found in yaml.safe_load_all(path.read_text(encoding="utf-8")) if found]


def plan_of(path: Path, network: Network) -> Planned:
    """Give the plan of a chart's gateway."""
    everything = objects(path)
    (source,) = [each for each in everything if text(each, "kind") == "Deployment"]
    return planned(everything, source, KINDS.get(path.stem, "nginx"), network, {})


EVERY_CHART = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CHARTS])
BOTH_NETWORKS = pytest.mark.parametrize("network", [Network.HOST, Network.HOST_PORT])


@BOTH_NETWORKS
@EVERY_CHART
def test_a_charts_gateway_can_be_planned_and_blocks_only_for_a_reason(path: Path, network: Network) -> None:
    plan = plan_of(path, network)

    assert plan.blocks == allowed(path.stem, network)
    assert plan.plan.manifests
    assert not [row for row in plan.audit.rows if row.one_sided and not row.meant]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = server_with(text(each, "metadata", "namespace") for path in CHARTS for each in objects(path))
    yield made
    made.close()


@pytest.mark.lab
@BOTH_NETWORKS
@EVERY_CHART
def test_a_charts_daemonset_and_its_pod_are_admitted(path: Path, network: Network, server: Server) -> None:
    require_admitted(server, plan_of(path, network))
