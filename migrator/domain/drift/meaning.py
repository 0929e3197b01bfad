"""What of an object means something to a run: what a person or a tool decides, never what controllers write down.

Left out are status, resourceVersion, generation, managedFields and every annotation and label that is not named here: the
HPA's status, a Deployment's revision, cert-manager's, external-dns's and Istio's notes say nothing that a gateway obeys.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from migrator.domain.model.manifests import Json, Manifest, labels, mapping

LABELS = frozenset({"istio.io/rev", "istio.io/tag", "istio.io/use-waypoint"})
"""Labels of an object itself by which somebody chooses it."""

ANNOTATIONS = frozenset(
    {
        "networking.istio.io/exportTo",
        "networking.istio.io/traffic-distribution",
        "networking.istio.io/service-type",
        "proxy.istio.io/config",
        "service.kubernetes.io/topology-mode",
        "service.kubernetes.io/headless",
        "externalTrafficPolicy",
    }
)
"""Annotations that change what a gateway or a balancer does."""

TEMPLATE_ANNOTATIONS = (
    "sidecar.istio.io/",
    "proxy.istio.io/",
    "inject.istio.io/",
    "traffic.sidecar.istio.io/",
    "istio.io/",
    "linkerd.io/inject",
)
"""How annotations of a pod template begin that change its pods. A restart writes one that changes nothing else."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "Deployment": ("template", "selector"),
    "DaemonSet": ("template", "selector"),
    "Service": (
        "selector",
        "ports",
        "type",
        "externalIPs",
        "externalTrafficPolicy",
        "internalTrafficPolicy",
        "sessionAffinity",
        "publishNotReadyAddresses",
        "loadBalancerClass",
    ),
}
"""Of these kinds only some of the spec counts: the rest is filled in by controllers, or (replicas) is a scaler's business."""


def meaning(thing: Manifest) -> Manifest:
    """Give what of an object means something; two objects that mean the same give the same."""
    kind, meta = str(thing.get("kind", "")), mapping(thing, "metadata")
    spec = mapping(thing, "spec")
    parts = PARTS.get(kind)
    said: Manifest = {"spec": {key: spec[key] for key in parts if key in spec} if parts else spec}
    if parts and "template" in parts:
        said = {"spec": {**mapping(said, "spec"), "template": _template(mapping(spec, "template"))}}
    if kind == "ConfigMap":
        said = {"data": mapping(thing, "data")}
    for name, table in (("labels", LABELS), ("annotations", ANNOTATIONS)):
        if kept := {key: value for key, value in labels(meta, name).items() if key in table}:
            said[name] = dict(kept)
    return said


def _template(template: Manifest) -> Manifest:
    notes = labels(template, "metadata", "annotations")
    kept = {key: value for key, value in notes.items() if key.startswith(TEMPLATE_ANNOTATIONS)}
    meta: Manifest = {"labels": dict(labels(template, "metadata", "labels")), "annotations": dict(kept)}
    return {"metadata": meta, "spec": template.get("spec")}


def digest(thing: Manifest) -> str:
    """Give a short stable hash of what an object means."""
    text = json.dumps(meaning(thing), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def paths(was: Json, now: Json, at: str = "") -> list[tuple[str, Json, Json]]:
    """Give where two values differ, as `spec.ports[0].port` with both values there; None stands for what is not there."""
    if was == now:
        return []
    if isinstance(was, dict) and isinstance(now, dict):
        keys = [*was, *(key for key in now if key not in was)]
        return [row for key in keys for row in paths(was.get(key), now.get(key), f"{at}.{key}".lstrip("."))]
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        pairs = enumerate(zip(was, now, strict=True))
        return [row for index, (one, other) in pairs for row in paths(one, other, f"{at}[{index}]")]
    return [(at, was, now)]
