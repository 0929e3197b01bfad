"""A pod template while it is being changed, and what was said about each change. It never leaves the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from migrator.domain.messages.message import Message
from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import Json, Manifest, items, mapping

TEMPLATE = "spec.template"

ALL_CONTAINERS = ("initContainers", "containers")
"""Init containers too: a native sidecar (`restartPolicy: Always`) is one of them, with ports and probes of its own."""


@dataclass(slots=True)
class Draft:
    """A template that nobody else holds. Every change of it goes through `put`, `drop` or `say`."""

    template: Manifest
    said: list[Difference] = field(default_factory=list)

    @property
    def spec(self) -> Manifest:
        """Give the pod's spec."""
        return mapping(self.template, "spec")

    def containers(self) -> Iterator[tuple[str, Manifest]]:
        """Give every container with its path."""
        for kind in ALL_CONTAINERS:
            for index, container in enumerate(items(self.spec, kind)):
                yield f"spec.{kind}[{index}]", container

    def put(self, holder: Manifest, path: str, key: str, value: Json, reason: Message) -> None:
        """Set a key and say so; silent where it is so already."""
        was = holder.get(key)
        if was != value or key not in holder:
            holder[key] = value
            self.said.append(Difference(f"{TEMPLATE}.{path}.{key}", was, value, reason))

    def drop(self, holder: Manifest, path: str, key: str, reason: Message) -> None:
        """Remove a key and say so; silent where there is none."""
        if key in holder:
            self.said.append(Difference(f"{TEMPLATE}.{path}.{key}", holder.pop(key), None, reason))

    def keep(self, holder: Manifest, path: str, key: str, kept: list[Json], reason: Message) -> None:
        """Shorten a list and say so; an empty one goes altogether."""
        if kept == holder.get(key, []):
            return
        if kept:
            self.put(holder, path, key, kept, reason)
        else:
            self.drop(holder, path, key, reason)

    def within(self, holder: Manifest, key: str) -> Manifest:
        """Give the map at `key`, made where there is none. Making an empty one is no difference until it is filled."""
        found = holder.get(key)
        if not isinstance(found, dict):
            found = {}
            holder[key] = found
        return found
