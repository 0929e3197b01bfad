"""What the plan says of waiting: shares at which a person must say yes, the times at which a step may
begin, and what a person may set meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EVERY_DAY = tuple(range(7))


class OnExpiry(StrEnum):
    """What becomes of a run whose question nobody has answered in time: it goes on waiting, or it goes back."""

    HOLD = "hold"
    ROLLBACK = "rollback"


class Approver(StrEnum):
    """Who may say yes: anyone, or only somebody else than who began the run."""

    ANYONE = "anyone"
    OTHER = "other"


class Before(StrEnum):
    """Before which steps a webhook is asked."""

    SHARES = "shares"
    DRAIN = "drain"
    RETIRE = "retire"


class NoYes(StrEnum):
    """What becomes of a run whose webhook has given no yes in time: it goes on waiting, asks a person, or goes back."""

    HOLD = "hold"
    ASK = "ask"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class WebhookSpec:
    """Who is asked before a step, and what without a yes within `patience` seconds. `timeout` bounds one answer."""

    url: str
    before: tuple[Before, ...] = tuple(Before)
    timeout: float = 10.0
    patience: float = 600.0
    then: NoYes = NoYes.HOLD


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """A time of the week: days (0 is Monday), and minutes after midnight by the clock of the plan's zone.

    One whose `end` is not after its `start` goes on into the next day.
    """

    start: int
    end: int
    days: tuple[int, ...] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class BlackoutSpec:
    """A time in which no step may run, whatever the windows say."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class LiveRange:
    """What may be set while a run goes on, by its key, and the least and most seconds of it."""

    key: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class GatesSpec:
    """After which shares (percent) a person must say yes, and when steps may begin. Without windows it is every time that no
    blackout takes; `zone` is the windows' time zone by its name.

    A question of the run is expired after `expires` seconds (None: never); `on_expiry` says what then.
    """

    hold: tuple[float, ...] = ()
    windows: tuple[WindowSpec, ...] = ()
    blackouts: tuple[BlackoutSpec, ...] = ()
    zone: str = "UTC"
    expires: float | None = None
    on_expiry: OnExpiry = OnExpiry.HOLD
    approver: Approver = Approver.ANYONE
    webhook: WebhookSpec | None = None

    @property
    def timed(self) -> bool:
        """Say whether there are times at which no step may begin."""
        return bool(self.windows or self.blackouts)
