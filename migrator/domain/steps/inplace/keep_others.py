"""The last step of an in-place move's way back: nodes whose turn had not come have the weight that they had."""

from __future__ import annotations

from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.observation.sighting import Sighting
from migrator.domain.steps.inplace.swap import Swap
from migrator.domain.steps.restarting.place import Place


class KeepOthers(Swap):
    """The nodes whose turn had not come have their weight, each with an old pod that is proved.

    They never lost it, but where a new pod came before its turn: then nobody was sent there (`keep_the_early_out`).
    """

    __slots__ = ()
    title: ClassVar[Message] = say("step.keep-others")  # whichever nodes they are

    def _is_done(self, at: Place, seen: Sighting) -> bool:
        """Wait for nobody but those who lost their weight: whoever is not well was so without this run."""
        return at.gone or not at.behind
