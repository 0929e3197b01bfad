"""Kubernetes documents as plain JSON values, and the times written in them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]  # API objects are open documents: their schema is the API server's


def at(document: Mapping[str, Any] | None, *path: str) -> Any:
    """Return the value at `path`, None where a part of the way is absent."""
    value: Any = document
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def stamp(moment: datetime | None = None, *, micro: bool = False) -> str:
    """Return a moment, by default now, as metav1.Time (or MicroTime) writes it."""
    moment = moment or datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


def key_of(pod: Json) -> tuple[str, str]:
    """Return namespace and name."""
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
