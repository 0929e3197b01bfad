"""What istiod knows of one side's pods: labels, namespace, ports, and the node metadata by which a filter may name them. Pure.

Sources: `EnvoyFilter.ProxyMatch` (networking/v1alpha3/envoy_filter.proto: `metadata` is compared key by key with the
node's, exact, text only; `proxyVersion` is a regular expression over ISTIO_VERSION); what the node says is in its
environment as `ISTIO_META_<KEY>` (pkg/bootstrap), which the webhook fills in from the pod's owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from migrator.domain.gateways.profile import Planned
from migrator.domain.model.kubernetes import container_named, name_of, namespace_of
from migrator.domain.model.manifests import Manifest, items, text
from migrator.domain.model.refs import source_ref, target_ref

ROOT = "istio-system"
META = "ISTIO_META_"
PROXY = ("istio-proxy",)

_ROOT_NAMESPACE = re.compile(r"^rootNamespace:\s*[\"']?([a-z0-9.-]+)", re.MULTILINE)
_VERSION = re.compile(r":v?(\d+\.\d+(?:\.\d+)?)[^:/]*$")
_LABEL = re.compile(r"^metadata\.labels\['([^']+)'\]$")

Metadata = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Proxy:
    """One side's pods. `foreign_ports` are those on which only the other side listens.

    `metadata` has, by key, the values that a proxy of this side may have; a key that is missing is unknown. `version` is
    Istio's, "" for unknown. `gateways` are the Gateways (`namespace/name`) that select these pods.
    """

    having: Mapping[str, str]
    namespace: str
    root: str
    foreign_ports: frozenset[int] = frozenset()
    metadata: Metadata = field(default_factory=dict)
    version: str = ""
    gateways: frozenset[str] = frozenset()

    def may_be(self, key: str, value: str) -> bool:
        """Say whether a proxy of this side can have this metadata; what is unknown can be anything."""
        known = self.metadata.get(key)
        return known is None or value in known


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides as istiod sees them, and the listening ports that move: old → new."""

    old: Proxy
    new: Proxy
    moved: Mapping[int, int]


def sides(planned: Planned) -> Sides:
    """Give both sides. Only with hostNetwork do listeners move to the ports of the plan's map."""
    on_nodes = planned.on_host or planned.old_pod.get("hostNetwork") is True
    rows = planned.spec.target.ports if on_nodes else ()
    moved = {row.old: row.new for row in rows if row.old != row.new}
    gone, come = frozenset(moved), frozenset(moved.values())
    kept = frozenset(row.old for row in rows if row.old == row.new)
    named = _ROOT_NAMESPACE.search(planned.settings)
    root = named[1] if named else ROOT
    here, there = source_ref(planned.spec).namespace, target_ref(planned.spec).namespace
    old_says, new_says = _metadata_of_old(planned), _metadata_of_new(planned)
    versions = _versions(planned)
    return Sides(
        Proxy(planned.old_labels, here, root, come - gone - kept, {**new_says, **old_says}, versions[0]),
        Proxy(planned.new_labels, there, root, gone - come - kept, {**old_says, **new_says}, versions[1]),
        moved,
    )


def _metadata_of_old(planned: Planned) -> Metadata:
    spec, live = planned.spec, [pod.ref for pod in planned.world.old.live]
    names = frozenset(ref.name for ref in live)
    nodes = frozenset(ref.node for ref in live)
    identity = _identity(source_ref(spec).namespace, spec.source.kind, spec.source.name)
    return {
        **identity,
        "NAME": names,
        "NODE_NAME": nodes,
        **_said(planned.live_pod, planned.old_labels, identity, names),
    }


def _metadata_of_new(planned: Planned) -> Metadata:
    spec = planned.spec
    nodes = frozenset(node.name for node in planned.world.nodes)
    identity = _identity(target_ref(spec).namespace, spec.target.kind, spec.target.name)
    nobody: frozenset[str] = frozenset()  # nobody knows yet what the new pods will be called
    return {
        **identity,
        "NAME": nobody,
        "NODE_NAME": nodes,
        **_said(planned.new_pod, planned.new_labels, identity, nobody),
    }


def _identity(namespace: str, kind: str, name: str) -> Metadata:
    """Give what the webhook says of a workload (pkg/kube/inject/webhook.go: `WORKLOAD_NAME`, `OWNER`)."""
    owner = f"kubernetes://apis/apps/v1/namespaces/{namespace}/{kind.lower()}s/{name}"
    said = {"NAMESPACE": namespace, "WORKLOAD_NAME": name, "OWNER": owner}
    return {key: frozenset({value}) for key, value in said.items()}


def _said(pod: Manifest, having: Mapping[str, str], identity: Metadata, names: frozenset[str]) -> Metadata:
    """Give what the proxy's own environment says: literals, and fields of the pod that are known."""
    fields = {"metadata.namespace": identity["NAMESPACE"], "metadata.name": names}
    return dict(_read(container_named(pod, PROXY), having, fields))


def _read(container: Manifest, having: Mapping[str, str], fields: Metadata) -> Iterator[tuple[str, frozenset[str]]]:
    for row in items(container, "env"):
        name, value = text(row, "name"), row.get("value")
        if not name.startswith(META):
            continue
        path = text(row, "valueFrom", "fieldRef", "fieldPath")
        label = _LABEL.match(path)
        if isinstance(value, str) and "$(" not in value:
            yield name.removeprefix(META), frozenset({value})
        elif path in fields:
            yield name.removeprefix(META), fields[path]
        elif label:
            yield name.removeprefix(META), frozenset({having.get(label[1], "")})


def _versions(planned: Planned) -> tuple[str, str]:
    """Give Istio's version on both sides, by the tags of the images; a side that does not say has the other's."""
    old, new = (_version(pod) for pod in (planned.live_pod, planned.new_pod))
    return old or new, new or old


def _version(pod: Manifest) -> str:
    found = _VERSION.search(text(container_named(pod, PROXY), "image"))
    return found[1] if found else ""


def full_name(thing: Manifest) -> str:
    """Give `namespace/name`, as istiod names a Gateway."""
    return f"{namespace_of(thing)}/{name_of(thing)}"
