"""Nodes that come and go, while a run looks after them: a turn is told when something changed, and else every ten minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from migrator.cli.views.live.pulse import Pulse
from migrator.domain.messages.message import without
from migrator.domain.model.decisions import Settle

if TYPE_CHECKING:
    from migrator.workflow.progress import Progress

PULSE = 600.0
COUNTED = ("connections",)
"""What of a message changes all the time."""


class Nodes:
    """Tells a turn when something changed. A count of connections changes nothing, or each second of a drain would."""

    def __init__(self, tell: Callable[[Progress], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._pulse = tell, Pulse(PULSE, monotonic)

    def __call__(self, turn: Progress) -> None:
        """Tell it, unless the same was told a while ago. That a write was read back is not worth a line."""
        if isinstance(turn.decision, Settle):
            return
        if self._pulse.is_due((turn.run.state, without(turn.words, COUNTED))):
            self._tell(turn)
