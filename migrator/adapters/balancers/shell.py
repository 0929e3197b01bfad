"""Lines for a shell, quoted so that no name of a balancer or a backend is anything but a word in them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from migrator.domain.model.manifests import Json

T = TypeVar("T")


def line(*words: str) -> str:
    """Give a command line of these words."""
    return shlex.join(words)


def packed(value: Json) -> str:
    """Give JSON as one word."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def variable(name: str) -> str:
    """Give a name that a shell's variable may have."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name).upper()


def batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Give the rows in parts that one call takes."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def by_listener(rows: Iterable[tuple[str, T]]) -> Iterator[tuple[str, list[T]]]:
    """Give (listener, its rows), in their order."""
    found: dict[str, list[T]] = {}
    for listener, row in rows:
        found.setdefault(listener, []).append(row)
    yield from found.items()


def option(name: str, value: str | None) -> tuple[str, ...]:
    """Give an option with its value; nothing where there is no value."""
    return (name, value) if value else ()


def host(endpoint: str | None) -> str:
    """Give the host and port of an endpoint, "" of none: the clouds' command lines choose https themselves."""
    return urlsplit(endpoint).netloc or endpoint if endpoint else ""
