"""Keeps what this process saw last where others can read it: at once when the weights change, else now and then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.messages.message import Message, say, shape
from migrator.domain.model.balancer import Pools, Weighted
from migrator.domain.model.decisions import Decision, Wait
from migrator.domain.observation.shown import MOST
from migrator.domain.observation.sides import Vouched, WayBack
from migrator.domain.observation.sighting import Clocks, Judgement, Sighting, Stale, Witnessed
from migrator.domain.observation.snapshot import Protection, Snapshot
from migrator.domain.ports.memory import Journal
from migrator.domain.showing.backends import rows as showing
from migrator.domain.turn.protection import protection
from migrator.workflow.soak_accounting import Account

EVERY = 5.0
"""Seconds after which an unchanged look is kept anew: a killed process has lost the age and the counts of so many."""


ENDLESS = 1_000_000.0
"""Seconds; who waits so long waits for something without a date."""

UNTOLD_FOR = 2.0
"""Seconds between two looks at most while nothing hangs: what was asked of both sides since is lost with a killed process."""


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

    def take(
        self,
        seen: Sighting,
        account: Account,
        troubles: tuple[Message, ...] = (),
        way_back: WayBack | None = None,
        vouched: tuple[Vouched, ...] = (),
    ) -> None:
        """Take a look in. Pools that stand in for a balancer that is silent were seen before, not now."""
        now, answers = seen[Clocks], seen[Judgement].second
        second = replace(answers, last_at=0.0)
        silent = dict.fromkeys(why for _, why in seen[Stale].reasons)
        look = replace(self._look, witness=replace(seen[Witnessed], at=0.0), second=second)
        look = replace(
            look,
            noted=troubles,
            troubles=(*troubles, *account.unheard, *silent),
            protection=protection(seen),
            looked_at=now.wall,
        )
        look = replace(look, way_back=way_back, vouched=vouched, asked=seen[AskedOfBoth].requests)
        if seen[AnswerParity].known:
            look = replace(look, answers=seen[AnswerParity].shortened)
        served, found = seen[Judgement].served, showing(seen)
        look = replace(look, observed=seen[Judgement].observed, old=served.old, new=served.new)
        if Pools not in seen[Stale]:
            look = replace(look, backends=found[:MOST], others=len(found[MOST:]))
            rows = tuple(Weighted(row.backend, row.weight) for row in seen[Pools].rows)
            look = replace(look, at=now.wall, share=seen[Pools].share(), weights=rows)
        if account.newest is not None:
            look = replace(look, verdict=account.newest[0], ruled_at=account.newest[1])
        self._keep(look, now)

    def blind(self, why: Message, now: Clocks) -> None:
        """Take in that nothing could be looked at: whatever was open to see before, nothing protects the run now."""
        nothing = Protection(lost=(say("eye.balancer"),))
        self._keep(replace(self._look, troubles=(why,), protection=nothing, looked_at=now.wall), now)

    def decided(self, decision: Decision, words: Message, now: datetime, ended: bool) -> Snapshot:
        """Take in what the turn decided, and give the newest look. A number in the words that changes all the time is kept now
        and then, with the rest of the look."""
        seconds = decision.seconds if isinstance(decision, Wait) else None
        until = now + timedelta(seconds=seconds) if seconds is not None and 0 < seconds < ENDLESS else None
        before, self._look = self._look, replace(self._look, says=words, until=until)
        if not ended and _said(before) != _said(self._look):
            self._journal.looked(self._look)
        return self._look

    def _keep(self, look: Snapshot, now: Clocks) -> None:
        self._look = look
        if _told(self._kept) != _told(look) or now.monotonic - self._kept_at >= EVERY:
            self._journal.looked(look)
            self._kept, self._kept_at = look, now.monotonic

    def leave(self) -> None:
        """Write down what was seen last, and that this process has gone in good order."""
        self._journal.looked(self._look, leaves=True)


def _said(look: Snapshot) -> tuple[object, ...]:
    """Give what of a decision is kept at once when it changes."""
    return None if look.says is None else shape(look.says), look.until is None


def _told(look: Snapshot | None) -> tuple[object, ...] | None:
    """Give what is kept at once when it changes; the numbers of a trouble change all the time."""
    return (
        None
        if look is None
        else (look.weights, look.share, shape(look.troubles), look.protection, look.way_back, look.answers, look.asked)
    )
