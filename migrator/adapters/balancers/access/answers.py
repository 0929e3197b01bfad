"""What a cloud's API said to a call that it did not carry out, as an error that says whether anything was done. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.balancers.access.api_client import perhaps
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message, Value, say


@dataclass(frozen=True, slots=True)
class No:
    """The API's own code, words and request id. `status` None: the API answers everything with HTTP 200."""

    api: str
    action: str
    code: str
    words: str
    request: str
    status: int | None = None

    def not_now(self, wait: float) -> Unreachable:
        """Give the error of a call that the API puts off; nothing was done."""
        return Unreachable(say("cloud.not-now", **self._values(), then=say("driver.read-again")), wait)

    def failed(self) -> Unreachable:
        """Give the error of a call of which nobody knows whether it took effect."""
        return Unreachable(say("cloud.failed", **self._values(), then=perhaps(self.action)))

    def refused(self) -> Message:
        """Give what to say of a call that the API refuses."""
        return say("cloud.refused", **self._values())

    def _values(self) -> dict[str, Value]:
        said: dict[str, Value] = {"api": self.api, "action": self.action, "status": self.status}
        return {**said, "answer": self.code, "words": self.words, "request": self.request}
