"""Strategic merge patch, as kubectl applies it to a workload: lists of named things are merged by their key.

Sources: the `patchMergeKey` and `patchStrategy` markers of k8s.io/api (apps/v1, core/v1) and the directives `$patch`,
`$retainKeys` and `$deleteFromPrimitiveList`. `$setElementOrder` is only an order and is ignored.
"""

from __future__ import annotations

from migrator.domain.model.manifests import Json, Manifest

KEYS = {
    "containers": "name",
    "initContainers": "name",
    "ephemeralContainers": "name",
    "volumes": "name",
    "env": "name",
    "imagePullSecrets": "name",
    "ports": "containerPort",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
    "resourceClaims": "name",
    "ownerReferences": "uid",
}
"""Every other list is atomic: the patch's list takes its place (tolerations, args, sysctls, capabilities.add ...)."""

SETS = frozenset({"finalizers"})
_DELETE = "$deleteFromPrimitiveList/"


def patched(into: Manifest, patch: Manifest) -> Manifest:
    """Give `into` with the patch merged in; neither is changed. Null removes; an item without its key is appended."""
    if patch.get("$patch") == "replace":
        into, patch = {}, {key: value for key, value in patch.items() if key != "$patch"}
    kept = patch.get("$retainKeys")
    made = {key: value for key, value in into.items() if not isinstance(kept, list) or key in kept}
    for key, value in patch.items():
        if not key.startswith("$"):
            _set(made, key, value)
    for key, value in patch.items():
        if key.startswith(_DELETE):
            _without(made, key.removeprefix(_DELETE), value)
    return made


def _without(made: Manifest, key: str, unwanted: Json) -> None:
    present = made.get(key)
    if isinstance(present, list) and isinstance(unwanted, list):
        made[key] = [item for item in present if item not in unwanted]


def _set(made: Manifest, key: str, value: Json) -> None:
    before = made.get(key)
    if value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
        made.pop(key, None)
    elif isinstance(value, dict):
        made[key] = patched(before if isinstance(before, dict) else {}, value)
    elif isinstance(value, list):
        made[key] = _list(key, before if isinstance(before, list) else [], value)
    else:
        made[key] = value


def _list(key: str, before: list[Json], wanted: list[Json]) -> list[Json]:
    if key in KEYS:
        return _keyed(before, wanted, KEYS[key])
    if key in SETS:
        return [*before, *(item for item in wanted if item not in before)]
    return list(wanted)


def _keyed(before: list[Json], wanted: list[Json], key: str) -> list[Json]:
    replaces = any(isinstance(item, dict) and item.get("$patch") == "replace" and key not in item for item in wanted)
    made: list[Json] = [] if replaces else list(before)
    for item in wanted:
        if not isinstance(item, dict):
            made.append(item)
        elif key in item or "$patch" not in item:
            _merge_item(made, item, key)
    return made


def _merge_item(made: list[Json], item: Manifest, key: str) -> None:
    place = next((at for at, own in enumerate(made) if _same(own, item, key)), None)
    own = made[place] if place is not None else None
    if item.get("$patch") == "delete":
        if place is not None:
            made.pop(place)
    elif place is not None and isinstance(own, dict):
        made[place] = patched(own, item)
    else:
        made.append(patched({}, item))


def _same(own: Json, item: Manifest, key: str) -> bool:
    return isinstance(own, dict) and key in item and own.get(key) == item[key]
