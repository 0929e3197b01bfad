"""What people who watch are shown beside what rules read: counts of each gateway, times of answers, a row for each backend."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Health, Side
from migrator.domain.model.samples import Rate


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took, in seconds: half of them at most `median`, 99 of 100 at most `late`.

    Worked out of a histogram, so each lies somewhere in a bucket of it; None: nothing was timed.
    """

    median: float | None = None
    late: float | None = None

    @property
    def known(self) -> bool:
        """Say whether anything was timed."""
        return self.median is not None


@dataclass(frozen=True, slots=True)
class Served:
    """The newest `seconds` of counts: of every gateway by its name, and the times of both sides."""

    seconds: float = 0.0
    by: tuple[tuple[str, Rate], ...] = ()
    old: Times = Times()
    new: Times = Times()


MOST = 60
"""Rows that are kept: more than any terminal shows. The worst come first, so what is left out is no worse than these."""


@dataclass(frozen=True, slots=True)
class BackendSeen:
    """A backend: `weight` None is not on the balancer, `meant` None that this run means nothing of it, `side` None a stranger.

    `node` is "" where nobody knows it. What was counted is of the pod behind it, over the newest window: `requests` are by
    second; None is what nobody counts, or of which it cannot be said which pod it belongs to.
    """

    backend: Backend
    side: Side | None
    node: str = ""
    weight: int | None = None
    meant: int | None = None
    health: Health = Health.UNKNOWN
    connections: int | None = None
    requests: float | None = None
    bad: int | None = None
    client: int | None = None
    slow: int | None = None

    @property
    def is_apart(self) -> bool:
        """Say whether its weight is not what this run means: a write is on its way, or somebody else was there."""
        return self.meant is not None and (self.weight or 0) != self.meant

    @property
    def is_sick(self) -> bool:
        """Say whether it has, or is to have, weight and the balancer calls it unhealthy."""
        return self.health is Health.UNHEALTHY and bool(self.weight or self.meant)

    @property
    def badness(self) -> tuple[int, ...]:
        """Give how bad it is; of two the worse is greater."""
        return int(self.is_sick), self.bad or 0, int(self.is_apart), self.slow or 0, self.client or 0, self.weight or 0
