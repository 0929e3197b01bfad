"""A follower on the fake world: first a whole migration with `after: migrator`, then processes that look after its nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from migrator.app.run.following import begin
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import ObjectRef, mapping
from migrator.domain.model.runs import Run, State
from migrator.domain.model.spec import After, Spec, Strategy
from migrator.workflow.progress import Progress
from tests.fakes.harness import Edge, Harness
from tests.fakes.objects import NAMESPACE, NEW
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld, quick

TURNS = 400
AT_ONCE = quick(replace(SPEC, strategy=Strategy.BLUE_GREEN, traffic=replace(SPEC.traffic, soak=2.0)), 1.0)
"""The quickest way to a completed migration: what is tested begins behind it."""


class Follower(Harness):
    """A world after its migration, and the run that looks after its nodes. `turns` is one life of `migrator follow`."""

    def __init__(self, folder: Path, world: FakeWorld | None = None, spec: Spec | None = None) -> None:
        super().__init__(folder, world, replace(spec or AT_ONCE, after=After.MIGRATOR))
        self.migrated = self.process()
        assert self.migrated.state is State.COMPLETED, self.migrated.why
        self.progress.clear()
        with self.store() as store:
            run, self.plan = begin(store, self.migrated, self.world.readers)
        self.spec, self._id = self.plan.spec, run.id

    def turns(
        self,
        until: Callable[[], bool],
        dies_at: Edge | None = None,
        dies_after: int | None = None,
        act: Callable[[Progress], None] = lambda _progress: None,
    ) -> Run:
        """Follow until something has happened; a follower that never gets there fails, and does not hang."""
        left = [TURNS]

        def over(progress: Progress) -> bool:
            act(progress)
            left[0] -= 1
            assert left[0], f"not there after {TURNS} turns: {self.words()[-5:]}"
            return until()

        return self.process(dies_at, dies_after, over)

    def rest(self, turns: int = 40) -> None:
        """Follow for so many turns, whatever happens."""
        left = [turns]

        def over() -> bool:
            left[0] -= 1
            return not left[0]

        self.turns(over)

    # --- nodes -----------------------------------------------------------------------------------------------------

    def weights(self) -> dict[str, int]:
        """Give the weight by `listener/address` of the nodes' rows."""
        rows = self.world.balancer.rows.items()
        return {f"{b.listener}/{b.address}": entry.weight for b, entry in rows if b.port == NEW_PORT}

    def at(self, address: str) -> list[int]:
        """Give the weights of an address, of both listeners."""
        return [weight for name, weight in self.weights().items() if name.endswith(f"/{address}")]

    def node(self, name: str, **changes: object) -> None:
        """Change a Node as somebody would: `unschedulable`, `taints`, `ready`."""
        found = self.world.cluster.objects[ObjectRef("v1", "Node", "", name)]
        spec = found["spec"] = mapping(found, "spec")
        if "unschedulable" in changes:
            spec["unschedulable"] = bool(changes["unschedulable"])
        if "taints" in changes:
            spec["taints"] = [{"key": str(key), "effect": "NoSchedule"} for key in changes["taints"]]  # type: ignore[attr-defined]
        if "ready" in changes:
            status = mapping(found, "status")
            since = self.world.clock.now().isoformat()
            word = "True" if changes["ready"] else "Unknown"
            status["conditions"] = [{"type": "Ready", "status": word, "lastTransitionTime": since}]

    def silent(self, *nodes: str, is_over: bool = False) -> None:
        """Let these nodes' kubelets be silent from now on, or speak again; their gateways serve all the while."""
        for name in nodes:
            self.node(name, ready=is_over)
            if is_over:
                self.world.cluster.silent.pop(f"{NEW}-{name}")
            else:
                self.world.cluster.silent[f"{NEW}-{name}"] = self.world.clock.now().isoformat()

    def vanish(self, name: str) -> None:
        """Let a node go for ever, with its pod."""
        self.world.cluster.lose(ObjectRef("v1", "Node", "", name))
        self.world.cluster.lose(ObjectRef("v1", "Pod", NAMESPACE, f"{NEW}-{name}"))

    def hand(self, address: str, weight: int | None) -> None:
        """Let somebody else write the weights of an address."""
        for backend in [b for b in self.world.balancer.rows if b.address == address]:
            self.world.balancer.hand(Backend(backend.listener, backend.address, backend.port), weight)
