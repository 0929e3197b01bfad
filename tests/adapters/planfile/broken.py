"""Broken plan files, made from the lab's: each key removed, misspelt, doubled, emptied or given a value of another kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LAB = (Path(__file__).parents[3] / "plans" / "lab.yaml").read_text(encoding="utf-8")
VALUES = yaml.safe_load(LAB)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # there are hundreds of files to write
REQUIRED = {
    *("apiVersion", "kind", "metadata", "metadata.name", "spec"),
    *("spec.cluster", "spec.cluster.namespace", "spec.source", "spec.source.kind", "spec.source.name"),
    *("spec.target", "spec.target.name", "spec.gateway", "spec.gateway.kind"),
    *("spec.loadBalancer", "spec.loadBalancer.provider", "spec.loadBalancer.id", "spec.loadBalancer.listeners"),
    *("spec.loadBalancer.listeners[0].id", "spec.loadBalancer.listeners[0].port"),
    *("spec.judge.errorRate.hold", "spec.judge.errorRate.abort", "spec.judge.latency.hold", "spec.judge.latency.abort"),
    *("spec.waive[0].code", "spec.waive[0].reason"),
}
MAY_BE_EMPTY = {
    *("spec.cluster.kubeconfig", "spec.cluster.context", "spec.loadBalancer.endpoint"),
    *("spec.judge.scrape", "spec.judge.latency", "spec.traffic.rehearse", "spec.after", "spec.answers"),
}
FREE = ("spec.target.nodeSelector", "spec.target.labels", "spec.target.ports")
"""Maps whose keys are the operator's own."""

Path_ = tuple[str | int, ...]


def paths(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Give the path of every key and item."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield (*at, key)
        yield from paths(inner, (*at, key))


def dotted(path: Path_) -> str:
    """Give a path as messages write it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def at(root: Any, path: Path_) -> Any:
    """Give what stands at a path."""
    for part in path:
        root = root[part]
    return root


Change = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """A plan file that is broken in one place: what was done, where and how, and the key that the message must name."""

    done: str
    path: Path_
    change: Change
    key: str

    @property
    def text(self) -> str:
        """Give the lab's plan file with `change(parent, key)` applied to that place."""
        root = deepcopy(VALUES)
        self.change(at(root, self.path[:-1]), self.path[-1])
        return yaml.dump(root, Dumper=DUMPER, sort_keys=False)


def replaced(value: Any) -> Change:
    """Give the change that puts another value there."""

    def change(parent: Any, key: Any) -> None:
        parent[key] = value

    return change


def misspelt(parent: Any, key: Any) -> None:
    """Give the key another name."""
    parent[f"{key}x"] = parent.pop(key)


def files() -> Iterator[Broken]:
    """Give every broken file."""
    for path in paths(VALUES):
        key, value = dotted(path), at(VALUES, path)
        free = key.startswith(FREE) and key not in FREE
        if isinstance(path[-1], str) and not free:
            yield Broken(f"misspelt {key}", path, misspelt, f"{key}x")
        if key in REQUIRED:
            yield Broken(f"without {key}", path, lambda parent, last: parent.pop(last), key)
        for words, other in others(key, value, free):
            yield Broken(f"{key} is {words}", path, replaced(other), key)


def others(key: str, value: Any, free: bool) -> Iterator[tuple[str, Any]]:
    """Give values that must not stand at a key."""
    yield from (("true", True), ("a list of lists", [[1]]), ("a map", {"no": {"such": 1}}))
    if key not in MAY_BE_EMPTY:
        yield "without a value", None
    if not isinstance(value, str):
        yield "text", "so so"
    elif not free:
        yield "a number", -3.5
