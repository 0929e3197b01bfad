"""A fault of the schema in an operator's words: what stands there, and what may. The library's own words never get out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from migrator.adapters.planfile.allowed import keys_at, node_at, words, words_at

LONGEST = 60
_CREDENTIALS = re.compile(r"://[^/\s]*@")
"""A user and password in a URL, which the schema refuses and a message must not repeat."""


def explained(path: Sequence[Any], fault: Mapping[str, Any]) -> tuple[str, str]:
    """Give (problem, remedy) for one fault at a path as written in the file."""
    if "[key]" in fault["loc"]:
        return "this key is not allowed", "allowed: a port in quotes, from 1 to 65535"
    return _KINDS.get(str(fault["type"]), _not_allowed)(path, fault)


def _unknown_key(path: Sequence[Any], fault: Mapping[str, Any]) -> tuple[str, str]:
    allowed = keys_at(path[:-1])
    near = get_close_matches(str(path[-1]), allowed, 1, 0.7)
    hint = f"did you mean {near[0]}? " if near else ""
    return "unknown key", f"{hint}allowed: {', '.join(allowed) or 'no key at all'}"


def _missing(path: Sequence[Any], fault: Mapping[str, Any]) -> tuple[str, str]:
    return "is missing", f"allowed: {words_at(path)}"


def _rule(path: Sequence[Any], fault: Mapping[str, Any]) -> tuple[str, str]:
    """A rule of ours: of a single value it is what its description says, of a part it is a sentence of its own."""
    if (node_at(path) or {}).get("type") in ("object", "array"):
        return str(fault["ctx"]["error"]), ""
    return _not_allowed(path, fault)


def _not_allowed(path: Sequence[Any], fault: Mapping[str, Any]) -> tuple[str, str]:
    value, node = fault.get("input"), node_at(path)
    if value is None:
        return "has no value", f"allowed: {words_at(path)}"
    allowed = words(node) if node is not None else "nothing"
    hint = ""
    if node is not None and node.get("type") == "string" and isinstance(value, int | float):
        hint = "; write it in quotes" if "pattern" not in node and "enum" not in node else ""
    return f"{shown(value)} is not allowed", f"allowed: {allowed}{hint}"


def shown(value: object) -> str:
    """Give what was written, short: a scalar as in the file, a map or a list by its kind."""
    match value:
        case dict():
            return "a map" if value else "an empty map"
        case list():
            return "a list" if value else "an empty list"
        case float() if value.is_integer():
            return f"{value:.0f}"
        case str() if not value:
            return "empty text"
        case str():
            value = _CREDENTIALS.sub("://…@", value)
            return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
        case _:
            return json.dumps(value)


_KINDS: dict[str, Callable[[Sequence[Any], Mapping[str, Any]], tuple[str, str]]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "value_error": _rule,
}
