"""A Node read into a `Host`: whether it is ready, cordoned, or about to go, and by whose word. Pure.

Taints decide, by a table of those who announce with them that a node goes: this is the one place that knows their names.
"""

from __future__ import annotations

from migrator.adapters.cluster.pods import condition, moment
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Manifest, dig, items, labels, text
from migrator.domain.observation.nodes import LEAVING, Host, taints_of

DOOMED = {
    LEAVING: "operator",
    "ToBeDeletedByClusterAutoscaler": "autoscaler",
    "karpenter.sh/disrupted": "karpenter",
    "karpenter.sh/disruption": "karpenter",
    "node.cloudprovider.kubernetes.io/shutdown": "shut-down",
    "node.kubernetes.io/out-of-service": "out-of-service",
    "cloud.google.com/impending-node-termination": "cloud",
}
"""Taints by which others announce that a node goes, and the word for what each means (the catalogue's
table `taint`). A candidate for removal is not yet one of them."""

NOTICES = "aws-node-termination-handler/"
"""The prefix of the taints with which AWS's handler passes a notice on."""

ADVICE = "aws-node-termination-handler/rebalance-recommendation"
"""The one of them that is no notice: the instance may live on."""


EXCLUDED = (
    "node.kubernetes.io/exclude-from-external-load-balancers",
    "alpha.service-controller.kubernetes.io/exclude-balancer",
)
"""Labels that take a node out of every load balancer, whatever their value; the second is the older name of the first (source:
kubernetes.io/docs/reference/labels-annotations-taints)."""


ZONE = "topology.kubernetes.io/zone"
"""The label by which a node says in which zone of its cloud it is (the same source)."""


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
        internal_ips(node),
        taints_of(node),
        labels(node, "metadata", "labels").get(ZONE, ""),
    )


def internal_ip(node: Manifest) -> str:
    """Give a node's first InternalIP; "" when it has none."""
    return next(iter(internal_ips(node)), "")


def internal_ips(node: Manifest) -> tuple[str, ...]:
    """Give a node's InternalIPs: with two families it has one of each, in either order."""
    rows = items(node, "status", "addresses")
    return tuple(text(row, "address") for row in rows if text(row, "type") == "InternalIP")


def _leaving(node: Manifest) -> Message | None:
    if text(node, "metadata", "deletionTimestamp"):
        return say("node.deleted")
    if label := next((key for key in EXCLUDED if key in labels(node, "metadata", "labels")), ""):
        return say("node.excluded", label=label)
    for taint in items(node, "spec", "taints"):
        key = text(taint, "key")
        if key in DOOMED:
            return say("node.tainted", meaning=DOOMED[key], taint=key)
        if key.startswith(NOTICES) and key != ADVICE:
            return say("node.tainted", meaning="cloud", taint=key)
    return None
