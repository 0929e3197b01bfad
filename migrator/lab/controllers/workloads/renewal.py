"""The rolling update of a DaemonSet: which old pods may go and where a surge pod may start. Pure choice, no API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrator.lab.controllers.api.resources import Json
from migrator.lab.controllers.workloads.rollout import scaled


@dataclass(frozen=True, slots=True)
class Node:
    """The new and the old pod of one node, and whether each is available; not `clear` while a kind has several."""

    name: str
    clear: bool
    new: Json | None
    old: Json | None
    new_up: bool
    old_up: bool


@dataclass(frozen=True, slots=True)
class Renewal:
    """Pods to delete, and names of nodes on which to start a pod beside the old one."""

    delete: tuple[Json, ...] = ()
    create: tuple[str, ...] = ()


def surge_allowed(owner: Json) -> bool:
    """Return whether the update may run two pods on a node."""
    return _strategy(owner).get("type") != "OnDelete" and _surge(owner, 100) > 0


def renew(owner: Json, nodes: Sequence[Node], desired: int) -> Renewal:
    """Choose what to renew now; `desired` is the number of nodes that should run a pod. OnDelete chooses nothing."""
    if _strategy(owner).get("type") == "OnDelete":
        return Renewal()
    if surge := _surge(owner, desired):
        return _with_surge(nodes, surge)
    rolling = _strategy(owner).get("rollingUpdate") or {}
    allowed = scaled(rolling.get("maxUnavailable", 1), desired, up=True)
    return _in_place(nodes, max(1, allowed))


def _strategy(owner: Json) -> Json:
    strategy: Json = owner["spec"].get("updateStrategy") or {}
    return strategy


def _surge(owner: Json, desired: int) -> int:
    return scaled((_strategy(owner).get("rollingUpdate") or {}).get("maxSurge"), desired, up=True)


def _in_place(nodes: Sequence[Node], allowed: int) -> Renewal:
    """Old pods that are down anyway go at once; healthy ones as long as few enough nodes are without a pod."""
    sick = [node.old for node in nodes if node.clear and node.old and not node.new and not node.old_up]
    healthy = [node.old for node in nodes if node.clear and node.old and not node.new and node.old_up]
    missing = sum(_is_missing(node) for node in nodes)
    room = max(0, allowed - missing - len(sick))
    return Renewal(delete=(*sick, *healthy[:room]))


def _is_missing(node: Node) -> bool:
    if not node.clear:
        return True
    return not node.new_up if node.new else node.old is None


def _with_surge(nodes: Sequence[Node], allowed: int) -> Renewal:
    old_only = [node for node in nodes if node.clear and node.old and not node.new]
    both = [node for node in nodes if node.clear and node.old and node.new]
    free = [node.name for node in old_only if not node.old_up]
    queue = [node.name for node in old_only if node.old_up]
    busy = sum(not node.clear for node in nodes) + sum(not node.new_up for node in both)
    done = tuple(node.old for node in both if node.new_up and node.old)
    return Renewal(done, (*free, *queue[: max(0, allowed - busy)]))
