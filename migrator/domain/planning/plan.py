"""A saved plan: what was wanted, what was seen, and the steps that follow from both. Digested, and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from migrator.domain.drift.standing import Rests
from migrator.domain.messages.findings import Finding
from migrator.domain.model.balancer import Backend, Capabilities, ProbeWay, Side, Weighted
from migrator.domain.model.change import Change, Difference, Node
from migrator.domain.model.manifests import Json
from migrator.domain.model.pod_targets import ON_NODES, Door, PodTargets
from migrator.domain.model.runs import Heading
from migrator.domain.model.spec import Spec
from migrator.domain.observation.detour import Detour
from migrator.domain.turn.journeys import FORWARD, Journey, journey_of

if TYPE_CHECKING:
    from migrator.domain.steps import Step


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a share will look like: requested and achieved percent, the rows, the number of writes."""

    share: float
    achieved: float
    rows: tuple[Weighted, ...]
    writes: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the plan rests on. Its digest decides whether the world has moved: no status, resourceVersion or replicas.

    `source` is the exact manifest of the old workload; `companions` of what is removed with it (its HPA); `facts` is
    what the digest covers, by name, so that a run can say *what* moved;
    `new_now` is what the new side has on the balancer already (nothing, as it should be); `new` are the new backends
    that are known now, `scattered` says which become known with the pods. `strangers` are the backends of neither side,
    `rests` is what the guard against drift compares the cluster with while the run goes on, `ways` are
    how our own requests ask the backends of each listener. `doors` are the ports at which the old side is dialled; empty in
    plans of before they were kept. `former` are the revisions of the one DaemonSet that is restarted, as they were: their pods
    are the old side, all others of it the new one; empty where the sides are two workloads.
    """

    source: Json
    source_uid: str
    companions: tuple[Json, ...]
    old: tuple[Weighted, ...]
    new: tuple[Backend, ...]
    nodes: tuple[Node, ...]
    capabilities: Capabilities
    facts: tuple[tuple[str, str], ...]
    new_now: tuple[Weighted, ...] = ()
    scattered: PodTargets = ON_NODES
    strangers: tuple[Weighted, ...] = ()
    rests: Rests = Rests()
    ways: tuple[tuple[str, ProbeWay], ...] = ()
    doors: tuple[Door, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def coming(self) -> tuple[Backend, ...]:
        """Give the new backends as far as they can be named now: a pod that is not there yet goes by its number."""
        numbers = range(1, self.scattered.replicas + 1)
        return self.new + tuple(
            Backend(each.listener, f"pod {number}", each.port) for each in self.scattered.ports for number in numbers
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run needs. `id` is the start of the digest; `created_by` is user@host; times are aware UTC.

    `way` names the journey of its run in the table of `turn/journeys.py`. `detour`: the old side is led
    over temporary node ports before the new one takes its host ports; None: they need not be freed. `aside` are the labels by
    which a new gateway is chosen, which it loses when it is kept for a look after a breach; none: nobody is kept.
    """

    id: str
    digest: str
    created_at: datetime
    created_by: str
    spec: Spec
    seen: Seen
    manifests: tuple[Json, ...]
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]
    forecast: tuple[Forecast, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    way: str = FORWARD.name
    detour: Detour | None = None
    aside: tuple[str, ...] = ()

    def journey(self, heading: Heading = Heading.FORWARD) -> Journey:
        """Give how a run of this plan travels on a heading."""
        return journey_of(self.way, heading)

    @property
    def meant(self) -> tuple[Weighted, ...]:
        """Give the weights that its run begins with and accounts for: the old side's, or the new side's as it is now."""
        return self.seen.old if self.journey().accounts_for is Side.OLD else self.seen.new_now
