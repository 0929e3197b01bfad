"""The steps that give the DaemonSet another template, and the one it had. Nothing restarts by it: it is OnDelete meanwhile."""

from __future__ import annotations

from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.decisions import Decision, Done
from migrator.domain.observation.sighting import Sighting
from migrator.domain.steps.prepare import Guard, next_change
from migrator.domain.steps.undo import Undo


class Rewrite(Guard):
    """The DaemonSet has the new template, and restarts nobody by itself."""

    __slots__ = ()
    title: ClassVar[Message] = say("step.rewrite")

    def decide(self, seen: Sighting) -> Decision:
        """Write it once."""
        return next_change(self.changes, seen) or Done(say("rewrite.done", object=str(self.changes[0].ref)))


class WriteBack(Undo):
    """The DaemonSet has its former template again: whoever comes now is of the former revision."""

    __slots__ = ()
    title: ClassVar[Message] = say("step.write-back")
