"""The nodes that a follower looks after, as the cluster shows them: which are leaving, and by whose word. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef

LEAVING = "migrator.dev/leaving"
"""The operator's own word: `kubectl taint node NODE migrator.dev/leaving=:NoSchedule` drains it whatever the plan says."""


@dataclass(frozen=True, slots=True)
class Host:
    """A node with the plan's labels. `leaving` says why it is about to go (None: it is not); `changed_at` since when it has
    been Ready, or not."""

    name: str
    address: str
    ready: bool = True
    changed_at: datetime | None = None
    cordoned: bool = False
    leaving: Message | None = None


@dataclass(frozen=True, slots=True)
class Hosts:
    """Every node with the plan's labels, as it is now (a facet)."""

    found: tuple[Host, ...] = ()

    def addresses(self, pods: Iterable[PodRef]) -> frozenset[str]:
        """Give where these pods answer: their own addresses and their nodes'."""
        of = {host.name: host.address for host in self.found}
        given = tuple(pods)
        return frozenset({pod.ip for pod in given} | {of.get(pod.node, "") for pod in given}) - {""}
