"""Server-side apply: merging an applied configuration, pruning what its manager gave up, and naming conflicts."""

import json
from collections.abc import Callable
from typing import Any

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.errors import ApiError
from migrator.lab.kube.patch.fieldset import Path, Paths, differences, item_element, members, owned_part, shown
from migrator.lab.kube.patch.listkeys import ListKeys, identity
from migrator.lab.kube.patch.owners import FieldManager, Owner, Owners, granted, owned_by, owned_by_others


def wanted(applied: Doc, ignored: frozenset[str]) -> Doc:
    """Return the part of an applied configuration that ownership speaks of, nulls left out."""
    cleaned: Doc = _without_nulls(owned_part(applied, ignored))
    return cleaned


def merged(live: Doc, applied: Doc, owners: Owners, manager: FieldManager, keys: ListKeys) -> Doc:
    """Return the live object with `applied` merged in and without what only `manager` owned and no longer applies."""
    now = members(applied, keys)
    others = owned_by_others(owners, manager)
    result: Doc = _merge("", live, applied, keys)
    gone = owned_by(owners, manager) - now - others
    kept = others | now
    for path in sorted(gone, key=len):  # an item goes before its key does, or it could not be found
        if not _names_item(path) and not any(other[: len(path)] == path for other in kept):
            _remove(result, path, keys)
    return result


def _names_item(path: Path) -> bool:
    """Return whether a path is the key field of an item, without which the item would be another."""
    parent = path[-2] if len(path) > 1 else ""
    return parent.startswith("k:") and path[-1][2:] in json.loads(parent[2:])


def settled(
    owners: Owners, manager: FieldManager, pair: tuple[Doc, Doc], applied: Doc, keys: ListKeys, force: bool, at: str
) -> Owners:
    """Return the ownership after an apply turned the first of `pair` into the second.

    Raises ApiError 409 where another manager owns a field that this apply changes, unless `force`."""
    changed, removed = differences(*pair, keys)
    now = members(applied, keys)
    if not force:
        _refuse_conflicts(owners, manager, changed & now)
    return granted(owners, manager, now, changed | removed, at)


def _refuse_conflicts(owners: Owners, manager: FieldManager, changed: Paths) -> None:
    conflicts = [
        (owner, path) for owner in owners if owner.manager != manager for path in sorted(owner.paths & changed)
    ]
    if not conflicts:
        return
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {_named(owner)}", "field": shown(path)}
        for owner, path in conflicts
    ]
    raise ApiError(409, "Conflict", _message(conflicts), {"causes": causes})


def _message(conflicts: list[tuple[Owner, Path]]) -> str:
    if len(conflicts) == 1:
        owner, path = conflicts[0]
        return f"Apply failed with 1 conflict: conflict with {_named(owner)}: {shown(path)}"
    paths: dict[str, list[str]] = {}
    for owner, path in conflicts:
        paths.setdefault(_named(owner), []).append(f"- {shown(path)}")
    parts = [f"conflicts with {name}:\n" + "\n".join(rows) for name, rows in sorted(paths.items())]
    return f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(parts)


def _named(owner: Owner) -> str:
    manager = owner.manager
    text = f'"{manager.name}"' + (f' with subresource "{manager.subresource}"' if manager.subresource else "")
    if manager.operation == "Update":
        text += f" using {manager.api_version} at {owner.entry['time']}"
    return text


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value


def _merge(field: str, live: Any, applied: Any, keys: ListKeys) -> Any:
    if isinstance(live, dict) and isinstance(applied, dict) and not keys.is_atomic(field):
        return {**live, **{name: _merge(name, live.get(name), part, keys) for name, part in applied.items()}}
    if isinstance(live, list) and isinstance(applied, list):
        if keys.is_set(field):
            return [*live, *(item for item in applied if item not in live)]
        named = keys.for_apply(field, [*live, *applied])
        if named:
            return _merge_items(live, applied, named, keys)
    return applied


def _merge_items(live: list[Doc], applied: list[Doc], named: tuple[str, ...], keys: ListKeys) -> list[Doc]:
    patches = {identity(item, named): item for item in applied}
    kept = [_merge("", item, patches.pop(identity(item, named), {}), keys) for item in live]
    return [*kept, *patches.values()]


def _remove(doc: Doc, path: Path, keys: ListKeys) -> None:
    """Delete the value at `path`; objects and lists that become empty by it go too."""
    trail: list[Callable[[], None]] = []
    node: Any = doc
    field = ""
    for element in path:
        step = _step(node, field, element, keys)
        if step is None:
            return
        position, part = step
        trail.append(_deletion(node, position))
        node, field = part, element[2:] if element.startswith("f:") else ""
    containers = _containers(doc, path, keys)
    for delete, container in zip(reversed(trail), reversed(containers), strict=True):
        delete()
        if container or container is doc:
            return


def _containers(doc: Doc, path: Path, keys: ListKeys) -> list[Any]:
    containers: list[Any] = [doc]
    field = ""
    for element in path[:-1]:
        step = _step(containers[-1], field, element, keys)
        assert step is not None
        containers.append(step[1])
        field = element[2:] if element.startswith("f:") else ""
    return containers


def _deletion(container: Any, position: Any) -> Callable[[], None]:
    return lambda: container.__delitem__(position)


def _step(node: Any, field: str, element: str, keys: ListKeys) -> tuple[Any, Any] | None:
    """Return where in `node` the element is and what is there."""
    if element.startswith("f:"):
        name = element[2:]
        return (name, node[name]) if isinstance(node, dict) and name in node else None
    if not isinstance(node, list):
        return None
    named = keys.for_apply(field, node) or ()
    for position, item in enumerate(node):
        own = item_element(item, named) if element.startswith("k:") and named else None
        if own == element or element == f"v:{_json(item)}":
            return position, item
    return None


def _json(item: Any) -> str:
    return json.dumps(item) if isinstance(item, str | int | float | bool) else ""
