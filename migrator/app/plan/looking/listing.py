"""What planning lists, and how: every kind once, several at a time, slimmed as soon as it is here. It changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from migrator.domain.balancers.profile import Cloud
from migrator.domain.gateways.envoy_gateway.policies import ROUTES
from migrator.domain.messages.errors import Refused
from migrator.domain.model.manifests import Json, Manifest, items, mapping, text
from migrator.domain.observation.world import EVERYWHERE, Listing
from migrator.domain.planning.checks.nodes.affinity import REQUIRED
from migrator.domain.planning.policies import VENDORS
from migrator.domain.ports.outside import ClusterReader, Keep

ADMISSION = "admissionregistration.k8s.io/v1"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
ASKS_ON_NODE = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle")
"""What tells further ports of a container in its node's network."""

KEPT_WHOLE = frozenset({"ScaledObject"})


@dataclass(frozen=True, slots=True)
class Listed:
    """The objects of a kind; `refused` when we may not list it (or not everywhere)."""

    key: str
    objects: tuple[Json, ...]
    refused: bool = False


def kinds(spaces: Sequence[str], own: Sequence[Listing], clouds: Sequence[Cloud]) -> tuple[Listing, ...]:
    """Give what is listed for a plan whose sides are in these namespaces; of each of `clouds` what its controller registers
    pods by. What only a side's namespace says is listed in each of them."""
    listed = (_kinds(space, own, clouds) for space in spaces)
    return tuple(dict.fromkeys(row for rows in listed for row in rows))


def _kinds(namespace: str, own: Sequence[Listing], clouds: Sequence[Cloud]) -> tuple[Listing, ...]:
    return (
        Listing("Service", ("v1",), "Service"),
        Listing("Pod", ("v1",), "Pod"),
        Listing("Node", ("v1",), "Node"),
        Listing("Namespace", ("v1",), "Namespace"),
        Listing("Deployment", ("apps/v1",), "Deployment", namespace),
        Listing("DaemonSet", ("apps/v1",), "DaemonSet", namespace),
        Listing("StatefulSet", ("apps/v1",), "StatefulSet", namespace),
        Listing("PersistentVolumeClaim", ("v1",), "PersistentVolumeClaim", namespace),
        Listing("HorizontalPodAutoscaler", ("autoscaling/v2",), "HorizontalPodAutoscaler", namespace),
        Listing("PodDisruptionBudget", ("policy/v1",), "PodDisruptionBudget", namespace),
        Listing("ResourceQuota", ("v1",), "ResourceQuota", namespace),
        Listing("EndpointSlice", ("discovery.k8s.io/v1",), "EndpointSlice", namespace),
        Listing("RuntimeClass", ("node.k8s.io/v1",), "RuntimeClass"),
        Listing("MutatingWebhookConfiguration", (ADMISSION,), "MutatingWebhookConfiguration"),
        _custom("VerticalPodAutoscaler", "autoscaling.k8s.io/v1", namespace=namespace),
        Listing("NetworkPolicy", ("networking.k8s.io/v1",), "NetworkPolicy"),
        Listing("Ingress", ("networking.k8s.io/v1",), "Ingress"),
        _custom("AuthorizationPolicy", "security.istio.io/v1", "security.istio.io/v1beta1"),
        _custom(
            "ServiceEntry", "networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"
        ),
        *(each for each, _ in VENDORS),
        _custom("CiliumLocalRedirectPolicy", "cilium.io/v2"),
        _custom("ScaledObject", "keda.sh/v1alpha1", namespace=namespace),
        _custom("PodMonitor", "monitoring.coreos.com/v1"),
        _custom("ServiceMonitor", "monitoring.coreos.com/v1"),
        _custom("Application", "argoproj.io/v1alpha1"),
        _custom("Kustomization", "kustomize.toolkit.fluxcd.io/v1"),
        _custom("HelmRelease", "helm.toolkit.fluxcd.io/v2"),
        *(
            _custom(binding.kind, binding.api_version, namespace=namespace)
            for cloud in clouds
            for binding in cloud.controller.bindings
        ),
        *own,
    )


