"""The workload to be, as a plan wants it: derived from the source, kept by an earlier run, or standing already."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, Manifest, ObjectRef
from migrator.domain.model.pod_targets import ON_NODES, PodTargets
from migrator.domain.model.side.companion import CompanionSpec
from migrator.domain.model.side.gateway import GatewaySpec


class Network(StrEnum):
    """How a new pod gets its port: by hostNetwork, by the CNI's port mapping, or as its own template has it."""

    HOST = "host"
    HOST_PORT = "hostPort"
    POD = "pod"


class PortConflict(StrEnum):
    """The three ways out of a host port that is held already: other nodes, other ports, the old side on a NodePort."""

    NODES = "nodes"
    PORTS = "ports"
    NODE_PORT = "nodePort"


@dataclass(frozen=True, slots=True)
class TolerationSpec:
    """A toleration of the new pods, as in a pod spec."""

    key: str = ""
    operator: str = "Equal"
    value: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class PortMapping:
    """A listening port on the old side and the same listener's port on the new."""

    old: int
    new: int


def mapped(ports: tuple[PortMapping, ...], old: int) -> int:
    """Give the new side's port for a port of the old side; an unmapped port keeps its number."""
    return next((row.new for row in ports if row.old == old), old)


@dataclass(frozen=True, slots=True)
class Derived:
    """A workload that is derived from the source. `labels` tell its pods from the old ones; `patch` goes over it.

    `harden`: it is given what it lacks so that its pods end without losing anything; not so in plans of before it could be.
    `companion`: a container of ours beside its gateways, by whose word they end (None: none).
    `namespace` "": the plan's own. A Deployment's pods have the source's `network` (POD); `pod_targets` has how many of them
    the operator wants (0: as many as the source has), and once a plan is made how they are dialled. `at_a_time`: so many old
    pods leave their host ports at a time (0: all at once, as plans of before it could be said).
    """

    name: str
    network: Network = Network.HOST
    node_selector: tuple[tuple[str, str], ...] = ()
    tolerations: tuple[TolerationSpec, ...] = ()
    ports: tuple[PortMapping, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    patch: Json = None
    port_conflict: PortConflict | None = None
    harden: bool = False
    workload_kind: str = "DaemonSet"
    namespace: str = ""
    pod_targets: PodTargets = ON_NODES
    companion: CompanionSpec | None = None
    at_a_time: int = 0

    @property
    def kind(self) -> str:
        """Give the kind of the workload to be."""
        return self.workload_kind

    @property
    def gateway(self) -> GatewaySpec | None:
        """Give what its gateways are where they are no copies of the old ones: they are."""
        return None

    @property
    def is_placed(self) -> bool:
        """Say whether the scheduler places its pods: a Deployment's, not those of a DaemonSet, which is on the plan's nodes."""
        return self.workload_kind == "Deployment"

    @property
    def service(self) -> str:
        """Give the name of the Service that the new pods may get of their own."""
        return self.name

    @property
    def companions(self) -> tuple[Manifest, ...]:
        """Give what comes back once the new side serves alone: nothing."""
        return ()

    @property
    def reverses(self) -> int | None:
        """Give the run whose end this target leads back from: none."""
        return None

    def port(self, old: int) -> int:
        """Give the new side's port for a port of the old side; an unmapped port keeps its number."""
        return mapped(self.ports, old)


@dataclass(frozen=True, slots=True)
class Kept:
    """The workload that returns, as run `run` of plan `plan` kept it when it removed it.

    `workload` is its manifest as a person would apply it again; `kept_companions` (its HPA) come back when it serves again.
    `service` names the Service that the returning pods need of their own; `leftovers` are what the run made besides the
    workload that leaves now. `rows` are backends that the plan knows (ports of nodes), `pod_targets` says how many pods
    there are and on which port each is dialled. `selected` has, by Service, the labels by which it selected before that run and
    that the run changed (None: it did not select by it); plans of earlier versions do not say. `gateway` is what its gateways
    are where the leaving ones are another product (None: they are as the leaving ones). `namespace` "": the plan's own.
    """

    name: str
    ports: tuple[PortMapping, ...]
    labels: tuple[tuple[str, str], ...]
    workload_kind: str
    run: int
    plan: str
    workload: Json
    kept_companions: tuple[Json, ...]
    service: str
    leftovers: tuple[ObjectRef, ...]
    pod_targets: PodTargets
    rows: tuple[Backend, ...] = ()
    selected: Json = None
    namespace: str = ""
    gateway: GatewaySpec | None = None

    @property
    def kind(self) -> str:
        """Give the kind of the workload that returns."""
        return self.workload_kind

    @property
    def network(self) -> Network:
        """Give how its pods get their ports: as they were kept."""
        return Network.POD

    @property
    def node_selector(self) -> tuple[tuple[str, str], ...]:
        """Give the labels of the nodes that the plan is about: all, for the scheduler places the pods."""
        return ()

    @property
    def tolerations(self) -> tuple[TolerationSpec, ...]:
        """Give what the plan adds to the pods' tolerations: nothing, they are as they were kept."""
        return ()

    @property
    def patch(self) -> Json:
        """Give what the operator lays over the manifest: nothing, it is as it was kept."""
        return None

    @property
    def port_conflict(self) -> PortConflict | None:
        """Give the way out of a port conflict that the operator asked for: none."""
        return None

    @property
    def companions(self) -> tuple[Manifest, ...]:
        """Give what comes back once the workload serves alone: what scaled it."""
        return tuple(manifest for manifest in self.kept_companions if isinstance(manifest, dict))

    @property
    def harden(self) -> bool:
        """Say whether it is given what it lacks: no, it is as it was kept."""
        return False

    @property
    def companion(self) -> None:
        """Give the container of ours beside its gateways that the operator wants: none, it is as it was kept."""

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """Give everything that returns: the workload, then what scaled it."""
        return (*([self.workload] if isinstance(self.workload, dict) else []), *self.companions)

    @property
    def reverses(self) -> int | None:
        """Give the run whose end this target leads back from."""
        return self.run

    def port(self, old: int) -> int:
        """Give the port of the returning side for a port of the leaving one; an unmapped port keeps its number."""
        return mapped(self.ports, old)


@dataclass(frozen=True, slots=True)
class Existing:
    """A workload that stands already and that somebody else looks after: a person, or a controller. No run ever writes it.

    `name`, `workload_kind` and `asked` (ports that the plan file maps) are what the operator wants. The rest is read from the
    workload when the plan is made: `network` and `node_selector` from its template, `labels` those by which its pods are told
    from the old ones, `ports` where its pods listen for each port of the old ones, `pod_targets` how its pods are dialled
    that are not reached at their nodes. `gateway` is what its gateways are where they are another product than the old ones
    (None: they are the same). `namespace` "": the plan's own.
    """

    name: str
    workload_kind: str
    asked: tuple[PortMapping, ...] = ()
    network: Network = Network.POD
    node_selector: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    ports: tuple[PortMapping, ...] = ()
    pod_targets: PodTargets = ON_NODES
    namespace: str = ""
    gateway: GatewaySpec | None = None

    @property
    def kind(self) -> str:
        """Give the kind of the workload."""
        return self.workload_kind

    @property
    def service(self) -> str:
        """Give the name of a Service that the plan would make for it: it makes none."""
        return self.name

    @property
    def tolerations(self) -> tuple[TolerationSpec, ...]:
        """Give what the plan adds to the pods' tolerations: nothing, they are as they are."""
        return ()

    @property
    def patch(self) -> Json:
        """Give what the operator lays over the manifest: nothing, it is written by somebody else."""
        return None

    @property
    def port_conflict(self) -> PortConflict | None:
        """Give the way out of a port conflict that the operator asked for: none, its pods have their ports."""
        return None

    @property
    def companions(self) -> tuple[Manifest, ...]:
        """Give what comes back once the new side serves alone: nothing."""
        return ()

    @property
    def harden(self) -> bool:
        """Say whether it is given what it lacks: no, it is written by somebody else."""
        return False

    @property
    def companion(self) -> None:
        """Give the container of ours beside its gateways that the operator wants: none, it is written by somebody else."""

    @property
    def reverses(self) -> int | None:
        """Give the run whose end this target leads back from: none."""
        return None

    def port(self, old: int) -> int:
        """Give the new side's port for a port of the old side; an unmapped port keeps its number."""
        return mapped(self.ports or self.asked, old)


TargetSpec: TypeAlias = Derived | Kept | Existing
"""Where the workload to be comes from. A closed union: whoever matches it names every member."""
