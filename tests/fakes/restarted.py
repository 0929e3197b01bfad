"""A gateway that was migrated, and the restart of its DaemonSet, on a fake world and a real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from migrator.app.run.restarting import Asked, proposed
from migrator.domain.model.actions import DeleteObject, Op
from migrator.domain.model.balancer import Capabilities
from migrator.domain.model.manifests import mapping, text
from migrator.domain.model.runs import State
from migrator.domain.model.spec import DrainSpec, OnTimeout, Spec
from migrator.domain.sides.revisions import revision
from tests.fakes.balancer import PLAIN
from tests.fakes.cluster import revision_of
from tests.fakes.follower import AT_ONCE
from tests.fakes.harness import Harness
from tests.fakes.world import DAEMONSET, NEW_PORT, FakeWorld

SHORT = replace(AT_ONCE, drain=DrainSpec(20.0, OnTimeout.CUT))
SOAK = 2.0


class RestartWorld(FakeWorld):
    """A world whose pods of a later revision may be worse; a pod that is made anew has a gateway that knows nothing.

    `harm` tells of each pod that was ended while its node still had weight.
    """

    worse = 0.0

    def __init__(self, nodes: int = 3, capabilities: Capabilities = PLAIN) -> None:
        super().__init__(capabilities, nodes=nodes)
        self.harm: list[str] = []
        self.ended: list[str] = []
        self._kept = self.cluster.delete
        self.cluster.delete = self._delete  # type: ignore[method-assign]  # what is ended is watched

    def _delete(self, action: DeleteObject) -> Op:
        if action.ref.kind == "Pod" and action.ref in self.cluster.objects:
            at = text(self.cluster.objects[action.ref], "status", "podIP")
            self.ended.append(action.ref.name)
            if any(entry.weight for backend, entry in self.balancer.rows.items() if backend.address == at):
                self.harm.append(action.ref.name)
            self.gateways.restart(action.ref.name)
        return self._kept(action)

    def _bad(self, pod: str) -> float:
        return self.worse if "-node-" in pod and pod.count("-") > FIRST else super()._bad(pod)


FIRST = "gw-ds-node-0".count("-")
"""Pods of the first revision have so many dashes in their names."""


class Restart(Harness):
    """A world after its migration, and the run that restarts its DaemonSet; `process` is one life of it."""

    def __init__(
        self,
        folder: Path,
        asked: Asked | None = None,
        spec: Spec | None = None,
        nodes: int = 3,
        capabilities: Capabilities = PLAIN,
    ) -> None:
        super().__init__(folder, world := RestartWorld(nodes, capabilities), spec or SHORT)
        self.restarted = world
        migrated = self.process()
        assert migrated.state is State.COMPLETED, migrated.why
        world.clock.advance(120.0)
        self.progress.clear()
        for backend, entry in world.balancer.rows.items():
            entry.pool = f"{entry.pool}-{backend.listener}"  # each listener has one of its own, as on AWS
        self.before = self.weights()
        with self.store() as store:
            self.plan = proposed(store, self.spec, world.readers, asked or Asked(soak=SOAK))
            self.spec, self._id = self.plan.spec, store.create_run(self.plan).id

    def weights(self) -> dict[str, int]:
        """Give the weight by `listener/address` of the nodes' rows."""
        rows = self.world.balancer.rows.items()
        return {f"{b.listener}/{b.address}": entry.weight for b, entry in rows if b.port == NEW_PORT}

    def revisions(self) -> set[str]:
        """Give the revisions of the live pods."""
        return {revision(pod) for pod in self.world.cluster.workload(DAEMONSET).live}

    @property
    def wanted(self) -> str:
        """Give the revision of the template as it is now."""
        return revision_of(mapping(self.world.cluster.objects[DAEMONSET], "spec", "template"))

    @property
    def strategy(self) -> str:
        """Give the DaemonSet's update strategy as it is now."""
        return text(self.world.cluster.objects[DAEMONSET], "spec", "updateStrategy", "type")