def _custom(kind: str, *versions: str, namespace: str = EVERYWHERE) -> Listing:
    return Listing(kind, versions, kind, namespace, optional=True)


def submit(
    pool: Executor, cluster: ClusterReader, spaces: Sequence[str], own: Sequence[Listing], clouds: Sequence[Cloud]
) -> list[Future[Listed]]:
    """Ask for every kind; the answers come as they come."""
    return [pool.submit(listed, cluster, what, spaces) for what in kinds(spaces, own, clouds)]


def gathered(found: Iterable[Listed]) -> tuple[Listed, ...]:
    """Give the objects of each kind together, those that were listed in one namespace after another."""
    kinds: dict[str, Listed] = {}
    for each in found:
        before = kinds.get(each.key, Listed(each.key, ()))
        kinds[each.key] = Listed(each.key, before.objects + each.objects, before.refused or each.refused)
    return tuple(kinds.values())


def listed(cluster: ClusterReader, what: Listing, spaces: Sequence[str]) -> Listed:
    """List one kind, of its first version that has objects; of the sides' namespaces alone where not all may be listed."""
    slim = SLIM.get(what.key, slim_settings if what.optional else bare)

    def keep(thing: Manifest) -> Manifest:
        mine = text(thing, "metadata", "namespace")
        return slim(thing, mine if mine in spaces else spaces[0])

    for version in what.versions:
        objects, refused = _asked(cluster, version, what, spaces, keep)
        if objects or refused:
            return Listed(what.key, tuple(objects), refused)
    return Listed(what.key, ())


def _asked(
    cluster: ClusterReader, version: str, what: Listing, spaces: Sequence[str], keep: Keep
) -> tuple[Sequence[Manifest], bool]:
    try:
        return cluster.list_objects(version, what.kind, what.namespace, keep=keep), False
    except Refused:
        pass
    if what.namespace != EVERYWHERE or what.kind in ("Node", "Namespace"):
        return (), True
    try:
        found = (cluster.list_objects(version, what.kind, space, keep=keep) for space in spaces)
        return [thing for things in found for thing in things], True
    except Refused:
        return (), True


def bare(thing: Manifest, home: str) -> Manifest:
    """Give an object without what no check reads: managedFields are half of its bytes."""
    mapping(thing, "metadata").pop("managedFields", None)
    return thing


def slim_settings(thing: Manifest, home: str) -> Manifest:
    """Give an object of somebody's API (Istio, Argo CD, Prometheus) without its status and kubectl's copy of it.

    One that scales the source is kept whole: it is stored with the plan, and comes back as it was.
    """
    if text(thing, "kind") in KEPT_WHOLE:
        return bare(thing, home)
    meta = mapping(thing, "metadata")
    kept: Manifest = {key: meta[key] for key in ("name", "namespace", "labels") if key in meta}
    notes: Manifest = {key: value for key, value in mapping(meta, "annotations").items() if key != LAST_APPLIED}
    named: Manifest = {**kept, **({"annotations": notes} if notes else {})}
    more = _picked(thing, ("specs",))  # Cilium's policies may have several
    return {
        "apiVersion": thing["apiVersion"],
        "kind": thing["kind"],
        "metadata": named,
        "spec": thing.get("spec"),
        **more,
    }


def slim_ingress(ingress: Manifest, home: str) -> Manifest:
    """Give an Ingress as whose balancer and class it names, and its hosts and paths: what stands behind them is left out."""
    meta = mapping(ingress, "metadata")
    kept: Manifest = {key: meta[key] for key in ("name", "namespace", "annotations") if key in meta}
    spec = _picked(mapping(ingress, "spec"), ("ingressClassName",))
    if rules := [_hosts(row) for row in items(ingress, "spec", "rules")]:
        spec["rules"] = list[Json](rules)
    if encrypted := [_picked(row, ("hosts",)) for row in items(ingress, "spec", "tls")]:
        spec["tls"] = list[Json](encrypted)
    if mapping(ingress, "spec", "defaultBackend"):
        spec["defaultBackend"] = {"there": True}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": kept,
        **({"spec": spec} if spec else {}),
    }


def _hosts(rule: Manifest) -> Manifest:
    paths: list[Json] = [_picked(row, ("path",)) for row in items(mapping(rule, "http"), "paths")]
    return {**_picked(rule, ("host",)), "http": {"paths": paths}}


