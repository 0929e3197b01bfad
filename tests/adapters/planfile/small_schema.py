"""Just enough of JSON Schema (draft 2020-12) to check an instance; a keyword it does not know is an error, not a pass."""

from __future__ import annotations

import re
from typing import Any

ANNOTATIONS = {"$schema", "$defs", "title", "description", "default", "examples"}
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None, at: str = "") -> list[str]:
    """Give what is wrong with the value, each with its place."""
    root = root or schema
    found: list[str] = []
    for keyword, given in schema.items():
        if keyword not in ANNOTATIONS:
            found += CHECKS[keyword](given, value, schema, root, at)
    return found


def _ref(given: str, value: Any, schema: Any, root: Any, at: str) -> list[str]:
    return faults(root["$defs"][given.removeprefix("#/$defs/")], value, root, at)


def _type(given: str | list[str], value: Any, schema: Any, root: Any, at: str) -> list[str]:
    kinds = [given] if isinstance(given, str) else given
    good = any(isinstance(value, TYPES[kind]) and (isinstance(value, bool) <= (kind == "boolean")) for kind in kinds)
    return [] if good else [f"{at}: {value!r} is no {given}"]


def _any_of(given: list[Any], value: Any, schema: Any, root: Any, at: str) -> list[str]:
    every = [faults(option, value, root, at) for option in given]
    return [] if any(not found for found in every) else every[0]


def _properties(given: dict[str, Any], value: Any, schema: Any, root: Any, at: str) -> list[str]:
    rows = value.items() if isinstance(value, dict) else ()
    return [fault for k, v in rows if k in given for fault in faults(given[k], v, root, f"{at}.{k}")]


def _pattern_properties(given: dict[str, Any], value: Any, schema: Any, root: Any, at: str) -> list[str]:
    rows = [(k, v, s) for k, v in value.items() for pattern, s in given.items() if re.search(pattern, k)]
    return [fault for k, v, inner in rows for fault in faults(inner, v, root, f"{at}.{k}")]


def _additional(given: Any, value: Any, schema: Any, root: Any, at: str) -> list[str]:
    known = schema.get("properties", {}).keys()
    patterns = schema.get("patternProperties", {})
    named = value if isinstance(value, dict) else ()
    rest = [k for k in named if k not in known and not any(re.search(p, k) for p in patterns)]
    if given is False:
        return [f"{at}.{k}: unknown key" for k in rest]
    return [] if given is True else [fault for k in rest for fault in faults(given, value[k], root, f"{at}.{k}")]


def _bound(good: Any) -> Any:
    def check(given: Any, value: Any, schema: Any, root: Any, at: str) -> list[str]:
        return [] if good(given, value) else [f"{at}: {value!r} is out of bounds ({given})"]

    return check


def _items(given: Any, value: Any, schema: Any, root: Any, at: str) -> list[str]:
    return [f for i, item in enumerate(value) for f in faults(given, item, root, f"{at}[{i}]")]


def _names(given: Any, value: Any, schema: Any, root: Any, at: str) -> list[str]:
    return [fault for key in value for fault in faults({"type": "string", **given}, key, root, f"{at}.{key}")]


CHECKS: dict[str, Any] = {
    "$ref": _ref,
    "type": _type,
    "anyOf": _any_of,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "items": _items,
    "propertyNames": _names,
    "enum": _bound(lambda given, value: value in given),
    "const": _bound(lambda given, value: value == given),
    "pattern": _bound(lambda given, value: not isinstance(value, str) or bool(re.search(given, value))),
    "required": _bound(lambda given, value: not isinstance(value, dict) or all(key in value for key in given)),
    "minimum": _bound(lambda given, value: value >= given),
    "maximum": _bound(lambda given, value: value <= given),
    "exclusiveMinimum": _bound(lambda given, value: value > given),
    "minLength": _bound(lambda given, value: not isinstance(value, str) or len(value) >= given),
    "maxLength": _bound(lambda given, value: not isinstance(value, str) or len(value) <= given),
    "minItems": _bound(lambda given, value: not isinstance(value, list) or len(value) >= given),
    "maxItems": _bound(lambda given, value: not isinstance(value, list) or len(value) <= given),
    "minProperties": _bound(lambda given, value: not isinstance(value, dict) or len(value) >= given),
}
