"""One answer of a second opinion, as what was counted and when."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.judging.window import Window
from migrator.domain.messages.message import Message
from migrator.domain.model.samples import Rate


@dataclass(frozen=True, slots=True)
class Opinion:
    """One answer of a second opinion (Prometheus): both sides' counts over its window, asked at monotonic `at`.

    None is *nobody can say* (empty, NaN, stale). `interval` is the seconds since the answer before. `silence` says why
    there was no answer at all. `brief` are the newest scrapes alone, with nothing in them that an earlier answer's had;
    `sampled` is when the new side's newest sample was taken (monotonic).
    `numbers` are what the plan's own queries gave, by name (None: they were not asked this time).
    """

    at: float
    interval: float
    new: Rate | None
    old: Rate | None
    silence: Message | None = None
    brief: Window | None = None
    sampled: float | None = None
    numbers: tuple[tuple[str, float | None], ...] | None = None
