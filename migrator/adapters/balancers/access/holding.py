"""What a cloud's credentials say of themselves for the plan: their end, and whether they are renewed. No secret is in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.domain.messages.message import say
from migrator.domain.observation.logins import Login


def login_of(api: str, source: Callable[[], Credentials]) -> Login | None:
    """Give what is held by now; None: nobody was asked yet, or the source is no chain. It asks nobody."""
    held = source.held if isinstance(source, Chain) else None
    if held is None:
        return None
    return Login(say("login.cloud", api=api), True, _instant(held.ends), held.renewed, bool(held.token))


def _instant(ends: float) -> datetime | None:
    """Give an end that a service wrote as an instant; None for one beyond every calendar, which nobody lives to see."""
    try:
        return datetime.fromtimestamp(max(ends, 0.0), tz=UTC)
    except (ValueError, OverflowError, OSError):  # year 10000 and on, by the size of the number
        return None
