"""Times for people: of the clock on their own wall, with its distance from UTC beside it. Programs are given UTC elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

AS_DATA = "%Y-%m-%d %H:%M:%S UTC"
"""How an instant stands in a message (`domain/observation/logins.py`)."""


def clock(at: datetime) -> str:
    """Return a time of day: `14:05:09 UTC+08:00`."""
    return f"{hour(at)} {zone(at)}"


def hour(at: datetime) -> str:
    """Return a time of day where the zone is said elsewhere."""
    return f"{at.astimezone():%H:%M:%S}"


def day_and_hour(at: datetime) -> str:
    """Return a date and a time of day where the zone is said elsewhere."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"


def day_and_minute(at: datetime) -> str:
    """Return a day of the year and a time of day to the minute, for an axis of days."""
    return f"{at.astimezone():%m-%d %H:%M}"


def moment(at: datetime) -> str:
    """Return a date and a time of day."""
    return f"{day_and_hour(at)} {zone(at)}"


def zone(at: datetime) -> str:
    """Return how far the clock on the wall is from UTC at that moment: `UTC`, `UTC+08:00`."""
    offset = f"{at.astimezone():%z}"
    return "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:5]}"


def told(text: str) -> str:
    """Return an instant that a message holds as people read it; any other text as it is."""
    try:
        at = (
            datetime.strptime(text, AS_DATA).replace(tzinfo=UTC)
            if text.endswith("UTC")
            else datetime.fromisoformat(text)
        )
    except ValueError:
        return text
    return moment(at) if at.tzinfo else text
