"""Sets of field paths, as `managedFields` writes them (fieldsV1), and what differs between two objects.

A path is a tuple of elements: `f:name`, `k:{"name":"c"}` (item of a keyed list) or `v:"x"` (member of a set)."""

import json
from collections.abc import Iterator
from typing import Any

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.patch.listkeys import ListKeys, identity

Path = tuple[str, ...]
Paths = frozenset[Path]
_GONE: Any = object()  # Any: stands for a value that is absent
_STRUCTS = {"metadata", "spec", "template", "strategy", "containers", "status"}  # never owned by themselves
_IDENTITY = "name namespace uid creationTimestamp generation resourceVersion selfLink managedFields"
_UNOWNED = {*_IDENTITY.split(), "deletionTimestamp", "deletionGracePeriodSeconds"}


def item_element(item: Doc, keys: tuple[str, ...]) -> str:
    """Return the path element of one item of a keyed list."""
    named = dict(zip(keys, identity(item, keys), strict=True))
    present = {key: value for key, value in sorted(named.items()) if value is not None}
    return "k:" + json.dumps(present, separators=(",", ":"))


def value_element(value: Any) -> str:  # Any: a scalar
    """Return the path element of one member of a set."""
    return "v:" + json.dumps(value)


def children(field: str, value: Any, keys: ListKeys) -> dict[str, Any] | None:
    """Return the parts of `value` by path element, or None if it is owned as a whole. `field` is its name."""
    if isinstance(value, dict):
        return None if keys.is_atomic(field) else {f"f:{name}": part for name, part in value.items()}
    if not isinstance(value, list):
        return None
    if keys.is_set(field):
        return {value_element(item): item for item in value}
    named = keys.for_apply(field, value)
    return {item_element(item, named): item for item in value} if named else None


def owned_part(doc: Doc, ignored: frozenset[str]) -> Doc:
    """Return what fields can be owned of: no identity, no server-set metadata, none of the `ignored` top-level parts."""
    kept = {name: part for name, part in doc.items() if name not in ("apiVersion", "kind") and name not in ignored}
    meta = kept.get("metadata")
    if isinstance(meta, dict):
        kept["metadata"] = {name: part for name, part in meta.items() if name not in _UNOWNED}
        if not kept["metadata"]:
            del kept["metadata"]
    return kept


def members(doc: Doc, keys: ListKeys) -> Paths:
    """Return the paths that an apply of `doc` owns: leaves, items of lists, empty objects."""
    paths: set[Path] = set()
    _collect("", doc, (), keys, paths, apply=True)
    return frozenset(paths)


def differences(old: Doc, new: Doc, keys: ListKeys) -> tuple[Paths, Paths]:
    """Return the paths that `new` adds or changes, and those that it lacks."""
    changed: set[Path] = set()
    removed: set[Path] = set()
    _compare("", (old, new), (), keys, (changed, removed))
    return frozenset(changed), frozenset(removed)


def _collect(field: str, value: Any, path: Path, keys: ListKeys, paths: set[Path], apply: bool) -> None:
    parts = children(field, value, keys)
    item = bool(path) and not path[-1].startswith("f:")
    if path and (not parts or item or not (apply or field in _STRUCTS)):
        paths.add(path)
    for element, part in (parts or {}).items():
        _collect(_name(element, field), part, (*path, element), keys, paths, apply)


def _compare(
    field: str, pair: tuple[Any, Any], path: Path, keys: ListKeys, changes: tuple[set[Path], set[Path]]
) -> None:
    old, new = pair
    if old is _GONE or new is _GONE:
        value, into = (new, changes[0]) if old is _GONE else (old, changes[1])
        _collect(field, value, path, keys, into, apply=False)
        return
    if old == new:
        return
    before, after = children(field, old, keys), children(field, new, keys)
    if before is None or after is None:
        changes[0].add(path)
        return
    for element in {**before, **after}:
        parts = (before.get(element, _GONE), after.get(element, _GONE))
        _compare(_name(element, field), parts, (*path, element), keys, changes)


def _name(element: str, field: str) -> str:
    return element[2:] if element.startswith("f:") else ""


def as_fields(paths: Paths) -> Doc:
    """Return the fieldsV1 object of a set of paths."""
    root: Doc = {}
    for path in sorted(paths):
        node = root
        for element in path:
            node = node.setdefault(element, {})
        node["."] = {}
    return _slim(root)


def paths_of(fields: Doc, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of a fieldsV1 object."""
    for element, parts in fields.items():
        if element == ".":
            yield path
        elif isinstance(parts, dict) and parts:
            yield from paths_of(parts, (*path, element))
        else:
            yield (*path, element)


def _slim(node: Doc) -> Doc:
    if node.keys() == {"."}:
        return {}
    return {name: _slim(part) if name != "." else {} for name, part in node.items()}


def shown(path: Path) -> str:
    """Return a path as conflict messages print it: `.spec.containers[name="c"].image`."""
    return "".join(_shown(element) for element in path)


def _shown(element: str) -> str:
    mark, text = element[:2], element[2:]
    if mark == "f:":
        return f".{text}"
    if mark == "v:":
        return f"[={text}]"
    return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in json.loads(text).items()) + "]"
