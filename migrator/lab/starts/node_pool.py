"""A lab whose gateway is a DaemonSet already, in the network of the nodes of one pool; another pool of nodes stands empty."""

from __future__ import annotations

from migrator.lab.ground.layout import GATEWAY_NAME, GATEWAY_NAMESPACE, Scenario
from migrator.lab.ground.manifests import (
    NODE_LABELS,
    SELECTOR,
    Json,
    disruption_budget,
    gateway_pod,
    shared,
)

NAME = GATEWAY_NAME
LEFT, TAKEN = "a", "b"
"""The pools by their label: the one that is left, and the one that is moved to."""


def labels(scenario: Scenario, number: int) -> dict[str, str]:
    """The labels of a node: the new pool has the first numbers, so that a fault strikes there."""
    return {**NODE_LABELS, "pool": TAKEN if number <= scenario.taking else LEFT}


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created."""
    return [*shared(scenario), disruption_budget(), daemon_set(scenario, {"pool": LEFT})]


def daemon_set(scenario: Scenario, nodes: dict[str, str]) -> Json:
    """The DaemonSet with one pod on each node that has these labels; its ports are the nodes' own."""
    pod = gateway_pod(scenario)
    for port in pod["containers"][0]["ports"]:
        port["hostPort"] = port["containerPort"]
    on_nodes = {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet", "nodeSelector": nodes}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NAME, "namespace": GATEWAY_NAMESPACE, "labels": SELECTOR},
        "spec": {
            "selector": {"matchLabels": SELECTOR},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
            "template": {"metadata": {"labels": SELECTOR}, "spec": {**pod, **on_nodes}},
        },
    }
