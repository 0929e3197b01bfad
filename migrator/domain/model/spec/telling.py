"""What the plan says of being told: which moments of a run, and by which channels. Addresses are never part of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ADDRESS = "MIGRATOR_NOTIFY_"
"""How the environment variable begins that has a channel's address."""


class Moment(StrEnum):
    """What of a run is worth telling somebody who does not watch it."""

    BEGAN = "began"
    SHARE = "share"
    WAITS = "waits"
    HELD = "held"
    TURNED_BACK = "turned-back"
    HALTED = "halted"
    UNWATCHED = "unwatched"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel by its name, and the moments that it is told of."""

    name: str
    moments: tuple[Moment, ...] = tuple(Moment)

    @property
    def variable(self) -> str:
        """Give the environment variable that has its address."""
        return ADDRESS + self.name.upper().replace("-", "_")
