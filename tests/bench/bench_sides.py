"""What the pure part of a turn costs with many pods a side, whatever the balancer. Run it: `python -m tests.bench.bench_sides`.

A look's rows and pods brought together, the rules and the step that decide on them, and the check of what they decide: no
store, no cluster, no clock. All of it is done each turn, so what grows with the square of the pods shows here.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Scope, Side, Target, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.pod_targets import Door
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import JournalFacts, Probes, Sighting, Workloads
from migrator.domain.sides.filling import Footing, filled
from migrator.domain.sides.split import planned
from migrator.domain.steps import Attach, Shift
from migrator.domain.turn.decide import decide
from migrator.domain.turn.invariants import violations
from migrator.domain.turn.journeys import FORWARD
from migrator.domain.turn.protection import protection, returning
from migrator.domain.weights.drift import drifted_weights
from tests.domain.seen import NEW_REF, OLD_REF, at, seen
from tests.fakes.world import SPEC

SIZES = (20, 200)
TIMES = 5
KINDS = {
    "pod rows": Capabilities(),
    "groups": Capabilities(weight_max=999, weights_of=Scope.POOL, several_listeners=False),
    "invited": Capabilities(controlled=True, by_invitation=True, batch=1, several_listeners=False),
}


@dataclass(frozen=True)
class Stage:
    """So many pods a side behind one listener; the old side has all the weight, and its first pod was just replaced."""

    size: int
    can: Capabilities

    def backends(self, side: Side) -> tuple[Backend, ...]:
        net, port = ("10.0", 8080) if side is Side.OLD else ("10.1", 80)
        return tuple(Backend("l-1", f"{net}.{i // 250}.{i % 250 + 1}", port, side) for i in range(self.size))

    def pods(self, side: Side) -> tuple[Pod, ...]:
        refs = (
            PodRef("edge", f"{side}-{i}", f"u-{side}-{i}", b.address, f"node-{i}")
            for i, b in enumerate(self.backends(side))
        )
        return tuple(Pod(ref, (), ready=True) for ref in refs)

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(Node(f"node-{i}", b.address) for i, b in enumerate(self.backends(Side.NEW)))

    def look(self) -> Sighting:
        """Bring together what one look has found."""
        pooled = self.can.weights_of is Scope.POOL
        replaced, *_ = self.backends(Side.OLD)
        rows = tuple(
            Row(Target(b, 100 * (side is Side.OLD), Health.HEALTHY, pool=b.ref if pooled else ""), side)
            for side in Side
            for b in self.backends(side)
            if b != replaced
        )
        record = tuple(Weighted(b, 100) for b in self.backends(Side.OLD))
        past = JournalFacts(weights={row.backend: (row.weight,) for row in rows}, entered_at=at(90), requests=1000)
        people = Workloads(
            Workload(OLD_REF, "u", pods=self.pods(Side.OLD)), Workload(NEW_REF, "u", pods=self.pods(Side.NEW))
        )
        footing = Footing(
            record, (Door("l-1", 8080),), (Door("l-1", 80),), {node.name: node.address for node in self.nodes}, at=at(0)
        )
        pools, sides = filled(footing, Pools(rows, self.can), people, past)
        silent = say("probe.no-answer", address="", port=0, path="/", host="", words="")
        asked = tuple((f"{b.address}:{b.port}", silent) for side in Side for b in self.backends(side))
        return seen(past, pools, people, Probes(asked, 1100.0)).having(sides)


def parts(stage: Stage) -> dict[str, Callable[[], object]]:
    """Give the parts of a turn by name."""
    look = stage.look()
    shift = Shift(
        Side.NEW, 10.0, tuple(Weighted(b, 100) for b in stage.backends(Side.OLD)), stage.nodes, patience=900.0
    )
    whole = look.having(replace(look[Sides], old=look[Sides].old[1:]))
    rows = planned(look, 10.0).rows
    return {
        "brought together": stage.look,
        "decided: shift": lambda: decide(FORWARD, SPEC, shift, whole),
        "decided: attach": lambda: decide(FORWARD, SPEC, Attach(Side.NEW, stage.backends(Side.NEW), 60.0), whole),
        "weights planned": lambda: planned(look, 10.0),
        "drift": lambda: drifted_weights(look),
        "way back": lambda: returning(shift, look),
        "protection": lambda: protection(look),
        "write checked": lambda: violations(SetWeights(rows), look),
    }


def milliseconds(act: Callable[[], object]) -> float:
    """Give the median time that something takes."""
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        act()
        took.append(1000 * (time.process_time() - began))
    return statistics.median(took)


def main() -> None:
    """Print the milliseconds of each part, by kind of balancer and pods a side."""
    for kind, can in KINDS.items():
        print(f"{kind:18}" + "".join(f"{f'{size} a side, ms':>18}" for size in SIZES))
        found = [parts(Stage(size, can)) for size in SIZES]
        for name in found[0]:
            print(f"  {name:16}" + "".join(f"{milliseconds(each[name]):18.2f}" for each in found))


if __name__ == "__main__":
    main()
