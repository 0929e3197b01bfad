"""Credentials of a cloud's API and the chain of places they are looked for. It stores and shows nothing.

Where each vendor's come from, and in which order, stands in that vendor's own `credentials` and `roles`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say

EARLY = 300.0
"""Seconds before their end at which temporary credentials are fetched anew (AWS's and Tencent's SDKs; Aliyun's: 180)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key's id, its secret and, for temporary ones, a token and the unix time of their end. `repr` shows none of them.

    `renewed`: their source gives new ones before that, without a person.
    """

    key: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    ends: float = float("inf")
    renewed: bool = field(default=False, compare=False)

    @property
    def spaced(self) -> bool:
        """Say whether a blank or a line end is in one of them: a Secret made of a file often ends so, and no API takes it."""
        return any(letter.isspace() for value in (self.key, self.secret, self.token) for letter in value)

    def hidden(self, words: str) -> str:
        """Give `words` without any of the secrets; an error of the API may quote what was signed."""
        for secret in (self.secret, self.token, self.key):
            words = words.replace(secret, "(hidden)") if secret else words
        return words


def unix_time(end: str) -> float:
    """Give the unix time of an ISO 8601 instant, in UTC where it names no zone; infinity for any other text."""
    try:
        at = datetime.fromisoformat(end)
    except ValueError:
        return float("inf")
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


ABSENT = say("credentials.none")
SPACED = say("credentials.spaced")
Source = Callable[[], "Credentials | None"]


class Chain:
    """The first source that has credentials, remembered until shortly before they end. Safe between threads."""

    def __init__(
        self,
        *sources: Source,
        absent: Message = ABSENT,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`absent` is what to say where no source has any, with what to do."""
        self._sources, self._absent, self._now = sources, absent, now
        self._kept: Credentials | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Credentials:
        """Give credentials.

        Refused: no source has any, or such as no API takes. Unreachable: a source did not answer, and none are kept.
        """
        with self._lock:
            if self._kept is None or self._kept.ends - self._now() < EARLY:
                self._kept = self._found()
            if self._kept is None:
                raise Refused(self._absent)
            if self._kept.spaced:
                self._kept = None
                raise Refused(SPACED)
            return self._kept

    def _found(self) -> Credentials | None:
        """Ask the sources; while what is kept has not ended, silence of a source is no reason to go without."""
        living = self._kept if self._kept and self._kept.ends > self._now() else None
        try:
            return next((credentials for source in self._sources if (credentials := source())), living)
        except Unreachable:
            if living is None:
                raise
            return living

    @property
    def held(self) -> Credentials | None:
        """Give what is held by now; it asks nobody."""
        return self._kept

    def forget(self) -> None:
        """Fetch anew at the next call: the API called a token expired."""
        with self._lock:
            self._kept = None
