"""A node that is renewed, as it is seen now: who is on it, of which revision, and its rows of the balancer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Pools, Row, Side, Weighted
from migrator.domain.model.workload import Pod
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import JournalFacts, Sighting, Workloads
from migrator.domain.steps.restarting.presence import as_seen, leaves
from migrator.domain.steps.step import elapsed, since

OUT = (0,)
"""What a run accounts for of a row that it has taken out: weight 0, or nothing, where it was taken off."""


@dataclass(frozen=True, slots=True, order=True)
class NodeRows:
    """A node of the DaemonSet, and the weights that its rows of the balancer had when the plan was made."""

    name: str
    address: str
    rows: tuple[Weighted, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A node now. `wrong` are its live pods of the other revision, `right` those of the wanted one; `ending` may be either.

    `rows` are those of its rows that are there still, and those that have left their pool, at 0; `recorded` gives the weight
    of each. `joins`: a row comes back by joining its pool, so it has its weight before the balancer calls it healthy.
    """

    node: NodeRows
    gone: bool
    wrong: tuple[Pod, ...]
    right: tuple[Pod, ...]
    ending: tuple[Pod, ...]
    rows: tuple[Row, ...]
    joins: bool = False

    @property
    def recorded(self) -> dict[Backend, int]:
        """Give the weight that each row had when the plan was made."""
        return {row.backend: row.weight for row in self.node.rows}

    @property
    def ready(self) -> tuple[Pod, ...]:
        """Give the pods of the wanted revision that are Ready."""
        return tuple(pod for pod in self.right if pod.ready)

    @property
    def heavy(self) -> tuple[Weighted, ...]:
        """Give the rows that still have weight, each at 0."""
        return tuple(Weighted(row.backend, 0) for row in self.rows if row.weight)

    @property
    def out(self) -> tuple[Row, ...]:
        """Give the rows that have not the weight that they had."""
        return tuple(row for row in self.rows if row.weight != self.recorded[row.backend])

    @property
    def behind(self) -> tuple[Row, ...]:
        """Give the same, and those that have joined their pool again and are not called healthy yet."""
        return tuple(row for row in self.rows if row in self.out or (self.joins and row.weight and not row.fit))

    def has_left(self, row: Row) -> bool:
        """Say whether a row is on no pool now, so that the balancer can say nothing of it."""
        return self.joins and row.side is None

    @property
    def is_done(self) -> bool:
        """Say whether it is as it should be, or nobody's to renew any more."""
        return self.gone or bool(self.ready and not self.wrong and not self.behind)


def place(node: NodeRows, towards: Side, seen: Sighting) -> Place:
    """Give the node as it is seen. It has gone only by a list of nodes that has others."""
    found = seen[Hosts].found
    gone = bool(found) and node.name not in {host.name for host in found}
    wrong, right = (_on(node, seen[Workloads].of(side).pods) for side in (towards.other, towards))
    pools = seen[Pools]
    return Place(
        node,
        gone,
        tuple(pod for pod in wrong if not pod.terminating),
        tuple(pod for pod in right if not pod.terminating),
        tuple(pod for pod in (*wrong, *right) if pod.terminating),
        as_seen(node.rows, pools),
        leaves(pools.capabilities),
    )


def _on(node: NodeRows, pods: tuple[Pod, ...]) -> tuple[Pod, ...]:
    return tuple(pod for pod in pods if pod.ref.node == node.name)


def quiet(at: Place, seen: Sighting) -> float:
    """Give the seconds since this run took a node's last row out; where it had none in, since the step began."""
    past = seen[JournalFacts]
    written = [past.written_at[row.backend] for row in at.rows if row.backend in past.written_at]
    return min((since(seen, moment) for moment in written), default=elapsed(seen))


def never_served(at: Place, pod: Pod, seen: Sighting) -> bool:
    """Say whether nobody was ever sent to a pod: it came after its node had lost all weight, which it has not had again."""
    past = seen[JournalFacts]
    rows = [row for row in at.node.rows if row.weight]
    zeroed = [past.written_at.get(row.backend) for row in rows if past.weights.get(row.backend, OUT) == OUT]
    if len(zeroed) < len(rows) or not rows or pod.made_at is None:
        return False
    return all(moment is not None and pod.made_at > moment for moment in zeroed)
