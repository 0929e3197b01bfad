"""Everything a plan is made from, as it was seen in one look. Checks and the planner are pure functions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from migrator.domain.balancers.monitoring import MonitoringLook
from migrator.domain.balancers.profile import UNDECLARED, BalancerProfile, Binding, Cloud
from migrator.domain.balancers.settings import HealthCheck, Quota, Rule, Steering
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Capabilities, ProbeWay, Target, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Json, Manifest, items, labels, number, selects, text
from migrator.domain.model.outside.warned import LogLook
from migrator.domain.model.samples import Silence
from migrator.domain.model.workload import Workload
from migrator.domain.observation.logins import Login
from migrator.domain.observation.lost import Lost
from migrator.domain.observation.sighting import Configs

EVERYWHERE = ""
"""The namespace of a list over all of them."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind to list. `key` is its name in the World, `versions` are tried in turn, `optional` kinds may not exist."""

    key: str
    versions: tuple[str, ...]
    kind: str
    namespace: str = EVERYWHERE
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the old side's own counters did while we looked: completed requests in so many seconds."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Referred:
    """An object that the pods of both sides refer to, by kind and name: a digest of what each side's cluster has of it, ""
    where it is not there. `unread`: nobody has looked."""

    kind: str
    name: str
    here: str = ""
    there: str = ""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Beyond:
    """What the new side's cluster holds, where it is another than the old side's: lists by kind, and kinds that we may not
    list. `referred` are the objects that the new pods will ask it for."""

    objects: tuple[tuple[str, tuple[Json, ...]], ...] = ()
    unseen: tuple[str, ...] = ()
    referred: tuple[Referred, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """One look. `source` is None when the Deployment does not exist; `objects` are lists by kind (Service, HPA, …).

    `denied` are the permissions we lack, as `verb kind in namespace`; `refused` what a server-side dry run of the
    derived manifests said, by object; `silent` the gateways that did not answer, with why. `unseen` are the kinds that
    we may not list, `untried` the objects whose dry run we may not ask for: their checks are blind;
    `hanging` those whose dry run got no answer, with why. `health` and
    `quotas` are None where the driver cannot say; `old_rate` where no counter was read twice; `prometheus` the answer
    of its queries for the old side (requests in a window), -1 for none, None when it was not asked;
    `prometheus_denied` the status by which it did not accept who we are, `prometheus_numbers` the
    plan's own (name, number or None, whether the query was refused). `monitoring` is None where the
    cloud's monitoring of the balancer is no judge. `slow_over`
    are the limits (seconds) at which the gateways' own histograms tell slow answers, where the plan judges latency.
    `held` says who holds the cluster's Lease of this gateway, and until when ("": nobody, or we may not read it);
    `lost` is a run of this gateway that nobody carries out, by its record in the cluster;
    `unanswered` the listeners through which nobody answered us, with the address dialled and the error; `rules` are all
    forwarding rules of the plan's layer-7 listeners, its own and others. `driver` is what the plan's balancer driver declares
    of itself, `clouds` what all drivers declare of their clouds. `ways` are how each listener's backends are asked by our own
    requests, `unspoken` the listeners of which an old backend answered none of them: the backend, and why. `strange` are
    the (API group, kind) of the gateway kind's own groups that the cluster has and this version does not understand. `configs`
    compares the old gateways among themselves (None: none was asked). `exposed` says how what we send to the API server lies
    open to others (None: it does not). `recorded` is the old side's record of an earlier plan: its rows stay the old side's,
    though their pods may have been replaced since. `logins` say how long what we hold is good for;
    `steering` how the listeners choose backends, as far as the driver can read it. `objects` are the old side's cluster's;
    `nodes` and `beyond` (None: it is the same) the new side's. `logs` is what logs warn of (None: the plan reads none).
    """

    source: Manifest | None
    old: Workload
    new: Workload
    nodes: tuple[Node, ...]
    objects: tuple[tuple[str, tuple[Json, ...]], ...] = ()
    targets: tuple[Target, ...] = ()
    capabilities: Capabilities = Capabilities()
    balancer: tuple[Finding, ...] = ()
    denied: tuple[str, ...] = ()
    refused: tuple[tuple[str, Message | str], ...] = ()
    silent: tuple[Silence, ...] = ()
    version: str = ""
    unseen: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()
    hanging: tuple[tuple[str, Message], ...] = ()
    health: tuple[HealthCheck, ...] | None = None
    quotas: tuple[Quota, ...] | None = None
    old_rate: Traffic | None = None
    prometheus: int | None = None
    prometheus_denied: int | None = None
    prometheus_numbers: tuple[tuple[str, float | None, bool], ...] = ()
    monitoring: MonitoringLook | None = None
    slow_over: tuple[float, ...] = ()
    held: Message | None = None
    lost: Lost | None = None
    unanswered: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    driver: BalancerProfile = UNDECLARED
    clouds: tuple[Cloud, ...] = ()
    strange: tuple[tuple[str, str], ...] = ()
    configs: Configs | None = None
    exposed: Message | None = None
    ways: tuple[tuple[str, ProbeWay], ...] = ()
    unspoken: tuple[tuple[str, str, Message], ...] = ()
    recorded: tuple[Weighted, ...] = ()
    logins: tuple[Login, ...] = ()
    steering: tuple[Steering, ...] = ()
    beyond: Beyond | None = None
    logs: LogLook | None = None

    @property
    def there(self) -> World:
        """Give the look as the new side's cluster shows it: its lists in the place of the old side's."""
        if self.beyond is None:
            return self
        return replace(self, objects=self.beyond.objects, unseen=self.beyond.unseen)

    def all(self, kind: str) -> list[Manifest]:
        """Give the objects of a kind that were listed."""
        objects = dict(self.objects).get(kind, ())
        return [manifest for manifest in objects if isinstance(manifest, dict)]

    def bindings(self) -> list[tuple[Binding, Manifest]]:
        """Give the objects by which cloud controllers register pods, each after its kind."""
        kinds = [kind for cloud in self.clouds for kind in cloud.controller.bindings]
        return [(kind, thing) for kind in kinds for thing in self.all(kind.kind)]

    def services_of(self, having: Mapping[str, str], namespace: str) -> list[Manifest]:
        """Give the Services of a namespace that select pods with these labels."""
        return [
            service
            for service in self.all("Service")
            if text(service, "metadata", "namespace") == namespace
            and selects(labels(service, "spec", "selector"), having)
        ]

    def pods_in(self, namespace: str) -> list[Manifest]:
        """Give the pods of a namespace that have not ended."""
        return [
            pod
            for pod in self.all("Pod")
            if text(pod, "metadata", "namespace") == namespace
            and text(pod, "status", "phase") not in ("Succeeded", "Failed")
        ]

    def namespace_labels(self, name: str) -> dict[str, str]:
        """Give a namespace's labels; its own name is one of them on every server since 1.22."""
        space = next((row for row in self.all("Namespace") if text(row, "metadata", "name") == name), {})
        return {"kubernetes.io/metadata.name": name, **labels(space, "metadata", "labels")}


def template_labels(workload: Manifest) -> dict[str, str]:
    """Give the labels of a workload's pod template."""
    return labels(workload, "spec", "template", "metadata", "labels")


def containers(workload: Manifest) -> list[Manifest]:
    """Give the containers of a workload's pod template."""
    return items(workload, "spec", "template", "spec", "containers")


def port_by_name(workload: Manifest, name: str) -> int:
    """Give the containerPort that has this name, or 0."""
    ports = [port for container in containers(workload) for port in items(container, "ports")]
    return next((number(port, "containerPort") for port in ports if text(port, "name") == name), 0)


def target_port(workload: Manifest, port: Manifest) -> int:
    """Give the container port that a Service's port leads to: a number, a name, or the port itself."""
    wanted = port.get("targetPort")
    if isinstance(wanted, str):
        return port_by_name(workload, wanted)
    return number(port, "targetPort") or number(port, "port")
