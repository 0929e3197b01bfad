"""JSON patch (RFC 6902)."""

import copy
from typing import Any

from migrator.lab.kube.api.errors import ApiError, bad_request


def patched(target: Any, operations: Any) -> Any:  # Any: JSON
    """Return `target` after the operations; raises ApiError 400 for a malformed patch, 422 for one that does not apply."""
    if not isinstance(operations, list) or not all(isinstance(row, dict) for row in operations):
        raise bad_request("json: cannot unmarshal object into Go value of type jsonpatch.Patch")
    box = {"": target}
    for row in operations:
        try:
            _apply(box, row)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            text = "the server rejected our request due to an error in our request"
            raise ApiError(422, "Invalid", text) from error
    return box[""]


def _apply(box: dict[str, Any], row: dict[str, Any]) -> None:
    word, path = row["op"], row["path"]
    if word == "remove":
        _take(box, path)
    elif word == "add":
        _add(box, path, row["value"])
    elif word == "replace":
        _replace(box, path, row["value"])
    elif word == "test":
        if _read(box, path) != row["value"]:
            raise ValueError(path)
    elif word == "move":
        _add(box, path, _take(box, row["from"]))
    elif word == "copy":
        _add(box, path, copy.deepcopy(_read(box, row["from"])))
    else:
        raise bad_request(f"Unexpected kind: {word}")


def _parent(box: dict[str, Any], path: str) -> tuple[Any, str]:
    names = [name.replace("~1", "/").replace("~0", "~") for name in path.split("/")]
    if names[0]:
        raise ValueError(path)
    node: Any = box
    for name in names[:-1]:
        node = node[_position(node, name)]
    return node, names[-1]


def _position(node: Any, name: str) -> Any:
    if not isinstance(node, list):
        return name
    if not name.isdecimal():
        raise ValueError(name)
    return int(name)


def _read(box: dict[str, Any], path: str) -> Any:
    node, name = _parent(box, path)
    return node[_position(node, name)]


def _take(box: dict[str, Any], path: str) -> Any:
    node, name = _parent(box, path)
    return node.pop(_position(node, name))


def _replace(box: dict[str, Any], path: str, value: Any) -> None:
    node, name = _parent(box, path)
    position = _position(node, name)
    _ = node[position]
    node[position] = value


def _add(box: dict[str, Any], path: str, value: Any) -> None:
    node, name = _parent(box, path)
    if isinstance(node, list):
        position = len(node) if name == "-" else _position(node, name)
        if position > len(node):
            raise IndexError(position)
        node.insert(position, value)
    else:
        node[name] = value
