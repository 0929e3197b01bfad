"""A fault of the schema as messages: what stands there, and what may. The library's own words never get out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeAlias

from migrator.adapters.planfile.allowed import keys_at, node_at, words, words_at
from migrator.adapters.planfile.rules import RuleBroken
from migrator.domain.messages.message import Message, Value, say, verbatim

Fault: TypeAlias = "tuple[Message, Message | None]"
LONGEST = 60
_CREDENTIALS = re.compile(r"://[^/\s]*@")
"""A user and password in a URL, which the schema refuses and a message must not repeat."""


def explained(path: Sequence[Any], fault: Mapping[str, Any]) -> Fault:
    """Return the fault at a path as written in the file, and what is allowed there."""
    if "[key]" in fault["loc"]:
        return say("fault.key-not-allowed"), say("allowed.port-in-quotes")
    return _KINDS.get(str(fault["type"]), _not_allowed)(path, fault)


def _unknown_key(path: Sequence[Any], fault: Mapping[str, Any]) -> Fault:
    allowed = keys_at(path[:-1])
    near = get_close_matches(str(path[-1]), allowed, 1, 0.7)
    meant = say("allowed.did-you-mean", key=near[0]) if near else None
    return say("fault.unknown-key"), say("allowed.keys", meant=meant, keys=tuple(allowed) or say("allowed.no-key"))


def _missing(path: Sequence[Any], fault: Mapping[str, Any]) -> Fault:
    return say("fault.missing"), _allowed(words_at(path))


def _rule(path: Sequence[Any], fault: Mapping[str, Any]) -> Fault:
    """A rule of ours: of a single value it is what its description says, of a part it is a sentence of its own."""
    if (node_at(path) or {}).get("type") in ("object", "array", ["boolean", "object"]):
        error = fault["ctx"]["error"]
        return error.message if isinstance(error, RuleBroken) else verbatim(str(error)), None
    return _not_allowed(path, fault)


def _not_allowed(path: Sequence[Any], fault: Mapping[str, Any]) -> Fault:
    value, node = fault.get("input"), node_at(path)
    if value is None:
        return say("fault.no-value"), _allowed(words_at(path))
    problem = say("fault.not-allowed", given=shown(value))
    if node is None:
        return problem, say("allowed.nothing")
    if node.get("type") == "string" and isinstance(value, int | float) and not node.keys() & {"pattern", "enum"}:
        return problem, say("allowed.in-quotes", what=words(node))
    if isinstance(value, str) and _unquoted(value, str(node.get("type"))):
        return say("fault.not-allowed", given=json.dumps(value)), say("allowed.without-quotes", what=words(node))
    return problem, _allowed(words(node))


def _unquoted(text: str, kind: str) -> bool:
    """Say whether a text would be a number or a flag if it stood there without its quotes."""
    numbers = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false"}
    return kind in numbers and re.fullmatch(numbers[kind], text) is not None


def _allowed(what: Value) -> Message:
    return say("allowed", what=what)


def shown(value: object) -> Value:
    """Return what was written, short: a scalar as in the file, a map or a list by its kind."""
    match value:
        case dict():
            return say("given.map") if value else say("given.empty-map")
        case list():
            return say("given.list") if value else say("given.empty-list")
        case float() if value.is_integer():
            return f"{value:.0f}"
        case str() if not value:
            return say("given.empty-text")
        case str():
            value = _CREDENTIALS.sub("://…@", value)
            return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
        case _:
            return json.dumps(value)


_KINDS: dict[str, Callable[[Sequence[Any], Mapping[str, Any]], Fault]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "value_error": _rule,
}
