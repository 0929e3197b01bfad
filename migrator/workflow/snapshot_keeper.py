"""Keeps what this process saw last where others can read it: at once when the weights change, else now and then."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Pools, Weighted
from migrator.domain.observation.sighting import Clocks, Judgement, Sighting, Stale, Witnessed
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.ports.memory import Journal
from migrator.workflow.soak_accounting import Account

EVERY = 5.0
"""Seconds after which an unchanged look is kept anew: a killed process has lost the age and the counts of so many."""


class SnapshotKeeper:
    """The newest look of one process. `begin` and `leave` are its first and its last word."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._look = Snapshot()
        self._kept: Snapshot | None = None
        self._kept_at = float("-inf")

    def begin(self) -> None:
        """Write down that this process carries the run out, and has seen nothing yet."""
        self._journal.looked(self._look)

    def take(self, seen: Sighting, account: Account, troubles: tuple[Message, ...] = ()) -> None:
        """Take a look in. Pools that stand in for a balancer that is silent were seen before, not now."""
        now, answers = seen[Clocks], seen[Judgement].second
        second = replace(answers, last_at=0.0)
        silent = dict.fromkeys(why for _, why in seen[Stale].reasons)
        look = replace(self._look, witness=seen[Witnessed], second=second, troubles=(*troubles, *silent))
        if Pools not in seen[Stale]:
            rows = tuple(Weighted(row.backend, row.weight) for row in seen[Pools].rows)
            look = replace(look, at=now.wall, share=seen[Pools].share(), weights=rows)
        if account.newest is not None:
            look = replace(look, verdict=account.newest[0], ruled_at=account.newest[1])
        self._look = look
        if _told(self._kept) != _told(look) or now.monotonic - self._kept_at >= EVERY:
            self._journal.looked(look)
            self._kept, self._kept_at = look, now.monotonic

    def leave(self) -> None:
        """Write down what was seen last, and that this process has gone in good order."""
        self._journal.looked(self._look, leaves=True)


def _told(look: Snapshot | None) -> tuple[object, ...] | None:
    """Give what is kept at once when it changes."""
    return None if look is None else (look.weights, look.share, look.troubles)
