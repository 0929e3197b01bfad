"""How the new pods are reached: the node's own network or the CNI's port mapping, and what each of them demands.

Sources: kubelet's `SysctlForbidden` (net.* with hostNetwork), API validation (containerPort == hostPort with hostNetwork,
else 422), and the scheduler, which keeps two pods off one port only where the port is declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import PRIVILEGED
from migrator.domain.model.manifests import Json, Manifest, items, mapping, number, text
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Network
from migrator.domain.planning.derive.draft import Draft

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
ASKS = ("httpGet", "tcpSocket", "grpc")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def network(draft: Draft, spec: Spec, dialled: frozenset[int], pod_addresses: Sequence[str]) -> None:
    """Put the pods on their nodes' ports. `dialled` are the new side's ports behind the balancer; `pod_addresses` the extended
    resources by which network plugins hand out an address for a pod of its own, and of which nodes run out."""
    if spec.target.network is Network.HOST_PORT:
        if draft.spec.get("hostNetwork") is True:
            _leave_host(draft)
        _map_ports(draft, spec, dialled)
        return
    _host_network(draft)
    for path, container in draft.containers():
        for index, port in enumerate(items(container, "ports")):
            _own_port(draft, f"{path}.ports[{index}]", port, spec)
        for where, asked in asks(path, container):
            _follow(draft, where, asked, spec)
        _without_own_address(draft, path, container, pod_addresses)
    _declare(draft, spec, dialled | {mapping.new for mapping in spec.target.ports})
    for path, container in draft.containers():
        if any(0 < number(port, "hostPort") < PRIVILEGED for port in items(container, "ports")):
            _may_bind(draft, path, container)


def asks(path: str, container: Manifest) -> Iterator[tuple[str, Manifest]]:
    """Give every place where kubelet asks a port of this container: probes, preStop and postStart, not commands."""
    holders = [(f"{path}.{probe}", mapping(container, probe)) for probe in PROBES]
    holders += [
        (f"{path}.lifecycle.{hook}", mapping(container, "lifecycle", hook)) for hook in ("preStop", "postStart")
    ]
    for where, holder in holders:
        for kind in ASKS:
            if kind in holder:
                yield f"{where}.{kind}", mapping(holder, kind)


def _host_network(draft: Draft) -> None:
    pod = draft.spec
    draft.put(pod, "spec", "hostNetwork", True, say("derived.host-network"))
    if pod.get("dnsPolicy") in (None, "ClusterFirst"):  # Default and None are somebody's decision
        reason = say("derived.dns")
        draft.put(pod, "spec", "dnsPolicy", "ClusterFirstWithHostNet", reason)
    security = mapping(pod, "securityContext")
    kept: list[Json] = [row for row in items(security, "sysctls") if not text(row, "name").startswith("net.")]
    reason = say("derived.sysctls")
    draft.keep(security, "spec.securityContext", "sysctls", kept, reason)


def _leave_host(draft: Draft) -> None:
    """Give the pods a network of their own: what only the node's network asked for goes with it.

    Every port that is declared in the node's network has a hostPort, which the API server sets. Kubelet asks from the node, so
    a question to the loopback address would reach the node's own and no longer the pod.
    """
    pod = draft.spec
    draft.drop(pod, "spec", "hostNetwork", say("derived.own-network"))
    if pod.get("dnsPolicy") == "ClusterFirstWithHostNet":
        draft.put(pod, "spec", "dnsPolicy", "ClusterFirst", say("derived.own-network"))
    for path, container in draft.containers():
        for index, port in enumerate(items(container, "ports")):
            for key in ("hostPort", "hostIP"):
                draft.drop(port, f"{path}.ports[{index}]", key, say("derived.own-network-port"))
        for where, asked in asks(path, container):
            if text(asked, "host") in LOOPBACK:
                draft.drop(asked, where, "host", say("derived.own-network-asked"))


def _own_port(draft: Draft, path: str, port: Manifest, spec: Spec) -> None:
    wanted = spec.target.port(number(port, "containerPort"))
    draft.put(port, path, "containerPort", wanted, say("derived.port-map"))
    draft.put(port, path, "hostPort", wanted, say("derived.host-port"))


def _follow(draft: Draft, path: str, asked: Manifest, spec: Spec) -> None:
    port = asked.get("port")
    if isinstance(port, int) and spec.target.port(port) != port:
        draft.put(asked, path, "port", spec.target.port(port), say("derived.follows-port-map"))


def _without_own_address(draft: Draft, path: str, container: Manifest, resources: Sequence[str]) -> None:
    for kind in ("requests", "limits"):
        holder = mapping(container, "resources", kind)
        for name in resources:
            draft.drop(holder, f"{path}.resources.{kind}", name, say("derived.no-own-address"))


def _declare(draft: Draft, spec: Spec, wanted: frozenset[int] | set[int]) -> None:
    """Declare the ports that are listened on and not declared: undeclared ones are invisible to the scheduler."""
    gateway = _gateway(draft, spec)
    if gateway is None:
        return
    path, holder = gateway
    _add_ports(draft, path, holder, sorted(wanted - _declared(draft)))
    for where, container in draft.containers():
        asked = {number(row, "port") for place, row in asks(where, container) if ".grpc" not in place}
        _add_ports(draft, where, container, sorted(port for port in asked - _declared(draft) if port))


def _add_ports(draft: Draft, path: str, container: Manifest, missing: list[int]) -> None:
    if missing:
        rows: list[Json] = [{"containerPort": port, "hostPort": port, "protocol": "TCP"} for port in missing]
        draft.put(container, path, "ports", [*items(container, "ports"), *rows], say("derived.declared"))


def _declared(draft: Draft) -> set[int]:
    return {number(port, "containerPort") for _, row in draft.containers() for port in items(row, "ports")}


def _gateway(draft: Draft, spec: Spec) -> tuple[str, Manifest] | None:
    """Give the container that listens: the one the plan names, else the first that declares a port, else the first."""
    rows = [(path, row) for path, row in draft.containers() if ".containers[" in path]
    named = [row for row in rows if text(row[1], "name") == spec.gateway.container and spec.gateway.container]
    return next(iter([*named, *(row for row in rows if row[1].get("ports")), *rows]), None)


def _may_bind(draft: Draft, path: str, container: Manifest) -> None:
    security = draft.within(container, "securityContext")
    capabilities = draft.within(security, "capabilities")
    present = capabilities.get("add")
    added: list[Json] = list(present) if isinstance(present, list) else []
    if "NET_BIND_SERVICE" not in added and "ALL" not in added and security.get("privileged") is not True:
        where = f"{path}.securityContext.capabilities"
        draft.put(capabilities, where, "add", [*added, "NET_BIND_SERVICE"], say("derived.low-port"))
    for holder, key in ((security, "capabilities"), (container, "securityContext")):
        if holder[key] == {}:
            holder.pop(key)


def _map_ports(draft: Draft, spec: Spec, dialled: frozenset[int]) -> None:
    mapped = {row.old for row in spec.target.ports}
    reason = say("derived.mapped-by-cni")
    for path, container in draft.containers():
        for index, port in enumerate(items(container, "ports")):
            listening = number(port, "containerPort")
            if listening in mapped or spec.target.port(listening) in dialled:
                draft.put(port, f"{path}.ports[{index}]", "hostPort", spec.target.port(listening), reason)
    gateway = _gateway(draft, spec)
    known = _declared(draft)
    old = {row.new: row.old for row in spec.target.ports}
    missing: list[Json] = [
        {"containerPort": old.get(port, port), "hostPort": port, "protocol": "TCP"}
        for port in sorted(dialled | set(old))
        if old.get(port, port) not in known
    ]
    if gateway and missing:
        path, container = gateway
        draft.put(container, path, "ports", [*items(container, "ports"), *missing], reason)
