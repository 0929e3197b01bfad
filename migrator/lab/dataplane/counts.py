"""Count what the data plane did, per listener and per target. Counters only grow; `active` alone goes down."""

import time
from dataclasses import dataclass, field

_KEPT_SECONDS = 3600


@dataclass(slots=True)
class TargetCounts:
    """What one target got. They outlive the target's registration."""

    connections: int = 0  # handed to it, refused ones included
    active: int = 0
    bytes_in: int = 0  # from clients
    bytes_out: int = 0  # to clients
    chunks: int = 0
    refused: int = 0  # it answered RST to our SYN
    failures: int = 0  # it could not be reached for another reason
    resets: int = 0  # connections that ended with a RST from either end
    cut: int = 0  # connections the balancer itself reset
    bad: int = 0  # answers by 5xx; at layer 7 only
    series: dict[int, int] = field(default_factory=dict)  # unix second -> new connections

    def opened(self) -> None:
        """Count a new connection."""
        self.connections += 1
        self.active += 1
        second = int(time.time())
        if second not in self.series and len(self.series) >= _KEPT_SECONDS:
            del self.series[next(iter(self.series))]
        self.series[second] = self.series.get(second, 0) + 1


@dataclass(slots=True)
class ListenerCounts:
    """What one listener did before a target was chosen."""

    accepted: int = 0
    no_target: int = 0  # answered with RST because nobody was eligible
