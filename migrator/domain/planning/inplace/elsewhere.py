"""Nodes beside the plan's on which an old pod would find its ports free: on the way back it might start there, where no row of
the balancer leads, and its own node would stay without one. Pure."""

from __future__ import annotations

from migrator.domain.model.kubernetes import clashing, host_ports, labels_of, name_of, term_of
from migrator.domain.model.manifests import Manifest, items, labels, mapping, text
from migrator.domain.observation.nodes import repelling, taints_of
from migrator.domain.planning.proposal import Proposal
from migrator.domain.sides.turns.keeping_off import REQUIRED

ENDED = ("Succeeded", "Failed")
"""Phases of a pod that holds nothing any more."""


def besides(proposal: Proposal) -> tuple[str, ...]:
    """Give the names of these nodes. One that is cordoned takes nobody."""
    planned = {node.name for node in proposal.world.nodes}
    others = (node for node in proposal.world.all("Node") if name_of(node) not in planned)
    return tuple(sorted(name_of(node) for node in others if _takes(node, proposal)))


def _takes(node: Manifest, proposal: Proposal) -> bool:
    pod, spec = proposal.old_pod, mapping(node, "spec")
    terms = items(pod, "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")
    chosen = all(labels_of(node).get(key) == value for key, value in labels(pod, "nodeSelector").items())
    return (
        chosen
        and (not terms or any(term_of(term, node) for term in terms))
        and spec.get("unschedulable") is not True
        and not repelling(taints_of(node), items(pod, "tolerations"))
        and not any(_holds(each, node, pod) for each in proposal.world.all("Pod"))
    )


def _holds(other: Manifest, node: Manifest, pod: Manifest) -> bool:
    here = text(other, "spec", "nodeName") == name_of(node) and text(other, "status", "phase") not in ENDED
    return here and bool(clashing(host_ports(pod), host_ports(other.get("spec"))))
