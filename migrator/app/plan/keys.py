"""The plan file's keys for people: what each means, what may stand there and what it is without being written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from migrator.adapters.balancers import DRIVERS, profile_of
from migrator.adapters.planfile.allowed import Node, node_at, schema, words
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Value, say
from migrator.wording.keys import meanings

_ITEMS = "[]"
_BOUNDS = "spec.live."
"""Bounds of keys that stand elsewhere, by the same last words: who asks for such a word means the key itself."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the plan file. `usual` is its default as the file would say it, None where there is none."""

    path: str
    meaning: str
    allowed: Value
    usual: str | None
    required: bool
    below: tuple[str, ...]


def explained(path: str) -> Key:
    """Return what is to be known of a key. `path` is dotted; UsageError names the keys that were probably meant."""
    name = _known(path)
    parts = _parts(name)
    node, own = node_at(parts) or {}, _property(parts)
    default = own.get("default", node.get("default"))
    parent = node_at(parts[:-1]) or {}
    inner = (node_at((*parts, 0)) or {}) if node.get("type") == "array" else node
    dot = f"{name}{_ITEMS}." if inner is not node else f"{name}."
    return Key(
        path=name,
        meaning=meanings()[name],
        allowed=words(node),
        usual=None if default in (None, "") else default if isinstance(default, str) else json.dumps(default),
        required=parts[-1] in parent.get("required", ()),
        below=tuple(f"{dot}{key}" for key in inner.get("properties", {})),
    )


def published() -> Node:
    """Return the JSON Schema with the meaning of every key, the providers, and each provider's own options."""
    whole = deepcopy(schema())
    for path, meaning in meanings().items():
        holder = _holder(whole, _parts(path))
        holder["description"] = f"{meaning} ({given})" if (given := holder.get("description")) else meaning
    balancer = whole["$defs"]["LoadBalancer"]
    balancer["properties"]["provider"]["enum"] = list(DRIVERS)
    balancer["allOf"] = [_options_of(provider) for provider in DRIVERS]
    return whole


def _options_of(provider: str) -> Node:
    profile = profile_of(provider)
    options = {key: {"type": "string", "description": meaning} for key, meaning in profile.options.items()}
    more: bool | Node = {"type": "string"} if profile.more_options else False
    of = {"properties": options, "additionalProperties": more, "description": f"see {profile.page}"}
    return {
        "if": {"properties": {"provider": {"const": provider}}},
        "then": {"properties": {"options": of}},
    }


def _known(path: str) -> str:
    """Return the key's own path: whole, without the leading `spec.`, or its last word where only one key ends so."""
    known = meanings()
    wanted = re.sub(r"\[\d+\]", _ITEMS, path.strip().strip("."))
    for name in (wanted, f"spec.{wanted}"):
        if name in known:
            return name
    ends = [name for name in known if name.split(".")[-1].lower() == wanted.lower() or name.endswith(f".{wanted}")]
    own = [name for name in ends if not name.startswith(_BOUNDS)]
    if len(own) == 1:
        return own[0]
    words = get_close_matches(wanted.split(".")[-1], [name.split(".")[-1] for name in known], 1)
    near = [name for name in known if name.split(".")[-1] in words]
    meant = ends or get_close_matches(wanted, known, 3) or near
    raise UsageError(say("planfile.no-such-key", key=path, meant=tuple(meant)))


def _parts(path: str) -> tuple[str | int, ...]:
    return tuple(_each(path))


def _each(path: str) -> Iterator[str | int]:
    for part in path.split("."):
        yield part.removesuffix(_ITEMS)
        if part.endswith(_ITEMS):
            yield 0


def _property(parts: tuple[str | int, ...]) -> Node:
    return _holder(schema(), parts)


def _holder(whole: Node, parts: tuple[str | int, ...]) -> Node:
    """Return the node in which a property is declared, so that what is said of it is said of this key alone."""
    node: Node = whole
    for part in parts:
        node = _followed(whole, node)
        node = node["items"] if part == 0 else node["properties"][part]
    return node


def _followed(whole: Mapping[str, Any], node: Node) -> Node:
    while "$ref" in node or "anyOf" in node:
        if "$ref" in node:
            node = whole["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        else:
            node = next(option for option in node["anyOf"] if option.get("type") != "null")
    return node
