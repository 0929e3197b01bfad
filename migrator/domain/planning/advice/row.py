"""A row of advice, and the tables that rows belong to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.message import Message


class Table(StrEnum):
    """The questions that the founding document answers by a table each."""

    EXPOSING = "exposing"
    REACHING = "reaching"
    ENDING = "ending"
    TURNING = "turning"


@dataclass(frozen=True, slots=True)
class Advice:
    """One row: a situation, the way that fits it, why, and whether what was seen speaks for it (None: cannot be told)."""

    table: Table
    situation: Message
    way: Message
    reason: Message
    fits: bool | None
    seen: Message