def slim_pod(pod: Manifest, home: str) -> Manifest:
    """Give a pod of another namespace as what it holds on its node; those of the home namespace stay whole.

    A DaemonSet may have to be derived from a live pod, so those are needed to the last field.
    """
    meta, spec = mapping(pod, "metadata"), mapping(pod, "spec")
    if text(meta, "namespace") == home:
        return bare(pod, home)
    owners: list[Json] = [_picked(row, ("kind", "name", "controller")) for row in items(meta, "ownerReferences")]
    named: Manifest = {**_picked(meta, ("name", "namespace")), "ownerReferences": owners}
    held = _picked(spec, ("nodeName", "hostNetwork"))
    if repels := items(spec, "affinity", "podAntiAffinity", REQUIRED):
        held["affinity"] = {"podAntiAffinity": {REQUIRED: [*repels]}}
    if whole := mapping(spec, "resources", "requests"):
        held["resources"] = {"requests": _picked(whole, tuple(whole))}
    if over := mapping(spec, "overhead"):
        held["overhead"] = _picked(over, tuple(over))
    more = ASKS_ON_NODE if spec.get("hostNetwork") is True else ()
    for key in ("containers", "initContainers"):
        if rows := items(spec, key):
            held[key] = [_container(row, more) for row in rows]
    status = _picked(mapping(pod, "status"), ("phase",))
    return {"apiVersion": "v1", "kind": "Pod", "metadata": named, "spec": held, "status": status}


def _container(row: Manifest, more: tuple[str, ...]) -> Manifest:
    kept = _picked(row, ("name", "ports", "restartPolicy", *more))
    if requests := mapping(row, "resources", "requests"):
        kept["resources"] = {"requests": _picked(requests, tuple(requests))}
    return kept


def _picked(thing: Manifest, keys: tuple[str, ...]) -> Manifest:
    """Give these keys of a map. A cluster says the same few words thousands of times: each is held once."""
    kept = ((key, thing[key]) for key in keys if key in thing)
    return {sys.intern(key): sys.intern(value) if isinstance(value, str) else value for key, value in kept}


def slim_node(node: Manifest, home: str) -> Manifest:
    """Give a node's name, labels, taints, addresses, conditions and room; the list of its images is most of its bytes."""
    meta, status = mapping(node, "metadata"), mapping(node, "status")
    kept: Manifest = {key: meta[key] for key in ("name", "labels", "uid") if key in meta}
    conditions: list[Json] = [_picked(row, ("type", "status")) for row in items(status, "conditions")]
    shown: Manifest = {key: status[key] for key in ("addresses", "allocatable") if key in status}
    shown["conditions"] = conditions
    return {"apiVersion": "v1", "kind": "Node", "metadata": kept, "spec": mapping(node, "spec"), "status": shown}


def slim_webhooks(config: Manifest, home: str) -> Manifest:
    """Give webhooks as whom they choose: their certificates are most of their bytes."""
    keys = ("name", "rules", "namespaceSelector", "objectSelector")
    hooks: list[Json] = [_picked(row, keys) for row in items(config, "webhooks")]
    named = _picked(mapping(config, "metadata"), ("name",))
    return {"apiVersion": ADMISSION, "kind": "MutatingWebhookConfiguration", "metadata": named, "webhooks": hooks}


def slim_route(route: Manifest, home: str) -> Manifest:
    """Give a route of the Gateway API with what each of its Gateways' controllers says of it."""
    parents: list[Json] = [
        {
            "parentRef": row.get("parentRef"),
            "conditions": list[Json](_picked(each, ("type", "status", "reason")) for each in items(row, "conditions")),
        }
        for row in items(route, "status", "parents")
    ]
    return {**slim_settings(route, home), "status": {"parents": parents}}


SLIM: dict[str, Callable[[Manifest, str], Manifest]] = {
    "Pod": slim_pod,
    "Node": slim_node,
    "Ingress": slim_ingress,
    **dict.fromkeys(ROUTES, slim_route),
    "MutatingWebhookConfiguration": slim_webhooks,
}
