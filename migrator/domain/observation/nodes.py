"""The nodes that a follower looks after, as the cluster shows them: which are leaving, and by whose word. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Manifest, items, text
from migrator.domain.model.message import Message, say

LEAVING = "migrator.dev/leaving"
"""The operator's own word: `kubectl taint node NODE migrator.dev/leaving=:NoSchedule` drains it whatever the plan says."""

DOOMED = {
    LEAVING: "operator",
    "ToBeDeletedByClusterAutoscaler": "autoscaler",
    "karpenter.sh/disrupted": "karpenter",
    "karpenter.sh/disruption": "karpenter",
    "node.cloudprovider.kubernetes.io/shutdown": "shut-down",
    "node.kubernetes.io/out-of-service": "out-of-service",
    "cloud.google.com/impending-node-termination": "cloud",
}
"""Taints by which others announce that a node goes, and the word for what each means (the catalogue's table `taint`). A
candidate for removal is not yet one of them."""

NOTICES = "aws-node-termination-handler/"
"""The prefix of the taints with which AWS's handler passes a notice on."""

ADVICE = "aws-node-termination-handler/rebalance-recommendation"
"""The one of them that is no notice: the instance may live on."""


@dataclass(frozen=True, slots=True)
class Host:
    """A node with the plan's labels. `leaving` says why it is about to go (None: it is not); `changed_at` since when it has
    been Ready, or not."""

    name: str
    address: str
    ready: bool = True
    changed_at: datetime | None = None
    cordoned: bool = False
    leaving: Message | None = None


@dataclass(frozen=True, slots=True)
class Hosts:
    """Every node with the plan's labels, as it is now (a facet)."""

    found: tuple[Host, ...] = ()

    def addresses(self, pods: Iterable[PodRef]) -> frozenset[str]:
        """Give where these pods answer: their own addresses and their nodes'."""
        of = {host.name: host.address for host in self.found}
        given = tuple(pods)
        return frozenset({pod.ip for pod in given} | {of.get(pod.node, "") for pod in given}) - {""}


def host_of(node: Manifest) -> Host:
    """Read a Node."""
    rows = items(node, "status", "conditions")
    ready = next((row for row in rows if text(row, "type") == "Ready"), {})
    spec = node.get("spec")
    return Host(
        text(node, "metadata", "name"),
        next((text(a, "address") for a in items(node, "status", "addresses") if text(a, "type") == "InternalIP"), ""),
        not ready or text(ready, "status") == "True",
        _moment(text(ready, "lastTransitionTime")),
        isinstance(spec, dict) and spec.get("unschedulable") is True,
        _leaving(node),
    )


def _leaving(node: Manifest) -> Message | None:
    if text(node, "metadata", "deletionTimestamp"):
        return say("node.deleted")
    for taint in items(node, "spec", "taints"):
        key = text(taint, "key")
        if key in DOOMED:
            return say("node.tainted", meaning=DOOMED[key], taint=key)
        if key.startswith(NOTICES) and key != ADVICE:
            return say("node.tainted", meaning="cloud", taint=key)
    return None


def _moment(words: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    return found if found.tzinfo else None
