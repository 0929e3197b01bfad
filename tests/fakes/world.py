"""A whole world in memory: a cluster with a gateway Deployment, a balancer before it, traffic that follows the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from migrator.adapters.balancers import clouds, profile_of
from migrator.app.plan.digest import digest
from migrator.domain.messages.findings import Finding, Waiver
from migrator.domain.messages.message import Message, verbatim
from migrator.domain.model.actions import DeleteObject, Op, Word
from migrator.domain.model.balancer import Backend, Capabilities, ProbeWay, Side, Weighted
from migrator.domain.model.kubernetes import host_ports
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, labels, number, selects, text
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import (
    After,
    Approval,
    BalancerSpec,
    CleanupSpec,
    ClusterSpec,
    DeadlineSpec,
    DrainSpec,
    GatewaySpec,
    JudgeSpec,
    ListenerSpec,
    OnTimeout,
    SourceSpec,
    Spec,
    TrafficSpec,
)
from migrator.domain.model.target import Derived, PortMapping
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import World as Look
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.resting.facts import facts, moved, resting_on
from migrator.domain.ports.outside import Readers, Witness, Writers
from tests.fakes.answers import FakeAnswers
from tests.fakes.balancer import PLAIN, FakeBalancer
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster
from tests.fakes.gateways import FakeGateways
from tests.fakes.objects import NAMESPACE, NEW, OLD, OLD_PORT, manifests
from tests.fakes.orders import Orders

DEPLOYMENT = ObjectRef("apps/v1", "Deployment", NAMESPACE, OLD)
DAEMONSET = ObjectRef("apps/v1", "DaemonSet", NAMESPACE, NEW)
SERVICE = ObjectRef("v1", "Service", NAMESPACE, OLD)
SCALER = ObjectRef("autoscaling/v2", "HorizontalPodAutoscaler", NAMESPACE, OLD)
LISTENERS = ("l-1", "l-2")
NEW_PORT = 18080
REQUESTS_PER_SECOND = 200.0

SPEC = Spec(
    name="edge",
    cluster=ClusterSpec(NAMESPACE),
    source=SourceSpec("Deployment", OLD),
    target=Derived(
        NEW,
        node_selector=(("role", "gateway"),),
        ports=(PortMapping(OLD_PORT, NEW_PORT),),
        labels=(("version", "v2"),),
    ),
    gateway=GatewaySpec("istio"),
    balancer=BalancerSpec("fake", "lb-1", tuple(ListenerSpec(name, 80) for name in LISTENERS)),
    traffic=TrafficSpec(soak=3.0, max_soak=10.0, min_requests=20, settle=10.0),
    judge=JudgeSpec(),
    drain=DrainSpec(20.0, OnTimeout.HOLD),
    cleanup=CleanupSpec(Approval.AUTO, 600.0),
    deadlines=DeadlineSpec(30.0, 30.0, 30.0),
    after=After.MANUAL,
)
"""Short soaks, and the shortest `keepOld` that the preflight lets pass without asking."""


@dataclass
class Traffic:
    """How the clients and the gateways behave: bad fraction and hung connections by side, refusals at the balancer."""

    rate: float = REQUESTS_PER_SECOND
    bad: dict[Side, float] = field(default_factory=dict)
    not_found: dict[Side, float] = field(default_factory=dict)
    stuck: set[Side] = field(default_factory=set)
    refused: bool = False


class QuickCluster(FakeCluster):
    """The fake cluster, whose controllers act only when time has passed or something was written."""

    _acted: float = -1.0
    _shown: dict[ObjectRef, Workload]

    def workload(self, ref: ObjectRef) -> Workload:
        """Give the workload, as it was shown since the controllers last acted."""
        self._control()
        if ref not in self._shown or self.orders.waiting:
            self._shown[ref] = super().workload(ref)
        return self._shown[ref]

    def lose(self, ref: ObjectRef) -> None:
        """Lose an object, and let the controllers see it at once."""
        self._acted = -1.0
        super().lose(ref)

    def add(self, manifest: Manifest) -> str:
        """Add, and let the controllers see it at once."""
        self._acted = -1.0
        return super().add(manifest)

    def _change(self, ref: ObjectRef, patch: Json) -> None:
        self._acted = -1.0
        super()._change(ref, patch)

    def delete(self, action: DeleteObject) -> Op:
        """Delete, and let the controllers see it at once."""
        self._acted = -1.0
        return super().delete(action)

    def trouble(self, workload: str, reason: str) -> None:
        """Arrange trouble, and let the pods have it at once."""
        self._acted = -1.0
        super().trouble(workload, reason)

    def _control(self) -> None:
        now = self.clock.monotonic()
        if now - self._acted < 0.3:
            return
        self._acted, self._shown = now, {}
        super()._control()


class FakeWorld:
    """Everything outside migrator, on one fake clock. Requests flow while time passes, to whoever has weight."""

    made_of: type[QuickCluster] = QuickCluster

    def __init__(
        self,
        capabilities: Capabilities = PLAIN,
        replicas: int = 3,
        nodes: int = 3,
        listeners: tuple[str, ...] = LISTENERS,
        weight: int = 100,
        node_port: int = 0,
        host_port: int = 0,
    ) -> None:
        self.clock = FakeClock()
        self.cluster = self.made_of(self.clock)
        self.balancer = FakeBalancer(self.clock, capabilities)
        self.gateways = FakeGateways(self.clock)
        self.answers = FakeAnswers(self.gateways)
        self.traffic = Traffic()
        self.shares: list[float] = []
        self.mute: set[str] = set()
        self._owed: dict[str, float] = {}
        self._turn = 0
        for index in range(nodes):
            self.cluster.add_node(f"node-{index}", f"10.1.0.{index + 1}", role="gateway")
        self.host_port = host_port
        for manifest in manifests(replicas, node_port, host_port):
            self.cluster.add(manifest)
        self.clock.advance(5.0)
        by_node = [(node.address, node_port) for node in self.cluster.nodes(())] if node_port else []
        by_pod = [(pod.ref.ip, OLD_PORT) for pod in self.cluster.workload(DEPLOYMENT).pods]
        by_host = [(pod.host_ip, host_port) for pod in self.cluster.workload(DEPLOYMENT).pods] if host_port else []
        for address, port in by_node or by_host or by_pod:
            for listener in listeners:
                self.balancer.add(Backend(listener, address, port), weight)
        self.originals = {backend: entry.weight for backend, entry in self.balancer.rows.items()}
        self.orders = Orders(self.clock.sleep)  # of our own requests: `probe`, `try_once`
        self.clock.passing.append(self._flow)

    # --- ports ---------------------------------------------------------------------------------------------------
    @property
    def readers(self) -> Readers:
        """Give the read ports."""
        return Readers(self.balancer, self.cluster, self.gateways, self, self, answers=self.answers)

    @property
    def writers(self) -> Writers:
        """Give the write ports."""
        return Writers(self.balancer, self.cluster, self.gateways)

    def probe(self, address: str, port: int, host: str, path: str, way: ProbeWay = ProbeWay.AUTO) -> Message | None:
        """Answer a probe in whatever way, unless the address is `mute`."""
        with self.orders.obeyed("probe"):
            return verbatim("connection refused") if address in self.mute else None

    def try_once(self) -> Witness:
        """Let a new connection through the balancer reach somebody, in turn."""
        with self.orders.obeyed("try_once"):
            return self._tried()

    def _tried(self) -> Witness:
        if self.traffic.refused:
            return Witness("connection refused", "")
        reached = sorted({pod for pod, share in self._reached() if share})
        self._turn += 1
        return Witness("", reached[self._turn % len(reached)]) if reached else Witness("nobody answered", "")

    # --- plans ---------------------------------------------------------------------------------------------------
    def look(self, spec: Spec = SPEC, recorded: tuple[Weighted, ...] = ()) -> Look:
        """Look as planning does; as `run` does with the record of its plan."""
        balancer = self.readers.balancer
        nodes = self.cluster.nodes(spec.target.node_selector)
        kinds = {"Service": "v1", "Pod": "v1", "Node": "v1", "Namespace": "v1"}
        kinds |= {"Deployment": "apps/v1", "DaemonSet": "apps/v1"}
        kinds |= {"HorizontalPodAutoscaler": "autoscaling/v2", "EnvoyFilter": "networking.istio.io/v1alpha3"}
        listed: list[tuple[str, tuple[Json, ...]]] = [
            (kind, tuple(self.cluster.list_objects(version, kind))) for kind, version in kinds.items()
        ]
        return Look(
            self.cluster.get(source_ref(spec)),
            self.cluster.workload(source_ref(spec)),
            self.cluster.workload(target_ref(spec)),
            nodes,
            tuple(listed),
            balancer.targets(),
            balancer.capabilities(),
            balancer.findings(),
            driver=profile_of(spec.balancer.provider),
            clouds=clouds(),
            recorded=recorded,
        )

    def plan(self, spec: Spec = SPEC) -> Plan:
        """Make a plan of what there is now."""
        return planning.make(propose(self.look(spec), spec), self.clock.now(), "ann@ops", digest)

    def checks(self, spec: Spec = SPEC, recorded: tuple[Weighted, ...] = ()) -> tuple[Finding, ...]:
        """Run the preflight on what there is now."""
        return preflight(propose(self.look(spec, recorded), spec))

    def moved(self, plan: Plan) -> tuple[Message, ...]:
        """Give what has moved since the plan, as `run` finds it."""
        return moved(resting_on(plan), facts(propose(self.look(plan.spec, plan.seen.old), plan.spec), digest))

    def begins_with(self, plan: Plan) -> tuple[Weighted, ...]:
        """Give the weights that a run of the plan begins with now."""
        return tuple(slot.row for slot in propose(self.look(plan.spec, plan.seen.old), plan.spec).old)

    # --- what happened -------------------------------------------------------------------------------------------
    @property
    def share(self) -> float:
        """Give the new side's percent of the weights, as reads show them; the least of the listeners."""
        found = []
        for listener in {backend.listener for backend in self.balancer.rows}:
            rows = [(b, entry.weight) for b, entry in self.balancer.rows.items() if b.listener == listener]
            whole = sum(weight for _, weight in rows)
            found.append(100.0 * sum(w for b, w in rows if b.port == NEW_PORT) / whole if whole else 0.0)
        return min(found, default=0.0)

    @property
    def weights(self) -> dict[Backend, int]:
        """Give the weights that reads show."""
        return {backend: entry.weight for backend, entry in self.balancer.rows.items()}

    def news(self) -> list[str]:
        """Give the names of the new pods."""
        return [pod.ref.name for pod in self.cluster.workload(DAEMONSET).live]

    def _flow(self, seconds: float) -> None:
        self.shares.append(self.share)
        for pod, share in self._reached():
            owed = self._owed.get(pod, 0.0) + seconds * self.traffic.rate * share
            self._owed[pod] = owed - int(owed)
            side = Side.NEW if pod.startswith(NEW) else Side.OLD
            wrong = self._owed.get(f"{pod} bad", 0.0) + int(owed) * self._bad(pod)
            self._owed[f"{pod} bad"] = wrong - int(wrong)
            refused = round(int(owed) * self.traffic.not_found.get(side, 0.0))
            self.gateways.serve(pod, int(owed), int(wrong), client=refused)
            if int(owed):
                self.gateways.process(pod).connections = 5
        self._hang_up(seconds)

    def _bad(self, pod: str) -> float:
        """Give the part of its answers that are bad."""
        return self.traffic.bad.get(Side.NEW if pod.startswith(NEW) else Side.OLD, 0.0)

    def _hang_up(self, seconds: float) -> None:
        """Let the clients of a gateway that was told to go leave within seconds, unless they are stuck."""
        for pod in self._pods():
            side = Side.NEW if pod.startswith(NEW) else Side.OLD
            process = self.gateways.process(pod)
            if process.word is Word.GO and process.connections and side not in self.traffic.stuck:
                process.connections = max(0, process.connections - max(1, round(5 * seconds)))

    def _reached(self) -> Iterator[tuple[str, float]]:
        """Give each pod's part of the requests, by the weights that steer."""
        steering = self.balancer.parts()
        whole = sum(steering.values())
        at = self._pods()
        for backend, weight in steering.items():
            behind = self._behind(backend, at)
            for pod in behind:
                yield pod, weight / whole / len(behind)

    def _behind(self, backend: Backend, at: Mapping[str, str] | None = None) -> list[str]:
        """Give the pods that a backend leads to: kube-proxy's choice behind a node port, else whoever has the address.

        `at` are the pods' addresses, where they have been looked up already."""
        services = [thing for ref, thing in self.cluster.objects.items() if ref.kind == "Service"]
        for service in services:
            if backend.port in {number(port, "nodePort") for port in items(service, "spec", "ports")}:
                chosen = labels(service, "spec", "selector")
                local = text(service, "spec", "externalTrafficPolicy") == "Local"
                ready = {ref: pod for ref, pod in self._every_pod() if is_ready(pod)}
                led = {ref: pod for ref, pod in ready.items() if selects(chosen, _labels(pod))}
                here = (ref for ref, pod in led.items() if text(pod, "status", "hostIP") == backend.address)
                return [ref.name for ref in (here if local else led)]
        if self.host_port and backend.port == self.host_port:
            pods = [(ref.name, pod) for ref, pod in self._every_pod() if self.host_port in held_by(pod)]
            return [name for name, pod in pods if text(pod, "status", "hostIP") == backend.address]
        return [name for name, ip in (self._pods() if at is None else at).items() if ip == backend.address]

    def _every_pod(self) -> list[tuple[ObjectRef, Manifest]]:
        return [(ref, thing) for ref, thing in self.cluster.objects.items() if ref.kind == "Pod"]

    def _pods(self) -> dict[str, str]:
        return {ref.name: text(pod, "status", "podIP") for ref, pod in self._every_pod()}


def held_by(pod: Manifest) -> set[int]:
    """Give the host ports that a pod holds."""
    return {port for _, _, port in host_ports(pod.get("spec"))}


def is_ready(pod: Manifest) -> bool:
    """Say whether a pod is Ready: to others kube-proxy sends nobody."""
    rows = items(pod, "status", "conditions")
    return any(text(row, "type") == "Ready" and text(row, "status") == "True" for row in rows)


def _labels(pod: Manifest) -> dict[str, str]:
    return labels(pod, "metadata", "labels")


def quick(spec: Spec = SPEC, keep: float = 3.0, approval: Approval = Approval.AUTO) -> Spec:
    """Give the spec with a `keepOld` that is too short for the real world, and the waiver that it needs."""
    waivers = (Waiver("cleanup.keep-old-short", "the world is not real"),)
    return replace(spec, cleanup=CleanupSpec(approval, keep), waivers=waivers)


def on(spec: Spec, *listeners: str) -> Spec:
    """Give the spec for these listeners."""
    return replace(spec, balancer=replace(spec.balancer, listeners=tuple(ListenerSpec(name, 80) for name in listeners)))
