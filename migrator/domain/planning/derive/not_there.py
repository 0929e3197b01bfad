"""What a new pod cannot have: conditions that only the old pods' controllers set, and fields that the node's network forbids.

Sources: API validation of pods (`hostUsers: false` and `hostnameOverride` are refused with hostNetwork; `procMount: Unmasked`
needs a user namespace), kubelet (a pod in the node's network has the node's host name), and the readiness gates' own
controllers, which set them on pods that they have registered with a balancer.
"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, items, mapping, text
from migrator.domain.planning.derive.draft import Draft

OF_HOST = {
    "setHostnameAsFQDN": say("derived.nodes-host-name"),
    "hostnameOverride": say("derived.nodes-host-name"),
}
OF_GROUP = {
    "schedulingGates": say("derived.no-gates"),
    "schedulingGroup": say("derived.no-group"),
    "activeDeadlineSeconds": say("derived.no-end"),
    "ephemeralContainers": say("derived.of-one-pod"),
}
"""Fields that make sense for one pod, or for pods that are placed together: a DaemonSet has one on each node."""


def without_foreign_gates(draft: Draft, gates: Sequence[str]) -> None:
    """Drop the readiness gates that a cloud's controller sets on pods which it registers itself: nobody sets them on these.

    `gates` are their names; one that ends in / begins a family of names.
    """
    kept: list[Json] = [
        row for row in items(draft.spec, "readinessGates") if not is_clouds(text(row, "conditionType"), gates)
    ]
    draft.keep(draft.spec, "spec", "readinessGates", kept, say("derived.controllers-gate"))


def is_clouds(gate: str, gates: Sequence[str]) -> bool:
    """Return whether a readiness gate is one of these, or of one of these families."""
    return any(gate == known or (known.endswith("/") and gate.startswith(known)) for known in gates)


def without_impossible(draft: Draft) -> None:
    """Drop what a DaemonSet's pod, and one in its node's network, cannot have."""
    pod = draft.spec
    for key, reason in OF_GROUP.items():
        draft.drop(pod, "spec", key, reason)
    if pod.get("hostNetwork") is not True:
        return
    for key, reason in OF_HOST.items():
        draft.drop(pod, "spec", key, reason)
    if pod.get("hostUsers") is False:
        draft.drop(pod, "spec", "hostUsers", say("derived.nodes-users"))
        for path, container in draft.containers():
            security = mapping(container, "securityContext")
            if text(security, "procMount") == "Unmasked":
                draft.drop(security, f"{path}.securityContext", "procMount", say("derived.nodes-users"))
