"""Who looks at every write from beside the run: what was true in the world before it, and what is true after it.

It knows nothing of what the run saw or recorded, and shares no code with the rules that it checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from migrator.domain.model.actions import DeleteObject, Deregister, SetWeights, Tell, Word
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.manifests import text
from migrator.domain.ports.outside import Writers
from tests.fakes.objects import NEW, OLD

if TYPE_CHECKING:
    from tests.workflow.product.world import LivingWorld

NEW_PORT = 18080
ROUNDING = 2.0
"""Percent by which whole units of weight may miss a share."""


class Referee:
    """Keeps what a write broke, in words. `step` is the title of the step at which the run is, `back` its heading."""

    def __init__(self, world: LivingWorld) -> None:
        self._world = world
        self.faults: list[str] = []
        self.step = ""
        self.back = False
        self.lowered = False
        self.writes = 0
        self._most = 0.0

    def watched(self, writers: Writers) -> Writers:
        """Give the writers, each of whose writes is looked at."""
        return Writers(*(_Looked(port, self) for port in (writers.balancer, writers.cluster, writers.gateways)))  # type: ignore[arg-type]

    def around(self, action: Any, write: Callable[[Any], Any]) -> Any:
        """Make a write and look at what it did, whether its answer came or not."""
        self.writes += 1
        before = self._weights()
        carried, share = self._carried(before), self.share(before)
        self._forbid(action, before)
        try:
            return write(action)
        finally:
            after = self._weights()
            if not sum(after.values()):
                self._fault("no weight is left at all", action)
            if carried and not self._carried(after):
                self._fault("rule 1: nothing healthy has weight any more", action)
            self._judge_share(action, share, self.share(after))

    def share(self, weights: dict[Backend, int]) -> float:
        """Give the new side's percent of what really serves and stays."""
        serving = {backend: weight for backend, weight in weights.items() if weight and self._world.stays(backend)}
        whole = sum(serving.values())
        return 100.0 * sum(w for b, w in serving.items() if b.port == NEW_PORT) / whole if whole else 0.0

    def _weights(self) -> dict[Backend, int]:
        return {backend: entry.weight for backend, entry in self._world.balancer.rows.items()}

    def _carried(self, weights: dict[Backend, int]) -> int:
        return sum(weight for backend, weight in weights.items() if weight and self._world.fit(backend))

    def _forbid(self, action: Any, before: dict[Backend, int]) -> None:
        match action:
            case SetWeights(rows):
                self._judge_raise(action, [row.backend for row in rows if row.weight > before.get(row.backend, 0)])
            case Deregister():
                self._judge_removal(action, before)
            case Tell(side, Word.GO, pods):
                there = {pod.ip for pod in pods}
                if any(weight and backend.address in there for backend, weight in _of(before, side is Side.NEW)):
                    self._fault("rule 2: a gateway with weight is told to go", action)
            case DeleteObject(ref) if ref.kind in ("Deployment", "DaemonSet"):
                if any(weight for _, weight in _of(before, ref.name == NEW)):
                    self._fault("rule 2: a workload with weight is deleted", action)
            case _:
                pass

    def _judge_removal(self, action: Deregister, before: dict[Backend, int]) -> None:
        if any(before.get(backend, 0) for backend in action.backends):
            self._fault("rule 2: something with weight is removed", action)
        if not action.consent and any(self._connected(backend) for backend in action.backends):
            self._fault("rule 2: something with connections is removed without consent", action)

    def _judge_raise(self, action: SetWeights, raised: list[Backend]) -> None:
        new = [backend for backend in raised if backend.port == NEW_PORT]
        old = [backend for backend in raised if backend.port != NEW_PORT]
        if unfit := [backend for backend in new if not self._world.fit(backend)]:
            self._fault(f"rule 3: {unfit[0]} gains and is not fit", action)
        if (
            old
            and not any(self._world.fit(b) for b in self._weights() if b.port != NEW_PORT)
            and self._carried(self._weights())
        ):
            self._fault("rule 3: the old side gains and none of it is fit", action)

    def _judge_share(self, action: Any, before: float, after: float) -> None:
        if after > max(before, self._ceiling()) + ROUNDING:
            self._fault(f"the new side has {after:.0f} % at {self.step}", action)
        if after > max(before, self._most) + ROUNDING and not self.back and not self.lowered:
            well = [b for b in self._weights() if b.port != NEW_PORT and self._world.fit(b)]
            if len(well) < len(self._world.originals):
                self._fault(f"rule 10: the new side gains with {len(well)} fit old backends", action)
        self._most = max(self._most, after)

    def _ceiling(self) -> float:
        if self.back or self.step in ("Preflight", "Guard", "Deploy", "AwaitReady", "VerifyConfig", "Attach new"):
            return 0.0
        found = re.match(r"Shift (\d+) %", self.step)
        return float(found.group(1)) if found else 100.0

    def _connected(self, backend: Backend) -> bool:
        workload = NEW if backend.port == NEW_PORT else OLD
        names = [
            text(p, "metadata", "name")
            for p in self._world.pods(workload)
            if text(p, "status", "podIP") == backend.address
        ]
        return any(self._world.gateways.process(name).connections for name in names)

    def _fault(self, what: str, action: Any) -> None:
        self.faults.append(f"{what} (at {self.step}, {self._world.clock.monotonic():.1f}): {action}"[:600])


def _of(weights: dict[Backend, int], new: bool) -> list[tuple[Backend, int]]:
    return [(backend, weight) for backend, weight in weights.items() if (backend.port == NEW_PORT) is new]


class _Looked:
    """A port whose writes go through the referee."""

    def __init__(self, port: object, referee: Referee) -> None:
        self._port, self._referee = port, referee

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name not in ("register", "set_weights", "deregister", "apply", "patch", "delete", "tell"):
            return found
        return lambda action: self._referee.around(action, found)
