"""A rule of the plan file that the schema has no keyword for. The schema raises it; words.py explains it."""

from __future__ import annotations

from migrator.domain.messages.message import Message


class RuleBroken(ValueError):
    """A value breaks a rule; `message` says which."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
