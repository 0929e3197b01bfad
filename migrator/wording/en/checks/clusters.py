"""English: what the preflight finds of sides in two clusters."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, str, str]] = {
    "clusters.addresses": (
        "both clusters have, or may have, the same addresses, so nobody can tell whose a row of the balancer is",
        "{count:count address}: {addresses:list}",
        "give one cluster other ranges for its nodes and pods; a balancer that dials by address cannot serve both",
    ),
    "clusters.callers": (
        "who comes to the old gateway through these Services of its own cluster, and not through the balancer, finds nobody "
        "once the old workload is removed: no Service leads to another cluster",
        "{services:list}",
        "lead those callers to the balancer's address or to a gateway of their own; if there are none, waive this with that "
        "reason",
    ),
    "clusters.not-built": (
        "this is not built for two clusters yet",
        "{what:list}",
        "no cloud's controller writes the balancer (balancer), the old side has to be dialled at its pods (source), the "
        "new side is a derived DaemonSet (target) in a namespace of the same name (namespace), `after` is `controller` or "
        "`manual`, `onSilence.then` is `hold` (a guard's Job reaches its own cluster alone, and takes the Leases of both), "
        "and `portConflict` is not said: free the ports, or name others in target.ports",
    ),
    "clusters.referred": (
        "the new pods refer to objects that their cluster does not have, or has with other data; migrator copies nothing",
        "[missing: {missing:list}; ][other data: {differing:list}]",
        "apply them there as they are in the old cluster, and look again",
    ),
    "clusters.resources": (
        "what configures the gateways of both clusters is not the same, so both sides would answer differently",
        "[other content: {differing:list}; ][not in the new side's cluster: {missing:list}; ][only there: {more:list}]",
        "bring both clusters to the same state by whatever brings these objects there, and look again",
    ),
    "clusters.unread": (
        "the new pods refer to objects that were not compared between the clusters: Secrets are never read, and others may be "
        "hidden from us",
        "{objects:list}",
        "see that they are in the new side's cluster; a pod without one does not start, and step Await ready says so",
    ),
}
