"""What proves to a system who we are, and how long it does: never the proof itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from migrator.domain.messages.message import Message, say


@dataclass(frozen=True, slots=True)
class Login:
    """One login: with whom (`balancer` or not), and when what we hold ends (None: never, or nobody can tell).

    `renewed`: a new one is fetched before that, without a person. `temporary`: it ends some time, known or not.
    """

    to: Message
    balancer: bool = False
    ends: datetime | None = None
    renewed: bool = False
    temporary: bool = True

    @property
    def until(self) -> datetime | None:
        """Give when it ends for want of a person; None: nobody has to do anything, or nobody can tell."""
        return None if self.renewed else self.ends


SOON = timedelta(days=7)
"""How long before its end a login that nobody renews is told: a run takes hours, at most days."""


def ending(logins: Iterable[Login], now: datetime) -> tuple[Message, ...]:
    """Tell which logins end soon that nobody renews."""
    said = ((login, login.until) for login in logins)
    return tuple(
        say("login.ended" if end <= now else "login.ends", to=login.to, at=instant(end))
        for login, end in said
        if end is not None and end - now <= SOON
    )


def instant(at: datetime) -> str:
    """Give an instant as data, to the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
