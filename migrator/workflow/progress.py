"""What a turn looked like, for whoever shows it. A value; showing it is the command line's business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from migrator.domain.messages.message import Message
from migrator.domain.model.decisions import Decision
from migrator.domain.model.runs import Run
from migrator.domain.observation.sides import WayBack
from migrator.domain.observation.sighting import Sighting
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.steps import Step


@dataclass(frozen=True, slots=True)
class Progress:
    """One turn: the run after it, its route's titles, what was decided, what was seen (None: nothing could be).

    `way_back` is what of the old side could carry the traffic again; None on the way back, and where there is no old side.
    `look` is what other processes are shown of the same turn; `route` has the steps behind the titles.
    """

    run: Run
    titles: tuple[Message, ...]
    decision: Decision | None
    seen: Sighting | None
    words: Message
    way_back: WayBack | None = None
    look: Snapshot = Snapshot()
    route: tuple[Step, ...] = ()


Tell: TypeAlias = "Callable[[Progress], None]"
