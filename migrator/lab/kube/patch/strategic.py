"""Strategic merge patch of built-in kinds: keyed lists, `$patch`, `$retainKeys`, `$setElementOrder` and deletions."""

from typing import Any

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.errors import bad_request
from migrator.lab.kube.patch.listkeys import ListKeys

_ORDER = "$setElementOrder/"
_DELETE = "$deleteFromPrimitiveList/"


def merged(target: Doc, patch: Doc, keys: ListKeys) -> Doc:
    """Return `target` with the patch merged in; raises ApiError 400 for an item without its merge key."""
    directive = patch.get("$patch")
    if directive == "delete":
        return {}
    if directive == "replace":
        return merged({}, {name: part for name, part in patch.items() if name != "$patch"}, keys)
    result = dict(target)
    if isinstance(retained := patch.get("$retainKeys"), list):
        result = {name: part for name, part in result.items() if name in retained}
    for name, part in patch.items():
        if not name.startswith("$"):
            _set(result, name, part, keys)
    for name, part in patch.items():
        _direct(result, name, part, keys)
    return result


def _set(result: Doc, name: str, part: Any, keys: ListKeys) -> None:
    if part is None:
        result.pop(name, None)
    elif isinstance(part, dict):
        before = result.get(name)
        if part.get("$patch") == "delete":
            result.pop(name, None)
        else:
            result[name] = merged(before if isinstance(before, dict) else {}, part, keys)
    elif isinstance(part, list):
        before = result.get(name)
        result[name] = _list(name, before if isinstance(before, list) else [], part, keys)
    else:
        result[name] = part


def _list(name: str, before: list[Any], patch: list[Any], keys: ListKeys) -> list[Any]:
    key = keys.for_strategic(name)
    if key is not None:
        return _keyed(before, patch, key, keys)
    if keys.is_set(name):
        return [*before, *(item for item in patch if item not in before)]
    return patch


def _keyed(before: list[Doc], patch: list[Doc], key: str, keys: ListKeys) -> list[Doc]:
    replaced = any(item.get("$patch") == "replace" and len(item) == 1 for item in patch)
    result: list[Doc] = [] if replaced else list(before)
    for item in patch:
        if replaced and len(item) == 1 and "$patch" in item:
            continue
        if key not in item:
            raise bad_request(f"map: {item} does not contain declared merge key: {key}")
        position = next((at for at, own in enumerate(result) if own.get(key) == item[key]), None)
        if item.get("$patch") == "delete":
            result = [own for own in result if own.get(key) != item[key]]
        elif position is None:
            result.append(merged({}, item, keys))
        else:
            result[position] = merged(result[position], item, keys)
    return result


def _direct(result: Doc, name: str, part: Any, keys: ListKeys) -> None:
    if name.startswith(_DELETE):
        field = name.removeprefix(_DELETE)
        result[field] = [item for item in result.get(field) or [] if item not in part]
    elif name.startswith(_ORDER):
        field = name.removeprefix(_ORDER)
        if isinstance(items := result.get(field), list):
            result[field] = _ordered(items, part, keys.for_strategic(field))


def _ordered(items: list[Any], order: list[Any], key: str | None) -> list[Any]:
    """Return the items in the wished order; items that the order does not name keep their places."""
    ranks = {str(row[key] if key else row): rank for rank, row in enumerate(order)}

    def rank(item: Any) -> int | None:
        return ranks.get(str(item.get(key) if key else item))

    named = iter(sorted((item for item in items if rank(item) is not None), key=lambda item: rank(item) or 0))
    return [item if rank(item) is None else next(named) for item in items]
