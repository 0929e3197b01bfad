"""Runs that set a pod of a fake world's gateway apart, and put it back: each is a run of its own in one store."""

from __future__ import annotations

from pathlib import Path

from migrator.app.isolating.beginning import Wanted, begin
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.runs import Run
from migrator.domain.model.spec import Spec
from migrator.domain.planning.isolating.isolation import Outline
from tests.fakes.harness import Edge, Harness
from tests.fakes.objects import NAMESPACE
from tests.fakes.world import DAEMONSET, DEPLOYMENT, FakeWorld


class Apart(Harness):
    """A world with a gateway that stands, and whatever is done with single pods of it."""

    def __init__(self, folder: Path, world: FakeWorld, spec: Spec) -> None:
        self.world, self.spec = world, spec
        self._file = folder / "store.db"
        self._again()

    def _again(self) -> None:
        self.progress, self.edges, self._processes = [], [], 0
        from tests.fakes.harness import Life

        self.life = Life

    def begin(self, pod: str, end: bool | None = None) -> Outline:
        """Begin a run about a pod; give what a person would be shown."""
        self._again()
        with self.store() as store:
            self.plan, outline = begin(store, self.spec, Wanted(pod, end), self.world.readers)
            self._id = store.create_run(self.plan).id
        return outline

    def isolate(self, pod: str) -> Run:
        """Set a pod apart, without anybody dying."""
        self.begin(pod)
        return self.bounded()

    def release(self, pod: str, end: bool = False) -> Run:
        """Put a pod back, or end it."""
        self.begin(pod, end)
        return self.bounded()

    def bounded(self, dies_at: Edge | None = None, dies_after: int | None = None, most: int = 600) -> Run:
        """Let a process carry the run on; one that never ends fails."""
        left = [most]

        def over(_: object) -> bool:
            left[0] -= 1
            assert left[0], f"not there after {most} turns: {self.words()[-5:]}"
            return False

        return self.process(dies_at, dies_after, over)

    def pod(self, name: str) -> Manifest | None:
        """Give a pod as the cluster has it."""
        return self.world.cluster.get(ObjectRef("v1", "Pod", NAMESPACE, name))

    def olds(self) -> list[str]:
        """Give the names of the Deployment's pods."""
        return [pod.ref.name for pod in self.world.cluster.workload(DEPLOYMENT).live]

    def daemons(self) -> dict[str, bool]:
        """Give the DaemonSet's pods, and whether each is Ready."""
        return {pod.ref.name: pod.ready for pod in self.world.cluster.workload(DAEMONSET).live}

    def at(self, address: str) -> list[int]:
        """Give the weights of an address."""
        return [entry.weight for backend, entry in self.world.balancer.rows.items() if backend.address == address]
