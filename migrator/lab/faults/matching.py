"""Which requests a fault concerns, and how many of them; the one home of that question. It harms nothing."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

ALWAYS = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as faults see it. `action` is the cloud's own name of the call, "" where the request has none."""

    method: str = ""
    path: str = ""
    agent: str = ""
    action: str = ""

    @property
    def writes(self) -> bool:
        """Say whether it may change something: by its action where there is one, else by its method."""
        if self.action:
            return not self.action.startswith(("Describe", "List", "Get"))
        return self.method not in ("GET", "HEAD", "OPTIONS")


@dataclass(slots=True)
class Match:
    """The next `left` requests (-1: all) of this method (empty: any) whose path or action begins so, of these agents.

    `agents` are beginnings of a User-Agent, "" is a request without one; none: whoever asks. `within` stands somewhere in the
    path. Of those, `share` are drawn.
    """

    method: str = ""
    prefix: str = ""
    agents: tuple[str, ...] = ()
    within: str = ""
    writes: bool = False
    share: float = ALWAYS
    left: int = -1

    def takes(self, asked: Asked, draw: Random) -> bool:
        """Say whether the fault strikes this request, and count it down then."""
        if self.left == 0 or not self._concerns(asked) or (self.share < ALWAYS and draw.random() >= self.share):
            return False
        self.left -= self.left > 0
        return True

    def _concerns(self, asked: Asked) -> bool:
        if self.method not in ("", asked.method) or self.within not in asked.path or (self.writes and not asked.writes):
            return False
        if not asked.path.startswith(self.prefix) and not (asked.action and asked.action.startswith(self.prefix)):
            return False
        return not self.agents or any(asked.agent.startswith(each) if each else not asked.agent for each in self.agents)
