"""A Deployment or DaemonSet with what its controller owns, read into a `Workload`. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from migrator.adapters.cluster.pods import pod_of, quoted, warnings_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, dig, items, labels, number, text, uid_of
from migrator.domain.model.workload import Workload

MANAGED_BY = "app.kubernetes.io/managed-by"
OURS = "migrator"
_OPERATORS = {
    "In": "{key} in ({values})",
    "NotIn": "{key} notin ({values})",
    "Exists": "{key}",
    "DoesNotExist": "!{key}",
}


def selector_of(workload: Manifest) -> str:
    """Give `spec.selector` as the text of a label query."""
    equal = [f"{key}={value}" for key, value in sorted(labels(workload, "spec", "selector", "matchLabels").items())]
    rows = items(workload, "spec", "selector", "matchExpressions")
    return ",".join([*equal, *(_expression(row) for row in rows)])


def owned(objects: Iterable[Manifest], owners: Collection[str]) -> list[Manifest]:
    """Give the objects whose controller is one of `owners` (uids); a label alone proves nothing."""
    return [thing for thing in objects if controller_of(thing) in owners]


def left_behind(ref: ObjectRef, pods: Iterable[Manifest]) -> list[Manifest]:
    """Give the pods of a workload that is gone: their controller still has its name.

    A Deployment's ReplicaSets are called `<deployment>-<template hash>`, and the hash has no dash in it.
    """
    return [pod for pod in pods if _named(ref, pod)]


def _named(ref: ObjectRef, pod: Manifest) -> bool:
    rows = items(pod, "metadata", "ownerReferences")
    row = next((row for row in rows if row.get("controller") is True), {})
    name, kind = text(row, "name"), text(row, "kind")
    if ref.kind == "Deployment":
        return kind == "ReplicaSet" and name.rpartition("-")[0] == ref.name
    return kind == ref.kind and name == ref.name


def controller_of(thing: Manifest) -> str:
    """Give the uid of the object's controller, or the empty text."""
    rows = items(thing, "metadata", "ownerReferences")
    return next((text(row, "uid") for row in rows if row.get("controller") is True), "")


def workload_of(
    ref: ObjectRef,
    manifest: Manifest,
    replica_sets: Sequence[Manifest],
    pods: Sequence[Manifest],
    events: Sequence[Manifest],
    now: datetime,
) -> Workload:
    """Give the workload; `replica_sets` and `pods` are those it owns, `events` warnings of it and of its pods."""
    deployment = ref.kind == "Deployment"
    return Workload(
        ref=ref,
        uid=uid_of(manifest),
        ours=labels(manifest, "metadata", "labels").get(MANAGED_BY) == OURS,
        rolling=rolling_deployment(manifest, replica_sets) if deployment else rolling_daemon_set(manifest),
        wanted=wanted_replicas(manifest) if deployment else number(manifest, "status", "desiredNumberScheduled"),
        ready=number(manifest, "status", "readyReplicas" if deployment else "numberReady"),
        pods=tuple(sorted((pod_of(pod, events, now) for pod in pods), key=lambda pod: pod.ref.name)),
        trouble=quoted(warned[-1])
        if is_short(ref, manifest, pods) and (warned := warnings_of(manifest, events))
        else None,
    )


def is_short(ref: ObjectRef, manifest: Manifest, pods: Sequence[Manifest]) -> bool:
    """Say whether a DaemonSet has fewer pods than it wants: then its own warnings say why (quota, pod security)."""
    wanted = number(manifest, "status", "desiredNumberScheduled") if ref.kind == "DaemonSet" else 0
    return sum(not text(pod, "metadata", "deletionTimestamp") for pod in pods) < wanted


def wanted_replicas(deployment: Manifest) -> int:
    """Give `spec.replicas`; absent means 1."""
    wanted = dig(deployment, "spec", "replicas")
    return wanted if isinstance(wanted, int) else 1


def rolling_deployment(deployment: Manifest, replica_sets: Sequence[Manifest]) -> bool:
    """Say whether a rollout is under way. An unavailable pod alone is no rollout: a lost node is not one either."""
    if _behind(deployment):
        return True
    live = [rs for rs in replica_sets if number(rs, "spec", "replicas") or number(rs, "status", "replicas")]
    updated, all_of_them = number(deployment, "status", "updatedReplicas"), number(deployment, "status", "replicas")
    return len(live) > 1 or updated < wanted_replicas(deployment) or all_of_them != updated


def rolling_daemon_set(daemon_set: Manifest) -> bool:
    """Say whether pods of an older template are being replaced; with OnDelete nothing replaces them."""
    if _behind(daemon_set):
        return True
    if text(daemon_set, "spec", "updateStrategy", "type") == "OnDelete":
        return False
    return number(daemon_set, "status", "updatedNumberScheduled") < number(
        daemon_set, "status", "desiredNumberScheduled"
    )


def _behind(workload: Manifest) -> bool:
    """The controller has not seen the newest spec yet, so every other number is old."""
    return number(workload, "status", "observedGeneration") < number(workload, "metadata", "generation")


def _expression(row: Json) -> str:
    values = dig(row, "values")
    listed = ",".join(map(str, values)) if isinstance(values, list) else ""
    return _OPERATORS.get(text(row, "operator"), "{key}").format(key=text(row, "key"), values=listed)
