"""What the domain asks of a gate outside: one question, one answer. Whoever is asked twice is asked the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from migrator.domain.observation.gating import GateQuestion, HookCall


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """A yes or a no, with the gate's own words."""

    allowed: bool
    reason: str = ""


class GatePort(Protocol):
    """A gate outside."""

    def ask(self, question: GateQuestion) -> GateAnswer:
        """Ask once. Raises Unreachable (no answer) or Refused (it takes no question of ours)."""
        ...


class HookPort(Protocol):
    """The hooks of a plan."""

    def call(self, call: HookCall) -> None:
        """Call the hook once, within its time. Raises Unreachable (perhaps done) or Refused (not done) without success."""
        ...
