"""Kubernetes manifests in a text: several documents and lists of kubectl's. It reads, and checks nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, Manifest, items

LARGEST = 4 << 20
"""Characters of a file that are read at most."""


def objects_in(text: str, path: str) -> tuple[Manifest, ...]:
    """Give every object in a file's text. UsageError for what is no YAML."""
    try:
        return tuple(_objects(yaml.safe_load_all(text)))
    except (yaml.YAMLError, RecursionError) as error:
        raise UsageError(say("harden.no-yaml", path=path)) from error


def _objects(documents: Iterable[Json]) -> Iterator[Manifest]:
    for document in documents:
        if isinstance(document, dict):
            yield from items(document, "items") if document.get("kind") == "List" else (document,)
