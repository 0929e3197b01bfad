"""What came of requests of our own: the clients' summary, read into a value, and by the side that answered.

A side is named only where the answer's header named a pod of it; all others are unknown, which is never "old".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.ports.outside import ClusterReader

Names = Mapping[str, Side]


@dataclass(frozen=True, slots=True)
class Account:
    """Every request that was sent was answered or lost. `bad` answers are 5xx, `other` neither that nor a success.

    `unknown` answers named no gateway of either side. `errors` say how often requests were lost, by the word for it.
    """

    sent: int
    answered: int
    lost: int
    bad: int
    other: int
    cut: int
    old: int
    new: int
    unknown: int
    seconds: float
    errors: tuple[tuple[str, int], ...] = ()

    @property
    def clean(self) -> bool:
        """Say whether requests were sent, every one was answered, and none by a 5xx. No data is never a pass."""
        return bool(self.sent) and not self.lost and not self.bad


def names(spec: Spec, cluster: ClusterReader) -> dict[str, Side]:
    """Give how the pods of both sides are called: by name and by address. Nothing where the cluster does not say."""
    found: dict[str, Side] = {}
    for side, ref in ((Side.OLD, source_ref(spec)), (Side.NEW, target_ref(spec))):
        try:
            pods = cluster.workload(ref).pods
        except MigratorError:
            continue
        found |= {name: side for pod in pods for name in (pod.ref.name, pod.ref.ip) if name}
    return found


def account(summary: Mapping[str, Any], known: Names) -> Account:
    """Read the clients' summary."""
    totals, sides = summary["totals"], _by_side(summary["gateways"].items(), known)
    return Account(
        totals["sent"],
        totals["answered"],
        totals["lost"],
        totals["bad"],
        totals["wrong"],
        totals["cut"],
        sides[Side.OLD],
        sides[Side.NEW],
        totals["answered"] - sides[Side.OLD] - sides[Side.NEW],
        summary["seconds"],
        tuple(sorted(totals["errors"].items())),
    )


def _by_side(answers: Iterable[tuple[str, int]], known: Names) -> dict[Side, int]:
    counts = dict.fromkeys(Side, 0)
    for gateway, count in answers:
        side = known.get(gateway) or known.get(gateway.rpartition(":")[0])
        if side is not None:
            counts[side] += count
    return counts
