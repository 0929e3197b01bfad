"""The values of a follower: an address that it looks after, and what is to become of its backends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Row
from migrator.domain.model.workload import Pod
from migrator.domain.observation.nodes import Host


class Disposition(StrEnum):
    """What is to become of a node's backends: their weight, weight 0 until better times, nothing, or off the balancer."""

    SERVE = "serve"
    REST = "rest"
    STAY = "stay"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class ListenerPort:
    """A listener, the port behind it on every node, and the weight that the run left its backends with."""

    listener: str
    port: int
    weight: int


@dataclass(frozen=True, slots=True)
class Position:
    """An address that the follower looks after: its node (None: gone), the gateway's pods there, its rows, its fate."""

    address: str
    host: Host | None
    pods: tuple[Pod, ...]
    rows: tuple[Row, ...]
    fate: Disposition
    why: Message | None = None

    @property
    def name(self) -> str:
        """Name the node, or the address when nobody knows a name any more."""
        return self.host.name if self.host else self.address

    @property
    def live(self) -> tuple[Pod, ...]:
        """Give the pods that are not ending."""
        return tuple(pod for pod in self.pods if not pod.terminating)
