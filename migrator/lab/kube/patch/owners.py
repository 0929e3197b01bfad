"""Field ownership: who set which fields of an object, by which kind of write. It decides no conflicts."""

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.lab.kube.api.documents import Doc, within
from migrator.lab.kube.patch.fieldset import Paths, as_fields, differences, owned_part, paths_of
from migrator.lab.kube.patch.listkeys import ListKeys

_NONE: Paths = frozenset()


@dataclass(frozen=True, slots=True)
class FieldManager:
    """A writer as ownership tells writers apart."""

    name: str
    operation: str  # Apply, Update
    api_version: str
    subresource: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """What one manager owns of one object; `entry` is its managedFields entry."""

    manager: FieldManager
    paths: Paths
    entry: Doc


Owners = tuple[Owner, ...]


def owner(manager: FieldManager, paths: Paths, at: str) -> Owner:
    """Return an ownership with its managedFields entry."""
    entry: Doc = {
        "manager": manager.name,
        "operation": manager.operation,
        "apiVersion": manager.api_version,
        "time": at,
    }
    entry |= {"fieldsType": "FieldsV1", "fieldsV1": as_fields(paths)}
    if manager.subresource:
        entry["subresource"] = manager.subresource
    return Owner(manager, paths, entry)


def owned_by(owners: Owners, manager: FieldManager) -> Paths:
    """Return the paths that `manager` owns."""
    return next((known.paths for known in owners if known.manager == manager), _NONE)


def owned_by_others(owners: Owners, manager: FieldManager) -> Paths:
    """Return the paths that anybody but `manager` owns."""
    return _NONE.union(*(known.paths for known in owners if known.manager != manager))


def granted(owners: Owners, manager: FieldManager, paths: Paths, lost: Paths, at: str) -> Owners:
    """Return the ownership after `manager` came to own exactly `paths`, and every other manager lost `lost`."""
    kept = [_with(one, paths, at) if one.manager == manager else _with(one, one.paths - lost, at) for one in owners]
    if not any(one.manager == manager for one in owners):
        kept.append(owner(manager, paths, at))
    return tuple(one for one in kept if one.paths)


def after_update(
    owners: Owners, manager: FieldManager, pair: tuple[Doc, Doc], keys: ListKeys, ignored: frozenset[str], at: str
) -> Owners:
    """Return the ownership after `manager` turned the first object of `pair` into the second by a write other than apply."""
    changed, removed = differences(owned_part(pair[0], ignored), owned_part(pair[1], ignored), keys)
    if not changed and not removed:
        return owners
    mine = (owned_by(owners, manager) - removed) | changed
    return granted(owners, manager, mine, changed | removed, at)


def entries(owners: Iterable[Owner]) -> list[Doc]:
    """Return the value of metadata.managedFields."""
    return [one.entry for one in owners]


def read(entries: list[Doc]) -> Owners:
    """Return the ownership that a client wrote into managedFields, which it may."""
    owners = []
    for entry in entries:
        words = [str(entry.get(name, "")) for name in ("manager", "operation", "apiVersion", "subresource")]
        paths = frozenset(paths_of(within(entry, "fieldsV1")))
        owners.append(owner(FieldManager(*words), paths, str(entry.get("time", ""))))
    return tuple(one for one in owners if one.paths)


def _with(before: Owner, paths: Paths, at: str) -> Owner:
    return before if paths == before.paths else owner(before.manager, paths, at)
