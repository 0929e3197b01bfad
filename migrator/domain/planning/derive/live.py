"""A pod template made from a live, injected pod: what the injector put in stays, what belongs to that one pod goes.

Istio does not inject pods with hostNetwork (`injectRequired` in pkg/kube/inject; istio#33093), so `image: auto` would stay
as it is. A pod that was injected into the source's own pod network shows what the webhook would have made.
"""

from __future__ import annotations

import copy

from migrator.domain.gateways import GatewayProfile
from migrator.domain.model.manifests import Json, Manifest, items, labels, mapping, number, text
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Network
from migrator.domain.observation.world import World
from migrator.domain.planning.derive.draft import ALL_CONTAINERS

HASH = "pod-template-hash"
INJECT = "sidecar.istio.io/inject"
STATUS = "sidecar.istio.io/status"
TOKENS = "/var/run/secrets/kubernetes.io/serviceaccount"

CONTROLLERS_LABELS = frozenset({HASH, "pod-template-generation", "controller-revision-hash"})
KEPT_ANNOTATIONS = ("prometheus.io/", "istio.io/rev")
"""Of what was added to the pod's annotations only this is configuration: scraping, and the revision it talks to."""

RUN_BY = ("name", "image", "command", "args", "env", "envFrom", "ports")
"""What decides which program a container runs, and how it is told to."""

OF_ONE_POD = (
    "nodeName",
    "serviceAccount",
    "priority",
    "preemptionPolicy",
    "overhead",
    "ephemeralContainers",
    "schedulingGates",
    "readinessGates",
    "hostname",
    "subdomain",
)
DEFAULTED_TOLERATIONS = frozenset(
    {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/memory-pressure"}
)


def waits_for_injection(source: Manifest) -> bool:
    """Say whether the template is a stub that Istio's webhook fills in (`image: auto`)."""
    return any(text(row, "image") == "auto" for row in items(source, "spec", "template", "spec", "containers"))


def needs_live(source: Manifest, spec: Spec, gateway: GatewayProfile) -> bool:
    """Say whether the DaemonSet has to be derived from a live pod: Istio, hostNetwork, and a stub for a template."""
    host = spec.target.network is Network.HOST
    return host and gateway.filled_in and waits_for_injection(source)


def injected_pod(world: World) -> Manifest | None:
    """Give a Ready pod of the source that was injected: of its newest template where that can be told, then by name."""
    ready = {pod.ref.name for pod in world.old.live if pod.ready}
    found = [pod for pod in world.all("Pod") if _is_of(pod, world, ready) and was_injected(pod)]
    return min(found, key=lambda pod: text(pod, "metadata", "name"), default=None)


def was_injected(pod: Manifest) -> bool:
    """Say whether Istio's webhook has been at this pod and filled in its image."""
    images = [text(row, "image") for row in items(pod, "spec", "containers")]
    return STATUS in labels(pod, "metadata", "annotations") and "auto" not in images


def _is_of(pod: Manifest, world: World, ready: set[str]) -> bool:
    meta = mapping(pod, "metadata")
    here = text(meta, "namespace") == world.old.ref.namespace
    return here and text(meta, "name") in ready and not meta.get("deletionTimestamp")


def template_of(pod: Manifest, source: Manifest) -> Manifest:
    """Give the pod's template as a value of its own: everything but what is this pod's alone, or an admission default."""
    own = mapping(source, "spec", "template")
    spec = copy.deepcopy(mapping(pod, "spec"))
    for key in OF_ONE_POD:
        spec.pop(key, None)
        if key in mapping(own, "spec"):
            spec[key] = copy.deepcopy(mapping(own, "spec")[key])
    _without_tokens(spec, mapping(own, "spec"))
    _without_defaults(spec, mapping(own, "spec"))
    _nameless(pod, spec)
    return {"metadata": _meta(pod, own), "spec": spec}


def injected(source: Manifest, pod: Manifest) -> Json:
    """Give what a DaemonSet that is derived from a live pod rests on: how each container is run.

    Nothing of it is the pod's own, so that another pod of the same injection says the same.
    """
    made = mapping(template_of(pod, source), "spec")
    rows = [(kind, row) for kind in ALL_CONTAINERS for row in items(made, kind)]
    return [{"kind": kind, **{key: row[key] for key in RUN_BY if key in row}} for kind, row in rows]


def _meta(pod: Manifest, own: Manifest) -> Manifest:
    kept: Manifest = {
        key: value for key, value in mapping(pod, "metadata", "labels").items() if key not in CONTROLLERS_LABELS
    }
    said = mapping(own, "metadata", "annotations")
    notes: Manifest = {
        key: value
        for key, value in mapping(pod, "metadata", "annotations").items()
        if key in said or key.startswith(KEPT_ANNOTATIONS)
    }
    return {"labels": kept, **({"annotations": notes} if notes else {})}


def _without_tokens(spec: Manifest, own: Manifest) -> None:
    """Drop the API token's volume and mounts: the service account controller gives each pod its own."""
    declared = {text(volume, "name") for volume in items(own, "volumes")}
    tokens = {
        text(mount, "name")
        for kind in ALL_CONTAINERS
        for container in items(spec, kind)
        for mount in items(container, "volumeMounts")
        if text(mount, "mountPath") == TOKENS and text(mount, "name") not in declared
    }
    _filter(spec, "volumes", "name", tokens)
    for kind in ALL_CONTAINERS:
        for container in items(spec, kind):
            _filter(container, "volumeMounts", "name", tokens)


def _filter(holder: Manifest, key: str, name: str, unwanted: set[str]) -> None:
    if key in holder:
        kept: list[Json] = [row for row in items(holder, key) if text(row, name) not in unwanted]
        holder[key] = kept
        if not kept:
            holder.pop(key)


def _without_defaults(spec: Manifest, own: Manifest) -> None:
    """Drop the tolerations that admission adds to every pod: 300 s on a lost node is for pods that can move."""
    declared = items(own, "tolerations")
    kept: list[Json] = [
        row
        for row in items(spec, "tolerations")
        if row in declared or text(row, "key") not in DEFAULTED_TOLERATIONS or not _defaulted(row)
    ]
    spec.pop("tolerations", None)
    if kept:
        spec["tolerations"] = kept


def _defaulted(row: Manifest) -> bool:
    return text(row, "operator") == "Exists" and (
        number(row, "tolerationSeconds") == 300 or "memory" in text(row, "key")
    )


def _nameless(pod: Manifest, spec: Manifest) -> None:
    """Turn environment literals that hold this pod's own identity into references to whichever pod it will be."""
    fields = {
        text(pod, "metadata", "name"): "metadata.name",
        text(pod, "metadata", "uid"): "metadata.uid",
        text(pod, "status", "podIP"): "status.podIP",
        text(pod, "spec", "nodeName"): "spec.nodeName",
        text(pod, "status", "hostIP"): "status.hostIP",
    }
    for kind in ALL_CONTAINERS:
        for container in items(spec, kind):
            for variable in items(container, "env"):
                field = fields.get(text(variable, "value")) if text(variable, "value") else None
                if field:
                    variable.pop("value")
                    variable["valueFrom"] = {"fieldRef": {"fieldPath": field}}
