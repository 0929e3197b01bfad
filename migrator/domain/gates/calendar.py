"""When a step that takes so long may begin, by the plan's windows and blackouts. Pure: the moment is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from migrator.domain.model.spec.gates import BlackoutSpec, GatesSpec, WindowSpec

AHEAD = timedelta(days=15)
"""How far ahead of now, and of the last blackout's end, a beginning is looked for: every window has come twice by then."""

FURTHEST = timedelta(days=400)
"""A blackout that ends later than this is for ever, as far as one run is concerned."""

Times: TypeAlias = "tuple[datetime, datetime]"


def beginning(gates: GatesSpec, now: datetime, need: float) -> datetime | None:
    """Give the first moment from now on at which a step may begin that must be over `need` seconds later.

    None: no window is long enough. LookupError: nobody here knows the time zone.
    """
    lasts = timedelta(seconds=need)
    for start, end in _open(gates, now):
        begin = max(start, now)
        if begin + lasts <= end:
            return begin
    return None


def _open(gates: GatesSpec, now: datetime) -> list[Times]:
    """Give the times from now on in which steps may run: the windows, joined where they meet, without the blackouts."""
    last = max((row.end for row in gates.blackouts), default=now)
    until = min(max(now, last), now + FURTHEST) + AHEAD
    found = list(_windows(gates, now, until)) if gates.windows else [(now, until + FURTHEST)]
    for blackout in gates.blackouts:
        found = [part for times in found for part in _without(times, blackout)]
    return [times for times in found if times[1] > now]


def _windows(gates: GatesSpec, now: datetime, until: datetime) -> Iterator[Times]:
    zone = ZoneInfo(gates.zone)
    first = now.astimezone(zone).date() - timedelta(days=1)  # one that began yesterday may still be open
    days = (first + timedelta(days=number) for number in range((until - now).days + 3))
    return _joined(sorted(_on(row, day, zone) for day in days for row in gates.windows if day.weekday() in row.days))


def _on(window: WindowSpec, day: date, zone: ZoneInfo) -> Times:
    midnight = datetime.combine(day, time())
    ends = window.end if window.end > window.start else window.end + 24 * 60
    start, end = (midnight + timedelta(minutes=minutes) for minutes in (window.start, ends))
    # The clock on the wall is meant, also on the day on which it is changed.
    return start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC)


def _joined(rows: Iterable[Times]) -> Iterator[Times]:
    held: Times | None = None
    for start, end in rows:
        if held is not None and start <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held


def _without(times: Times, blackout: BlackoutSpec) -> Iterator[Times]:
    start, end = times
    if start < blackout.start:
        yield start, min(end, blackout.start)
    if end > blackout.end:
        yield max(start, blackout.end), end
