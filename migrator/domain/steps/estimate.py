"""What a step says of its cost beforehand: seconds, what it asks of the world, and what it adds to the way back.

It is arithmetic by the plan's own deadlines, not a promise. `worst` counts every deadline in full and every write at its
longest; what no number bounds (a person's answer, a pause) is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Capabilities, Side
from migrator.domain.model.manifests import Json, ObjectRef, ref_of

TURN = 1.0
"""Seconds of a turn that writes and the one that reads it back."""

MOST = 10.0
"""The longest seconds of one write: it is asked for once and waited for at most this long."""

LOOK, LOOK_MOST = 5.0, 60.0
"""Seconds of a step that only looks: expected, and at worst."""

GRACE = 30.0
"""Seconds that an idle pod takes to end."""

DETECTION = 10.0
"""Seconds until a balancer's usual health check calls a backend healthy: two successes, five seconds apart."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of one write: to the balancer (its settling, its rate limit) and to the cluster."""

    balancer: float
    balancer_most: float
    cluster: float = TURN
    cluster_most: float = MOST


@dataclass(frozen=True, slots=True)
class ShareCost:
    """A share's writes: calls to get there, weights that change, calls from there back to the recorded weights."""

    share: float
    calls: int
    weights: int
    calls_back: int


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a plan is: both sides' backends, what each share costs, the balancer's pace, the deadline of a drain."""

    old: tuple[Backend, ...]
    new: tuple[Backend, ...]
    shares: tuple[ShareCost, ...]
    can: Capabilities
    pace: Pace
    drain: float

    def of(self, side: Side) -> tuple[Backend, ...]:
        """Give a side's backends."""
        return self.new if side is Side.NEW else self.old

    def share(self, share: float) -> ShareCost:
        """Give what a share costs; one call each way where the plan has no forecast of it."""
        return next((cost for cost in self.shares if cost.share == share), ShareCost(share, 1, 0, 1))

    def batches(self, backends: Iterable[Backend]) -> int:
        """Give the calls that name these backends once: full batches, of one listener each where the vendor wants that."""
        listeners = [backend.listener for backend in backends]
        if self.can.several_listeners:
            return -(-len(listeners) // self.can.batch)
        return sum(-(-listeners.count(name) // self.can.batch) for name in set(listeners))


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a step adds to the way back, in seconds.

    `weights`: giving the old side its weights again; a later step's replaces it, None leaves it as it was. `traffic` comes
    on top until every new connection is on the old side; `rest` comes after that, until nothing of the run is left. `drain`
    is how long emptying the new side may take; it is waited for once.
    """

    weights: float | None = None
    traffic: float = 0.0
    rest: float = 0.0
    drain: float = 0.0


NOTHING = WayBack()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A step beforehand. `worst` None: until a person answers. `way_back` None: from its end there is none any more.

    `shifts`: it sets or holds a share of the traffic.
    """

    expected: float
    worst: float | None
    calls: tuple[Message, ...]
    way_back: WayBack | None = NOTHING
    note: Message | None = None
    shifts: bool = False


READS_ONLY = (say("estimate.reads-only"),)


def looking(what: Message | None = None) -> Estimate:
    """Give the estimate of a step that only looks."""
    return Estimate(LOOK, LOOK_MOST, (what,) if what else READS_ONLY)


def writing(scale: Scale, calls: tuple[Message, ...], rest: float = 0.0) -> Estimate:
    """Give the estimate of a step that makes one write of the cluster a call; `rest` is what undoing them takes."""
    pace, writes = scale.pace, len(calls) + 1
    return Estimate(
        pace.cluster * writes, pace.cluster_most * writes, calls or READS_ONLY, WayBack(rest=rest) if rest else NOTHING
    )


def patched(refs: Iterable[ObjectRef]) -> tuple[Message, ...]:
    """Give a call for each object that is patched."""
    return tuple(say("estimate.patch", object=str(ref)) for ref in refs)


def applied(manifests: Iterable[Json]) -> tuple[Message, ...]:
    """Give a call for each manifest that is applied."""
    return tuple(say("estimate.apply", object=str(ref_of(each))) for each in manifests if isinstance(each, dict))


def deleted(refs: Iterable[ObjectRef]) -> tuple[Message, ...]:
    """Give a call for each object that is deleted."""
    return tuple(say("estimate.delete", object=str(ref)) for ref in refs)
