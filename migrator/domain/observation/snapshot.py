"""The last look of one process at a run: weights as the balancer showed them, and what was counted by then.

It holds what was seen, never what was meant; what nobody has seen is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.samples import Answers, Verdict
from migrator.domain.observation.sighting import Witnessed


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a process saw last. `at` None: the balancer has not answered it once, so `share` and `weights` say nothing.

    `share` is the new side's percent of new connections by these weights, None where no weight stood at all; `weights`
    has every backend of the listeners, strangers too. `verdict` is the judge's newest while it had a say, at `ruled_at`.
    `witness` and `second` are this process's tallies, counted from 0 (`second.last_at` is not kept: it says nothing to
    another process). `troubles` are what a person should know: of the nodes that are looked after, and of
    systems that did not answer at that look.
    """

    at: datetime | None = None
    share: float | None = None
    weights: tuple[Weighted, ...] = ()
    verdict: Verdict | None = None
    ruled_at: datetime | None = None
    witness: Witnessed = Witnessed()
    second: Answers = Answers(last_at=0.0)
    troubles: tuple[Message, ...] = ()
