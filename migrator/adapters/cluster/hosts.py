"""A Node read into a `Host`: whether it is ready, cordoned, or about to go, and by whose word. Pure.

Taints decide, by a table of those who announce with them that a node goes: this is the one place that knows their names.
"""

from __future__ import annotations

from migrator.adapters.cluster.pods import condition, moment
from migrator.domain.model.manifests import Manifest, dig, items, text
from migrator.domain.observation.nodes import LEAVING, Host

DOOMED = {
    LEAVING: "an operator has said so",
    "ToBeDeletedByClusterAutoscaler": "the cluster autoscaler removes it",
    "karpenter.sh/disrupted": "Karpenter removes it",
    "karpenter.sh/disruption": "Karpenter removes it",
    "node.cloudprovider.kubernetes.io/shutdown": "the cloud has shut it down",
    "node.kubernetes.io/out-of-service": "it is out of service",
    "cloud.google.com/impending-node-termination": "the cloud is about to end it",
}
"""Taints by which others announce that a node goes, and what each means. A candidate for removal is not yet one of them."""

NOTICES = "aws-node-termination-handler/"
"""The prefix of the taints with which AWS's handler passes a notice on."""

ADVICE = "aws-node-termination-handler/rebalance-recommendation"
"""The one of them that is no notice: the instance may live on."""


def host_of(node: Manifest) -> Host:
    """Read a Node."""
    ready = condition(node, "Ready")
    return Host(
        text(node, "metadata", "name"),
        internal_ip(node),
        not ready or text(ready, "status") == "True",
        moment(text(ready, "lastTransitionTime")),
        dig(node, "spec", "unschedulable") is True,
        _leaving(node),
    )


def internal_ip(node: Manifest) -> str:
    """Give a node's InternalIP; "" when it has none."""
    rows = items(node, "status", "addresses")
    return next((text(row, "address") for row in rows if text(row, "type") == "InternalIP"), "")


def _leaving(node: Manifest) -> str:
    if text(node, "metadata", "deletionTimestamp"):
        return "its Node is being deleted"
    for taint in items(node, "spec", "taints"):
        key = text(taint, "key")
        if key in DOOMED:
            return f"{DOOMED[key]} (taint {key})"
        if key.startswith(NOTICES) and key != ADVICE:
            return f"the cloud is about to end it (taint {key})"
    return ""
