"""The seals of saved plans: hashes of the stored JSON, so that no class of a later version has a say in them.

Format 1 hashed the values with the names that their classes had then. Those names are kept here and never change.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

# What is sealed is JSON that nobody has read yet, so it is of any type.
Spot = str | tuple[str | None, ...]
BY_KIND = "*"
FIRST: dict[str, dict[str, Spot]] = {
    "Plan": {
        "spec": "Spec",
        "seen": "Seen",
        "changes": "Change",
        "differences": "Difference",
        "forecast": "Forecast",
        "steps": "*",
        "findings": "Finding",
    },
    "Spec": {
        "cluster": "ClusterSpec",
        "source": "SourceSpec",
        "target": "TargetSpec",
        "gateway": "GatewaySpec",
        "balancer": "BalancerSpec",
        "traffic": "TrafficSpec",
        "judge": "JudgeSpec",
        "drain": "DrainSpec",
        "cleanup": "CleanupSpec",
        "deadlines": "DeadlineSpec",
        "waivers": "Waiver",
        "follow": "FollowSpec",
    },
    "TargetSpec": {"tolerations": "TolerationSpec", "ports": "PortMapping", "stored": "Stored"},
    "Stored": {"leftovers": "ObjectRef", "scattered": "Scattered", "rows": "Backend"},
    "Scattered": {"ports": "PodPort"},
    "BalancerSpec": {"listeners": "ListenerSpec"},
    "JudgeSpec": {
        "scrape": "ScrapeSpec",
        "prometheus": "PrometheusSpec",
        "error_rate": "Limits",
        "latency": "LatencySpec",
        "no_data": "NoDataSpec",
    },
    "LatencySpec": {"limits": "Limits"},
    "Seen": {
        "old": "Weighted",
        "new": "Backend",
        "nodes": "Node",
        "capabilities": "Capabilities",
        "new_now": "Weighted",
        "scattered": "Scattered",
    },
    "Weighted": {"backend": "Backend"},
    "Change": {"ref": "ObjectRef"},
    "Forecast": {"rows": "Weighted"},
    "Preflight": {"waivers": "Waiver"},
    "Guard": {"changes": "Change"},
    "AwaitReady": {"nodes": "Node", "scattered": "Scattered"},
    "VerifyConfig": {"backends": "Backend", "scattered": "Scattered"},
    "Attach": {"backends": "Backend", "scattered": "Scattered"},
    "RehearseUp": {"originals": "Weighted", "nodes": "Node", "scattered": "Scattered"},
    "RehearseBack": {"originals": "Weighted", "nodes": "Node", "scattered": "Scattered"},
    "Shift": {"originals": "Weighted", "nodes": "Node", "scattered": "Scattered"},
    "Keep": {"originals": "Weighted", "nodes": "Node", "scattered": "Scattered"},
    "Retire": {"source": "ObjectRef", "companions": ("ObjectRef", None), "repoint": "Change", "spare": "ObjectRef"},
    "Confirm": {"restore": "Change", "originals": "Weighted"},
    "PointBack": {"changes": "Change"},
    "Remove": {"made": "ObjectRef"},
    "Undo": {"changes": "Change"},
    "Follow": {"doors": "Door", "drain": "DrainSpec", "policy": "FollowSpec"},
    "Lead": {"changes": "Change"},
    "LeadBack": {"changes": "Change"},
}
"""By class of format 1: the class of each field that holds one or a list of one; a tuple where each place has its own."""


def seal(data: Any) -> str:
    """Return the hash of a JSON value; spaces and the order of keys do not matter."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def first_seal(data: Any) -> str:
    """Return the seal that format 1 gave to the plan with this JSON."""
    return seal(_named(BY_KIND, data))


def _named(spot: Spot | None, data: Any) -> Any:
    """Return the JSON with the class's name beside the fields, as format 1 hashed it."""
    if spot is None or data is None:
        return data
    if isinstance(data, list):
        in_places = isinstance(spot, tuple) and not (data and isinstance(data[0], list))
        spots = spot if in_places and isinstance(spot, tuple) else (spot,) * len(data)
        return [_named(each, item) for each, item in zip(spots, data, strict=False)]
    if not isinstance(data, dict) or not isinstance(spot, str):
        return data
    name = spot
    if spot == BY_KIND:
        data = dict(data)
        name = "".join(word.capitalize() for word in str(data.pop("kind", "")).split("-"))
    inner = FIRST.get(name, {})
    return {"": name, **{key: _named(inner.get(key), item) for key, item in data.items()}}
