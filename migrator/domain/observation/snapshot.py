"""The last look of one process at a run: weights as the balancer showed them, and what was counted by then.

It holds what was seen, never what was meant; what nobody has seen is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.samples import Answers, Observed, Verdict
from migrator.domain.observation.shown import BackendSeen, Times
from migrator.domain.observation.sides import Vouched, WayBack
from migrator.domain.observation.sighting import Witnessed


@dataclass(frozen=True, slots=True)
class Protection:
    """What would turn the run back by itself (`by`), and which of the eyes were shut (`lost`).

    `idle` says why nothing turns it back whatever is seen, or why nothing has to; None: it would be turned back, but for the
    listeners in `bare`: no old pod behind them could take the traffic.
    """

    by: tuple[Message, ...] = ()
    lost: tuple[Message, ...] = ()
    idle: Message | None = None
    bare: tuple[str, ...] = ()

    @property
    def watched(self) -> Message:
        """Say who watches, and behind which listeners that is of no help."""
        if not self.by:
            return say("protection.none", lost=self.lost)
        watched = say("protection.by", eyes=self.by)
        return say("protection.but", watched=watched, listeners=self.bare) if self.bare else watched


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a process saw last. `at` None: the balancer has not answered it once, so `share` and `weights` say nothing.

    `share` is the new side's percent of new connections by these weights, None where no weight stood at all; `weights`
    has every backend of the listeners, strangers too. `verdict` is the judge's newest while it had a say, at `ruled_at`.
    `witness` and `second` are this process's tallies, counted from 0 (`second.last_at` is not kept: it says nothing to
    another process). `troubles` are what a person should know: of the nodes that are looked after, and of
    systems that did not answer at that look. `protection` is what guarded the run at `looked_at` (None: nothing was looked
    at yet, or an older version wrote this). `way_back` is what of the old side could carry the traffic again then (None: a
    run without one, or nobody knows). `asked` is how many requests this process has made of both sides to compare them, and
    `answers` the newest comparison that has ended (None: none has). `vouched` are the old pods that the balancer has called
    healthy, for the next process. `backends` are the worst rows for people, `others` how many more there are; `observed`, `old`
    and `new` are the share that arrived and how long answers took; `says` is what the turn decided, `until` when it waits to.
    `noted` are those troubles that the journal has, for the next process.
    """

    at: datetime | None = None
    share: float | None = None
    weights: tuple[Weighted, ...] = ()
    verdict: Verdict | None = None
    ruled_at: datetime | None = None
    witness: Witnessed = Witnessed()
    second: Answers = Answers(last_at=0.0)
    troubles: tuple[Message, ...] = ()
    protection: Protection | None = None
    looked_at: datetime | None = None
    way_back: WayBack | None = None
    asked: int = 0
    answers: AnswerParity | None = None
    vouched: tuple[Vouched, ...] = ()
    backends: tuple[BackendSeen, ...] = ()
    others: int = 0
    observed: Observed | None = None
    old: Times = Times()
    new: Times = Times()
    says: Message | None = None
    until: datetime | None = None
    noted: tuple[Message, ...] = ()
