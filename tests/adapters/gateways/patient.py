"""A sweep over gateways that is taken again while one of them is merely late: a busy machine is late for 0.75 s, too."""

from __future__ import annotations

import time
from collections.abc import Sequence

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.ports.outside import GatewayReader

TRIES, PAUSE = 200, 0.05


def readings(reader: GatewayReader, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
    """Give what everybody has said, or why not; at most for some ten seconds."""
    for _ in range(TRIES):
        found, silent = reader.readings(side, pods)
        if not any(isinstance(why, Message) and why.code == "gateway.late" for _, why in silent):
            return found, silent
        time.sleep(PAUSE)
    return found, silent
