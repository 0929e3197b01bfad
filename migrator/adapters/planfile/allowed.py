"""What the plan file may hold at a path, in words, taken from the published JSON Schema: messages and schema cannot differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from migrator.adapters.planfile.schema import PlanFile
from migrator.domain.messages.message import Message, Value, say

# A JSON Schema node is a mapping of any JSON values.
Node = dict[str, Any]
ANYTHING: Node = {}


@cache
def schema() -> Node:
    """Give the JSON Schema of a plan file (draft 2020-12), as it is published."""
    generated = PlanFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated, "title": "migrator plan file"}


def node_at(path: Sequence[Any]) -> Node | None:
    """Give the schema of what may stand at a path, None where nothing may."""
    node: Node | None = schema()
    for part in path:
        if node is None:
            return None
        node = _below(_resolved(node), part)
    return None if node is None else _resolved(node)


def keys_at(path: Sequence[Any]) -> list[str]:
    """Give the keys that the map at a path may have; none where it is no map of known keys."""
    node = node_at(path)
    return list(node.get("properties", {})) if node else []


def words_at(path: Sequence[Any]) -> Value:
    """Return what may stand at a path; "" where nothing may."""
    node = node_at(path)
    return words(node) if node is not None else ""


def words(node: Node) -> Value:
    """Return what a schema allows: a message, or the schema's own description."""
    node = _resolved(node)
    if isinstance(kinds := node.get("type"), list):
        return say("allowed.either", each=tuple(words({**node, "type": kind}) for kind in kinds))
    if "enum" in node or "const" in node:
        return say("allowed.one-of", values=tuple(str(each) or '""' for each in node.get("enum", [node.get("const")])))
    if node.get("type") == "boolean":
        return say("allowed.one-of", values=("true", "false"))
    if "description" in node and node.get("type") not in ("object", "array"):
        return say("allowed.described", what=str(node["description"]))
    by_kind = {"object": _map, "array": _list, "integer": _number, "number": _number, "string": _text}
    return by_kind[node["type"]](node) if node.get("type") in by_kind else say("allowed.anything")


def _map(node: Node) -> Message:
    if "properties" in node:
        return say("allowed.map-of-keys", keys=tuple(node["properties"]))
    inner = _values(node)
    return say("allowed.map", least=node.get("minProperties") or None, each=words(inner) if inner else None)


def _values(node: Node) -> Node | None:
    """Give the schema of the values of a map whose keys are the operator's own, None where anything goes."""
    by_pattern = node.get("patternProperties")
    values = next(iter(by_pattern.values())) if by_pattern else node.get("additionalProperties")
    return values if isinstance(values, dict) and values else None


def _list(node: Node) -> Message:
    least, most = node.get("minItems") or None, node.get("maxItems") or None
    return say("allowed.list", least=least, most=most, each=words(node.get("items", ANYTHING)))


def _number(node: Node) -> Message:
    above, least, most = (node.get(key) for key in ("exclusiveMinimum", "minimum", "maximum"))
    if node["type"] == "integer":
        return say("allowed.whole-number", above=above, least=least, most=most)
    return say("allowed.number", above=above, least=least, most=most)


def _text(node: Node) -> Message:
    return say("allowed.text-not-empty") if node.get("minLength") else say("allowed.text")


def _resolved(node: Node) -> Node:
    """Follow references; of an alternative with null (an optional part) take the other."""
    for _ in range(5):
        if "$ref" in node:
            node = schema()["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in node:
            node = next((option for option in node["anyOf"] if option.get("type") != "null"), ANYTHING)
        else:
            return node
    return node


def _below(node: Node, part: Any) -> Node | None:
    if isinstance(part, int):
        inner = node.get("items")
        return inner if isinstance(inner, dict) else None
    known: Node | None = node.get("properties", {}).get(part)
    return known or _values(node)
