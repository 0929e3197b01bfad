"""A freeze: somebody has said that nothing goes forward in a namespace for now. How it is kept in the cluster, and read."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping, text

NAME = "migrator-freeze"
"""The ConfigMap that freezes the runs of its namespace; that it is there freezes, whatever is in it."""

FILE = "freeze.json"
"""The file beside a store that freezes every run of it."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Who has frozen what and why. `where` is a namespace, "" for all runs of a store; `at` an instant as text;
    `cluster` the other cluster of a run that has two, "" at home."""

    where: str
    by: str = ""
    at: str = ""
    reason: str = ""
    cluster: str = ""


def freeze_ref(namespace: str, cluster: str = "") -> ObjectRef:
    """Give the object that freezes a namespace."""
    return ObjectRef("v1", "ConfigMap", namespace, NAME, cluster)


def manifest_of(freeze: Freeze) -> Manifest:
    """Give the object to apply."""
    data: Json = {"by": freeze.by, "at": freeze.at, "reason": freeze.reason}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": freeze.where},
        "data": data,
    }


def freeze_in(ref: ObjectRef, found: Manifest | None) -> Freeze | None:
    """Read the object; None where there is none. One that somebody has made by hand freezes too."""
    if found is None:
        return None
    said = mapping(found, "data")
    return Freeze(ref.namespace, text(said, "by"), text(said, "at"), text(said, "reason"), ref.cluster)
