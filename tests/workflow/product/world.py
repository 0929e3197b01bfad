"""A world for the product of events and moments: what the balancer, the probes and the admin ports say follows what lives."""

from __future__ import annotations

from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.manifests import Json, Manifest, items, text
from migrator.domain.model.samples import Brief, Rate
from migrator.domain.model.spec import QuerySpec
from migrator.domain.ports.outside import Readers, Writers
from tests.fakes.objects import NEW, OLD
from tests.fakes.world import NEW_PORT, FakeWorld
from tests.workflow.product.referee import Referee

REPLICAS = 3


class FakePrometheus:
    """A second opinion that tells what the gateways have counted; `mute` says nothing, `error` is raised instead."""

    def __init__(self, world: LivingWorld) -> None:
        self._world = world
        self._before: dict[Side, tuple[int, int, int]] = {}
        self.mute = False
        self.error: MigratorError | None = None

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give what came since it was asked last; None: nobody can say (empty, NaN, stale)."""
        if self.error is not None:
            raise self.error
        name = NEW if side is Side.NEW else OLD
        pods = [pod for pod in self._world.pods(name) if not ending(pod)]
        found = [self._world.gateways.process(text(pod, "metadata", "name")) for pod in pods]
        now = (sum(g.requests for g in found), sum(g.bad for g in found), sum(g.client for g in found))
        before = self._before.get(side, now)
        self._before[side] = now
        if self.mute or any(a < b for a, b in zip(now, before, strict=True)):
            return None
        return Rate(now[0] - before[0], now[1] - before[1], client=now[2] - before[2])

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give nothing: nobody knows when it scraped."""
        return None

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give no number."""
        return None


class LivingWorld(FakeWorld):
    """One listener, two nodes, three old pods. Only a Ready pod is healthy, answers a probe and takes requests."""

    def __init__(self) -> None:
        super().__init__(listeners=("l-1",), nodes=2, replicas=REPLICAS)
        self.prometheus: FakePrometheus | None = None
        self.before: Json = None
        self.referee = Referee(self)
        self.clock.passing.insert(0, self._live)

    @property
    def readers(self) -> Readers:
        """Give the read ports, and the second opinion where there is one."""
        return Readers(self.balancer, self.cluster, self.gateways, self, self, self.prometheus, self.answers)

    @property
    def writers(self) -> Writers:
        """Give the write ports, with a referee who looks at every write."""
        return self.referee.watched(super().writers)

    def pods(self, workload: str) -> list[Manifest]:
        """Give a workload's pods, ending ones too, whatever a reader was told to do wrong."""
        every = sorted((ref, pod) for ref, pod in self.cluster.objects.items() if ref.kind == "Pod")
        return [pod for _, pod in every if text(pod, "metadata", "annotations", "workload") == workload]

    def fit(self, backend: Backend) -> bool:
        """Say whether a Ready pod of its side is behind a backend."""
        workload = NEW if backend.port == NEW_PORT else OLD
        return any(_ready(pod) and text(pod, "status", "podIP") == backend.address for pod in self.pods(workload))

    def stays(self, backend: Backend) -> bool:
        """Say whether a Ready pod that was not told to end is behind a backend."""
        going = {text(p, "status", "podIP") for p in self.pods(OLD) + self.pods(NEW) if ending(p)}
        return self.fit(backend) and backend.address not in going

    def acted(self) -> None:
        """Let the controllers act at the next look, and the balancer see it at once."""
        self.cluster._acted = -1.0
        self._live(0.0)

    def _live(self, _seconds: float) -> None:
        ready = {text(pod, "status", "podIP") for side in (OLD, NEW) for pod in self.pods(side) if _ready(pod)}
        rows = {backend.address for backend in self.balancer.rows}
        self.balancer.trouble.sick = rows - ready
        self.mute = {f"10.{net}.0.{host}" for net in (0, 1) for host in range(1, 20)} - ready


def ending(pod: Manifest) -> bool:
    """Say whether a pod was told to end."""
    return bool(text(pod, "metadata", "deletionTimestamp"))


def _ready(pod: Manifest) -> bool:
    return any(text(row, "status") == "True" for row in items(pod, "status", "conditions"))
