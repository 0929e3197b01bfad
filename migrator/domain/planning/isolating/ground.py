"""What is looked at before a pod is set apart or put back, and the pod's own rows among the balancer's. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Capabilities, Health, Target, Weighted
from migrator.domain.model.manifests import Manifest, items, labels, mapping, number, text, uid_of
from migrator.domain.model.pod_targets import Entry, PodPort
from migrator.domain.model.spec import Spec
from migrator.domain.model.workload import Workload


@dataclass(frozen=True, slots=True)
class Ground:
    """One look. `workload` is the pod's, `manifest` that workload's object; `services`, `budgets` and `slices` are the
    namespace's own. `configured` are resources that may configure gateways by labels, `unlisted` the kinds of those that we may
    not list."""

    pod: Manifest
    workload: Workload
    manifest: Manifest
    services: tuple[Manifest, ...]
    budgets: tuple[Manifest, ...]
    slices: tuple[Manifest, ...]
    targets: tuple[Target, ...]
    capabilities: Capabilities
    configured: tuple[Manifest, ...] = ()
    unlisted: tuple[str, ...] = ()

    @property
    def ref(self) -> PodRef:
        """Give where the pod is and where it answers."""
        return ref_of_pod(self.pod)

    @property
    def host_ports(self) -> frozenset[int]:
        """Give the ports of its node that the pod has told the scheduler of."""
        shares = mapping(self.pod, "spec").get("hostNetwork") is True
        rows = [row for container in items(self.pod, "spec", "containers") for row in items(container, "ports")]
        return frozenset(number(row, "hostPort") or (number(row, "containerPort") if shares else 0) for row in rows) - {
            0
        }

    @property
    def on_its_node(self) -> bool:
        """Say whether the pod has its node's own network."""
        return mapping(self.pod, "spec").get("hostNetwork") is True

    @property
    def is_daemon(self) -> bool:
        """Say whether another pod of its workload comes to the very same node."""
        return self.workload.ref.kind == "DaemonSet"

    @property
    def shares_node(self) -> bool:
        """Say whether another pod on its node needs the ports that it has."""
        return self.is_daemon and (self.on_its_node or bool(self.host_ports))


def ref_of_pod(pod: Manifest) -> PodRef:
    """Give where a pod is and where it answers."""
    return PodRef(
        text(pod, "metadata", "namespace"),
        text(pod, "metadata", "name"),
        uid_of(pod),
        text(pod, "status", "podIP"),
        text(pod, "spec", "nodeName"),
    )


def own_ports(spec: Spec, ground: Ground) -> tuple[PodPort, ...]:
    """Give the ports, behind each listener, at which single pods of the workload are dialled by the rows that are there."""
    listeners = {listener.id for listener in spec.balancer.listeners}
    pods = {pod.ref.ip for pod in ground.workload.pods} | {ground.ref.ip}
    hosts = {pod.host_ip for pod in ground.workload.pods} | {text(ground.pod, "status", "hostIP")}
    found = set()
    for backend in (target.backend for target in ground.targets if target.backend.listener in listeners):
        if backend.address in pods - {""}:
            found.add(PodPort(backend.listener, backend.port, Entry.POD))
        elif backend.address in hosts - {""} and backend.port in ground.host_ports:
            found.add(PodPort(backend.listener, backend.port, Entry.HOST_PORT))
    return tuple(sorted(found))


def rows_of(pod: PodRef, host_ip: str, ports: tuple[PodPort, ...], ground: Ground) -> tuple[Weighted, ...]:
    """Give a pod's own rows with the weights that they have now."""
    at = {(each.listener, each.port): host_ip if each.entry is Entry.HOST_PORT else pod.ip for each in ports}
    return tuple(
        Weighted(target.backend, target.weight)
        for target in ground.targets
        if at.get((target.backend.listener, target.backend.port)) == target.backend.address
    )


def believed(rows: tuple[Weighted, ...], spec: Spec, ground: Ground) -> tuple[Weighted, ...]:
    """Give those of a mark's rows that are the pod's own: whoever may write an annotation may not move others' weights by it,
    and a pod that has another address than then has left its rows behind."""
    listeners = {listener.id for listener in spec.balancer.listeners}
    known = {(each.listener, each.port) for each in own_ports(spec, ground)}
    told = {
        number(row, "containerPort") for each in items(ground.pod, "spec", "containers") for row in items(each, "ports")
    }
    host = text(ground.pod, "status", "hostIP")

    def is_own(row: Weighted) -> bool:
        backend = row.backend
        if row.weight < 0 or not backend.address or backend.listener not in listeners:
            return False
        if backend.address == ground.ref.ip:
            return (backend.listener, backend.port) in known or backend.port in told
        return backend.address == host and backend.port in ground.host_ports

    return tuple(filter(is_own, rows))


def rows_of_all(spec: Spec, ports: tuple[PodPort, ...], ground: Ground) -> tuple[Target, ...]:
    """Give the rows of every pod of the workload, and of the pod itself."""
    at = {(each.listener, each.port) for each in ports}
    dialled = {pod.ref.ip for pod in ground.workload.pods} | {pod.host_ip for pod in ground.workload.pods}
    dialled |= {ground.ref.ip, text(ground.pod, "status", "hostIP")}
    return tuple(
        t for t in ground.targets if (t.backend.listener, t.backend.port) in at and t.backend.address in dialled - {""}
    )


def carries(target: Target) -> bool:
    """Say whether a row carries traffic now."""
    return target.weight > 0 and target.health not in (Health.UNHEALTHY, Health.PENDING)


def owner_labels(ground: Ground) -> dict[str, str]:
    """Give the pod's labels."""
    return labels(ground.pod, "metadata", "labels")
