"""What findings are about, where it has no name of its own: listeners, nodes, containers. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrator.domain.messages.message import Message, say


def listeners_subject(names: Iterable[str]) -> Message:
    """Return the subject of a finding about listeners."""
    return say("subject.listeners", names=tuple(names))


def balancer_subject(name: str) -> Message:
    """Return the subject of a finding about a balancer as a whole."""
    return say("subject.balancer", name=name)


def nodes_subject(names: Iterable[str]) -> Message:
    """Return the subject of a finding about nodes; each is named once, in order."""
    return say("subject.nodes", names=tuple(sorted(set(names))))


def container_subject(name: str, part: str = "", side: str = "") -> Message:
    """Return the subject of a finding about a container: of the pods of a side, or a field or hook of it."""
    return say("subject.container", name=name, part=part, side=side)


def pairs(labels: Iterable[tuple[object, object]] | Mapping[str, object]) -> tuple[str, ...]:
    """Return labels, or other keys with their values, as people write them: `version=v2`."""
    rows = labels.items() if isinstance(labels, Mapping) else labels
    return tuple(f"{key}={value}" for key, value in rows)
