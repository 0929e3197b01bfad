"""The nodes that a follower looks after, as the cluster shows them: which are leaving, and by whose word. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, is_v6
from migrator.domain.model.manifests import Manifest, items, text

LEAVING = "migrator.dev/leaving"
"""The operator's own word: `kubectl taint node NODE migrator.dev/leaving=:NoSchedule` drains it whatever the plan says."""


TOLERATED = frozenset(
    f"node.kubernetes.io/{name}"
    for name in (
        "not-ready",
        "unreachable",
        "disk-pressure",
        "memory-pressure",
        "pid-pressure",
        "unschedulable",
        "network-unavailable",
    )
)
"""Taints that the DaemonSet controller tolerates by itself."""

REPELLING = ("NoSchedule", "NoExecute")


class Taint(NamedTuple):
    """A node's taint."""

    key: str
    value: str
    effect: str

    def __str__(self) -> str:
        return f"{self.key}={self.value}:{self.effect}"


def taints_of(node: Manifest) -> tuple[Taint, ...]:
    """Read a Node's taints."""
    rows = items(node, "spec", "taints")
    return tuple(Taint(text(row, "key"), text(row, "value"), text(row, "effect")) for row in rows)


def repelling(taints: Iterable[Taint], tolerations: Iterable[Manifest]) -> tuple[Taint, ...]:
    """Give the taints that keep a DaemonSet's pods with these tolerations away."""
    rows = tuple(tolerations)
    ours = (taint for taint in taints if taint.effect in REPELLING and taint.key not in TOLERATED)
    return tuple(taint for taint in ours if not any(_tolerates(row, taint) for row in rows))


def _tolerates(toleration: Manifest, taint: Taint) -> bool:
    key, effect = text(toleration, "key"), text(toleration, "effect")
    if effect not in ("", taint.effect):
        return False
    if text(toleration, "operator") == "Exists":
        return key in ("", taint.key)
    return key == taint.key and text(toleration, "value") == taint.value


@dataclass(frozen=True, slots=True)
class Host:
    """A node with the plan's labels. `leaving` says why it is about to go (None: it is not); `changed_at` since when it has
    been Ready, or not. `addresses` are all that the cluster knows of it inside; `address` is the one the balancer dials, and
    `zone` that of its cloud."""

    name: str
    address: str
    ready: bool = True
    changed_at: datetime | None = None
    cordoned: bool = False
    leaving: Message | None = None
    addresses: tuple[str, ...] = ()
    taints: tuple[Taint, ...] = ()
    zone: str = ""

    def dialled_like(self, backends: Iterable[Backend]) -> Host:
        """Return the host by its address of these backends' family; "" where it has none. Without backends it stays."""
        families = {is_v6(backend.address) for backend in backends}
        if not families or not self.addresses:
            return self
        return replace(self, address=next((at for at in self.addresses if is_v6(at) in families), ""))


@dataclass(frozen=True, slots=True)
class Hosts:
    """Every node with the plan's labels, as it is now (a facet)."""

    found: tuple[Host, ...] = ()

    def addresses(self, pods: Iterable[PodRef]) -> frozenset[str]:
        """Give where these pods answer: their own addresses and their nodes'."""
        of = {host.name: host.address for host in self.found}
        given = tuple(pods)
        return frozenset({pod.ip for pod in given} | {of.get(pod.node, "") for pod in given}) - {""}
