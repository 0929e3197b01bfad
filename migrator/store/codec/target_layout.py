"""How a plan's target looks on disk: one flat value of ten fields, as it was before it was cut into a union. Pure.

`kind` is the workload's there, and `stored` holds what an earlier run kept, or null for a target that is derived. A workload
that stands already came later, and is stored as it is, under its own tag.
"""

from __future__ import annotations

from typing import Any

# Stored JSON is of any type until it has been loaded; the loader refuses what does not fit.
Data = dict[str, Any]

FLAT: tuple[str, ...] = (
    "name",
    "network",
    "node_selector",
    "tolerations",
    "ports",
    "labels",
    "patch",
    "port_conflict",
)
"""The fields of a derived target, in their order on disk."""

DERIVED_ALONE = frozenset(FLAT) - {"name", "ports", "labels"}
OF_KEPT: dict[str, Any] = {
    "network": "pod",
    "node_selector": [],
    "tolerations": [],
    "patch": None,
    "port_conflict": None,
}
"""What the flat value says of a workload that returns: nothing of it is the operator's."""

SINCE: dict[str, Any] = {"harden": False, "selected": None, "namespace": "", "gateway": None}
"""Fields that came later, with what their absence means: written only where they say something else."""

OF_DERIVED: dict[str, Any] = {
    **SINCE,
    "companion": None,
    "pod_targets": {"replicas": 0, "ports": []},
    "at_a_time": 0,
}
"""The same of a derived target alone: pods on the plan's nodes are not counted."""

ITSELF = ("entry", "pod")
"""What a pod's port says of where it is dialled unless there is more to say: left out, as before there was more."""

AS_IT_IS = "existing"
"""The tag of the target that is stored as it is."""

RENAMED = {"kept_companions": "companions", "pod_targets": "scattered"}
"""Fields of `Kept` by their name on disk."""


def flat(spec: Data) -> Data:
    """Return a spec's JSON with the target as it is on disk."""
    target = dict(spec["target"])
    if target["kind"] == AS_IT_IS:
        return spec
    if target.pop("kind") == "derived":
        kind = target.pop("workload_kind")
        target = {key: value for key, value in target.items() if key not in OF_DERIVED or value != OF_DERIVED[key]}
        return {**spec, "target": {**target, "kind": kind, "stored": None}}
    shared = {**OF_KEPT, **{key: target.pop(key) for key in ("name", "ports", "labels")}}
    kind = target.pop("workload_kind")
    ports = [
        {key: value for key, value in port.items() if (key, value) != ITSELF} for port in target["pod_targets"]["ports"]
    ]
    target["pod_targets"] = {**target["pod_targets"], "ports": ports}
    told = {key: value for key, value in target.items() if key not in SINCE or value != SINCE[key]}
    stored = {RENAMED.get(key, key): value for key, value in told.items()}
    return {**spec, "target": {**{key: shared[key] for key in FLAT}, "kind": kind, "stored": stored}}


def cut(spec: Data) -> Data:
    """Return a spec's JSON with the target as a member of the union; what is no flat target stays as it is."""
    target = spec.get("target")
    if not isinstance(target, dict) or target.get("kind") == AS_IT_IS:
        return spec
    flat_fields = {key: value for key, value in target.items() if key not in ("kind", "stored")}
    stored = target.get("stored")
    if stored is None:
        kind = {"workload_kind": target["kind"]} if "kind" in target else {}
        return {**spec, "target": {**flat_fields, **kind, "kind": "derived"}}
    if not isinstance(stored, dict):
        return spec
    disk = {name: field for field, name in RENAMED.items()}
    kept = {disk.get(key, key): value for key, value in stored.items()}
    shared = {key: value for key, value in flat_fields.items() if key not in DERIVED_ALONE}
    return {**spec, "target": {"kind": "kept", "workload_kind": target.get("kind"), **shared, **kept}}
