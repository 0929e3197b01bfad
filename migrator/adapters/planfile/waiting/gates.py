"""The keys of the plan file that say what a run waits for before a step, and what they become in the domain."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.values import Duration, Share, Strict, Url, usual
from migrator.domain.messages.durations import PATTERN, seconds_of
from migrator.domain.messages.message import say
from migrator.domain.model import spec as domain

CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$"


def known_zone(name: str) -> str:
    """Refuse a time zone that this machine does not know."""
    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError):
        raise ValueError("no such time zone") from None


def real_moment(text: str) -> str:
    """Refuse a day that no calendar has: ValueError."""
    datetime.fromisoformat(text)
    return text


Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
Gated: TypeAlias = Literal["shares", "drain", "retire"]
GATED: tuple[Gated, ...] = get_args(Gated)
ClockTime = Annotated[str, Field(pattern=CLOCK, description='a time of day in quotes, like "22:00"')]
Instant = Annotated[
    str,
    AfterValidator(real_moment),
    Field(pattern=INSTANT, description='a moment with its offset in quotes, like "2027-01-24T00:00+08:00"'),
]
ZoneName = Annotated[
    str, AfterValidator(known_zone), Field(min_length=1, description="a time zone's name, like Asia/Shanghai")
]


def range_of(text: object) -> tuple[float, float]:
    """Read `5m..1h`. ValueError for anything else, and for a range that falls."""
    if not isinstance(text, str) or text.count("..") != 1:
        raise ValueError("a range is two durations, like 5m..1h")
    least, most = (seconds_of(part) for part in text.split(".."))
    if least > most:
        raise ValueError("a range rises")
    return least, most


LengthRange = Annotated[
    tuple[float, float],
    BeforeValidator(range_of),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^{PATTERN}\.\.{PATTERN}$",
            "description": "two durations with .. between, like 5m..1h",
        }
    ),
]


class Window(Strict):
    """A time of the week in which steps may begin; one that ends before it begins goes on into the next day."""

    days: list[Day] = Field(default_factory=lambda: list(DAYS), min_length=1)
    begins: ClockTime = Field(alias="from")
    ends: ClockTime = Field(alias="to")


class Blackout(Strict):
    """A time in which no step may run."""

    begins: Instant = Field(alias="from")
    ends: Instant = Field(alias="to")

    @model_validator(mode="after")
    def ordered(self) -> Blackout:
        """Refuse one that ends before it begins."""
        if datetime.fromisoformat(self.ends) <= datetime.fromisoformat(self.begins):
            raise RuleBroken(say("rule.blackout"))
        return self


class Webhook(Strict):
    """Who is asked before a step; the secret that signs the question is in the environment."""

    url: Url
    before: list[Gated] = Field(default_factory=lambda: list(GATED), min_length=1)
    timeout: Duration = usual("10s")
    patience: Duration = usual("10m")
    then: Literal["hold", "ask", "rollback"] = "hold"


class Gates(Strict):
    """What a run waits for before a step begins. Nothing of it stops a way back."""

    hold: list[Share] = Field(default_factory=list, max_length=100)
    zone: ZoneName = "UTC"
    windows: list[Window] = Field(default_factory=list, max_length=50)
    blackouts: list[Blackout] = Field(default_factory=list, max_length=50)
    expires: Duration | None = None
    on_expiry: Literal["hold", "rollback"] = Field("hold", alias="onExpiry")
    approver: Literal["anyone", "other"] = "anyone"
    webhook: Webhook | None = None


class Live(Strict):
    """What may be set while the run goes on (`migrator set`), each from the least to the most."""

    soak: LengthRange | None = None
    max_soak: LengthRange | None = Field(None, alias="maxSoak")
    keep_old: LengthRange | None = Field(None, alias="keepOld")
    drain_timeout: LengthRange | None = Field(None, alias="drainTimeout")


def live_of(live: Live) -> tuple[domain.LiveRange, ...]:
    """Give what may be set, as the domain has it."""
    ranges = (
        ("soak", live.soak),
        ("maxSoak", live.max_soak),
        ("keepOld", live.keep_old),
        ("drainTimeout", live.drain_timeout),
    )
    return tuple(domain.LiveRange(key, *limits) for key, limits in ranges if limits is not None)


def gates_of(gates: Gates) -> domain.GatesSpec:
    """Give the gates as the domain has them."""
    return domain.GatesSpec(
        hold=tuple(gates.hold),
        windows=tuple(
            domain.WindowSpec(_minutes(row.begins), _minutes(row.ends), tuple(sorted(map(DAYS.index, row.days))))
            for row in gates.windows
        ),
        blackouts=tuple(
            domain.BlackoutSpec(datetime.fromisoformat(row.begins), datetime.fromisoformat(row.ends))
            for row in gates.blackouts
        ),
        zone=gates.zone,
        expires=gates.expires,
        on_expiry=domain.OnExpiry(gates.on_expiry),
        approver=domain.Approver(gates.approver),
        webhook=_webhook(gates.webhook) if gates.webhook else None,
    )


def _webhook(hook: Webhook) -> domain.WebhookSpec:
    before = tuple(domain.Before(each) for each in dict.fromkeys(hook.before))
    return domain.WebhookSpec(hook.url, before, hook.timeout, hook.patience, domain.NoYes(hook.then))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
