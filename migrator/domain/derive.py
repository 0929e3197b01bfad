"""The DaemonSet that follows from a Deployment: its pod template kept except what must change, each change with a reason.

Sources of the rules: hostNetwork refuses `net.*` sysctls and needs containerPort == hostPort (422 otherwise); a port below
1024 needs NET_BIND_SERVICE; spreading and anti-affinity make no sense with one pod per node; `OnDelete` keeps an edit of
somebody else from restarting gateways in the middle of a run.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from migrator.domain.manifests import Json, Manifest, items, labels, mapping, merged, number, text
from migrator.domain.plan import Difference
from migrator.domain.spec import Network, Spec
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER
from migrator.domain.world import template_labels

HASH = "pod-template-hash"
PRIVILEGED = 1024


@dataclass(slots=True)
class _Draft:
    """A pod template being changed, and what was changed so far. It never leaves this module."""

    template: Manifest
    said: list[Difference] = field(default_factory=list)

    @property
    def spec(self) -> Manifest:
        return mapping(self.template, "spec")

    def put(self, holder: Manifest, path: str, key: str, value: Json, reason: str) -> None:
        was = holder.get(key)
        if was != value:
            holder[key] = value
            self.said.append(Difference(f"{path}.{key}", was, value, reason))

    def drop(self, holder: Manifest, path: str, key: str, reason: str) -> None:
        if key in holder:
            self.said.append(Difference(f"{path}.{key}", holder.pop(key), None, reason))


def derive(source: Manifest, spec: Spec) -> tuple[Manifest, tuple[Difference, ...]]:
    """Give the DaemonSet for a Deployment, and every difference of its pod template with its reason."""
    draft = _Draft(copy.deepcopy(mapping(source, "spec", "template")))
    _labels(draft, spec)
    _placement(draft, spec)
    _network(draft, spec)
    for index, container in enumerate(items(draft.template, "spec", "containers")):
        _container(draft, f"spec.containers[{index}]", container, spec)
    said = [*draft.said, *_kind(source)]
    return _daemonset(source, draft.template, spec), tuple(said)


def selector(source: Manifest, spec: Spec) -> dict[str, str]:
    """Give the DaemonSet's selector: the Deployment's own and the labels that tell the two apart."""
    return {**labels(source, "spec", "selector", "matchLabels"), **dict(spec.target.labels)}


def pod_labels(source: Manifest, spec: Spec) -> dict[str, str]:
    """Give the labels of the new pods."""
    return {**{k: v for k, v in template_labels(source).items() if k != HASH}, **dict(spec.target.labels)}


def _daemonset(source: Manifest, template: Manifest, spec: Spec) -> Manifest:
    meta: Manifest = {
        "name": spec.target.name,
        "namespace": spec.cluster.namespace,
        "labels": {**labels(source, "metadata", "labels"), MANAGED_BY: MANAGER},
    }
    made: Manifest = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": meta,
        "spec": {
            "selector": {"matchLabels": dict(selector(source, spec))},
            "updateStrategy": {"type": "OnDelete"},
            "minReadySeconds": number(source, "spec", "minReadySeconds"),
            "revisionHistoryLimit": number(source, "spec", "revisionHistoryLimit") or 10,
            "template": template,
        },
    }
    patched = merged(made, spec.target.patch) if spec.target.patch is not None else made
    assert isinstance(patched, dict)
    return patched


def _kind(source: Manifest) -> list[Difference]:
    """Say what the workload itself loses."""
    spec = mapping(source, "spec")
    return [
        Difference("replicas", spec.get("replicas"), None, "a DaemonSet runs one pod on each of its nodes"),
        Difference(
            "strategy", spec.get("strategy"), "OnDelete", "no restart in the middle of a run; Confirm restores it"
        ),
    ]


def _labels(draft: _Draft, spec: Spec) -> None:
    meta = draft.template.setdefault("metadata", {})
    assert isinstance(meta, dict)
    meta.pop("creationTimestamp", None)
    kept = meta.setdefault("labels", {})
    assert isinstance(kept, dict)
    draft.drop(kept, "metadata.labels", HASH, "belongs to a ReplicaSet")
    for key, value in spec.target.labels:
        draft.put(kept, "metadata.labels", key, value, "tells the new pods from the old ones")


def _placement(draft: _Draft, spec: Spec) -> None:
    pod = draft.spec
    one_each = "one pod per node needs no spreading"
    draft.drop(pod, "spec", "topologySpreadConstraints", one_each)
    draft.drop(pod, "spec", "nodeName", "belongs to a single pod")
    affinity = mapping(pod, "affinity")
    draft.drop(affinity, "spec.affinity", "podAntiAffinity", one_each)
    if "affinity" in pod and not affinity:
        pod.pop("affinity")
    if spec.target.node_selector:
        wanted: Json = {**labels(pod, "nodeSelector"), **dict(spec.target.node_selector)}
        draft.put(pod, "spec", "nodeSelector", wanted, "the nodes of the plan")
    tolerations: list[Json] = [
        {k: v for k, v in (("key", t.key), ("operator", t.operator), ("value", t.value), ("effect", t.effect)) if v}
        for t in spec.target.tolerations
    ]
    present: list[Json] = list(items(pod, "tolerations"))
    if missing := [toleration for toleration in tolerations if toleration not in present]:
        draft.put(pod, "spec", "tolerations", [*present, *missing], "the plan's nodes are tainted")


def _network(draft: _Draft, spec: Spec) -> None:
    if spec.target.network is not Network.HOST:
        return
    pod = draft.spec
    draft.put(pod, "spec", "hostNetwork", True, "the balancer dials the node itself: one hop less")
    draft.put(pod, "spec", "dnsPolicy", "ClusterFirstWithHostNet", "cluster names must resolve in the host's network")
    security = mapping(pod, "securityContext")
    kept: list[Json] = [s for s in items(security, "sysctls") if not text(s, "name").startswith("net.")]
    if "sysctls" in security and kept != security["sysctls"]:
        reason = "kubelet refuses net.* sysctls with hostNetwork (SysctlForbidden)"
        if kept:
            draft.put(security, "spec.securityContext", "sysctls", kept, reason)
        else:
            draft.drop(security, "spec.securityContext", "sysctls", reason)


def _container(draft: _Draft, path: str, container: Manifest, spec: Spec) -> None:
    for index, port in enumerate(items(container, "ports")):
        _port(draft, f"{path}.ports[{index}]", port, spec)
    if any(0 < number(port, "hostPort") < PRIVILEGED for port in items(container, "ports")):
        _may_bind(draft, path, container, spec)
    if spec.target.network is Network.HOST:
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            _probe(draft, f"{path}.{probe}", mapping(container, probe), spec)


def _port(draft: _Draft, path: str, port: Manifest, spec: Spec) -> None:
    listening = number(port, "containerPort")
    wanted = spec.target.port(listening)
    if spec.target.network is Network.HOST:
        draft.put(port, path, "containerPort", wanted, "the plan's port map")
        draft.put(port, path, "hostPort", wanted, "with hostNetwork every container port is a node port")
    elif wanted != listening or any(m.old == listening for m in spec.target.ports):
        draft.put(port, path, "hostPort", wanted, "the plan's port map, by the CNI's port mapping")


def _may_bind(draft: _Draft, path: str, container: Manifest, spec: Spec) -> None:
    if spec.target.network is not Network.HOST:
        return
    security = container.setdefault("securityContext", {})
    assert isinstance(security, dict)
    capabilities = security.setdefault("capabilities", {})
    assert isinstance(capabilities, dict)
    present = capabilities.get("add")
    added: list[Json] = list(present) if isinstance(present, list) else []
    if "NET_BIND_SERVICE" not in added:
        where = f"{path}.securityContext.capabilities"
        draft.put(capabilities, where, "add", [*added, "NET_BIND_SERVICE"], "a port below 1024 on the node")


def _probe(draft: _Draft, path: str, probe: Manifest, spec: Spec) -> None:
    for kind in ("httpGet", "tcpSocket", "grpc"):
        asked = mapping(probe, kind)
        port = asked.get("port")
        if isinstance(port, int) and spec.target.port(port) != port:
            draft.put(asked, f"{path}.{kind}", "port", spec.target.port(port), "follows the plan's port map")
