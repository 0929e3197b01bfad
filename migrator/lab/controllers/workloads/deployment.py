"""Deployments: one ReplicaSet per template, rolled over within the bounds. Touches pods only through ReplicaSets."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.lab.controllers.api.objects import (
    age_key,
    annotations_of,
    controller_of,
    is_deleting,
    is_finished,
    name_of,
    namespace_of,
    owner_reference,
    safe_hash,
    uid_of,
    without_empty,
)
from migrator.lab.controllers.api.resources import DEPLOYMENTS, PODS, REPLICA_SETS, Json
from migrator.lab.controllers.api.writes import (
    Create,
    Delete,
    Mood,
    Patch,
    RecordEvent,
    Sync,
    World,
    Write,
    merged,
    status_patch,
)
from migrator.lab.controllers.workloads.claims import claim
from migrator.lab.controllers.workloads.deployment_status import deadline_in, status_of
from migrator.lab.controllers.workloads.replicaset import wanted_replicas
from migrator.lab.controllers.workloads.rollout import available, bounds, new_size, old_sizes, shared_out

WATCHES = (DEPLOYMENTS, REPLICA_SETS, PODS)
HASH_LABEL = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
_DESIRED = "deployment.kubernetes.io/desired-replicas"
_MAX = "deployment.kubernetes.io/max-replicas"
_BY = "deployment-controller"
_DEFAULT_HISTORY = 10


def sync(world: World) -> Sync:
    """Decide for every Deployment."""
    return merged(*(_sync_one(item, world) for item in world.all(DEPLOYMENTS)))


def _sync_one(deployment: Json, world: World) -> Sync:
    claimed = claim(deployment, REPLICA_SETS, world.all(REPLICA_SETS))
    sets = sorted(claimed.owned, key=age_key)
    new = find_new(deployment, sets)
    old = [item for item in sets if item is not new]
    writes: list[Write] = list(claimed.writes)
    if not is_deleting(deployment) and not writes:
        writes += _steer(deployment, new, old, world)
    status = status_of(deployment, new, old, world.now)
    writes += status_patch(DEPLOYMENTS, deployment, status)
    return Sync(tuple(writes), deadline_in(deployment, world.now))


def find_new(deployment: Json, sets: Sequence[Json]) -> Json | None:
    """Return the oldest ReplicaSet whose template equals the Deployment's, the hash label aside."""
    wanted = without_empty(deployment["spec"]["template"])
    return next((item for item in sets if without_empty(_unhashed(item["spec"]["template"])) == wanted), None)


def _unhashed(template: Json) -> Json:
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH_LABEL}
    return template | {"metadata": metadata | {"labels": labels}}


def _steer(deployment: Json, new: Json | None, old: Sequence[Json], world: World) -> list[Write]:
    sets = [*old, *([new] if new else [])]
    if deployment["spec"].get("paused") or _was_scaled(deployment, sets):
        return _scale_all(deployment, new, old)
    if (deployment["spec"].get("strategy") or {}).get("type") == "Recreate":
        writes = _recreate(deployment, new, old, world)
    else:
        writes = _roll(deployment, new, old)
    return [*writes, *_revise(deployment, new, old), *_forget(deployment, old)]


def _was_scaled(deployment: Json, sets: Sequence[Json]) -> bool:
    want = str(wanted_replicas(deployment))
    return any(annotations_of(item).get(_DESIRED, want) != want for item in sets if wanted_replicas(item))


def _scale_all(deployment: Json, new: Json | None, old: Sequence[Json]) -> list[Write]:
    sets = [*old, *([new] if new else [])]
    active = [item for item in sets if wanted_replicas(item)]
    if len(active) <= 1:
        only = active[0] if active else new
        return _resize(deployment, only, wanted_replicas(deployment)) if only else []
    if new is not None and available(new) == wanted_replicas(new) == wanted_replicas(deployment):
        return [write for item in old for write in _resize(deployment, item, 0)]
    sizes = shared_out(deployment, sets)
    return [write for item in active for write in _resize(deployment, item, sizes[uid_of(item)])]


def _roll(deployment: Json, new: Json | None, old: Sequence[Json]) -> list[Write]:
    """One movement at a time: first the new set grows, then, seen to be so, the old ones shrink."""
    want = wanted_replicas(deployment)
    if new is None:
        return _begin(deployment, new_size(deployment, None, old), old)
    size = want if wanted_replicas(new) > want else new_size(deployment, new, old)
    if size != wanted_replicas(new):
        return _resize(deployment, new, size)
    sizes = old_sizes(deployment, new, old)
    return [write for item in old if uid_of(item) in sizes for write in _resize(deployment, item, sizes[uid_of(item)])]


def _recreate(deployment: Json, new: Json | None, old: Sequence[Json], world: World) -> list[Write]:
    busy = [item for item in old if wanted_replicas(item)]
    if busy:
        return [write for item in busy for write in _resize(deployment, item, 0)]
    if _still_there(old, world):
        return []
    if new is None:
        return _begin(deployment, wanted_replicas(deployment), old)
    return _resize(deployment, new, wanted_replicas(deployment))


def _still_there(old: Sequence[Json], world: World) -> bool:
    """Return whether any old pod, a terminating one included, has not ended: Recreate waits for all of them."""
    uids = {uid_of(item) for item in old}
    return any(not is_finished(pod) and (controller_of(pod) or {}).get("uid") in uids for pod in world.all(PODS))


def _marks(deployment: Json) -> dict[str, str]:
    want = wanted_replicas(deployment)
    return {_DESIRED: str(want), _MAX: str(want + bounds(deployment).surge if want else 0)}


def _resize(deployment: Json, item: Json, size: int) -> list[Write]:
    have, marks = wanted_replicas(item), _marks(deployment)
    marked = all(annotations_of(item).get(key) == value for key, value in marks.items())
    if have == size and marked:
        return []
    body: Json = {"metadata": {"uid": uid_of(item), "annotations": marks}}
    if have == size:
        return [Patch(REPLICA_SETS, item, body)]
    return [
        Patch(REPLICA_SETS, item, body | {"spec": {"replicas": size}}),
        _told(deployment, name_of(item), have, size),
    ]


def _told(deployment: Json, name: str, have: int, size: int) -> RecordEvent:
    way = "up" if size > have else "down"
    text = f"Scaled {way} replica set {name} from {have} to {size}"
    return RecordEvent(deployment, Mood.NORMAL, "ScalingReplicaSet", text, _BY)


def _begin(deployment: Json, size: int, old: Sequence[Json]) -> list[Write]:
    created = _new_set(deployment, size, old)
    return [created, _told(deployment, name_of(created.body), 0, size)] if size else [created]


def _new_set(deployment: Json, size: int, old: Sequence[Json]) -> Create:
    template, spec = deployment["spec"]["template"], deployment["spec"]
    digest = safe_hash(without_empty(template))
    labels = ((template.get("metadata") or {}).get("labels") or {}) | {HASH_LABEL: digest}
    matched = (spec["selector"].get("matchLabels") or {}) | {HASH_LABEL: digest}
    metadata = {
        "name": f"{name_of(deployment)}-{digest}",
        "namespace": namespace_of(deployment),
        "labels": labels,
        "annotations": _inherited(deployment) | _marks(deployment) | {REVISION: str(_last_revision(old) + 1)},
        "ownerReferences": [owner_reference(deployment)],
    }
    body: Json = {
        "replicas": size,
        "selector": spec["selector"] | {"matchLabels": matched},
        "template": template | {"metadata": (template.get("metadata") or {}) | {"labels": labels}},
    }
    if spec.get("minReadySeconds"):
        body["minReadySeconds"] = spec["minReadySeconds"]
    return Create(REPLICA_SETS, {"metadata": metadata, "spec": body})


def _inherited(deployment: Json) -> dict[str, str]:
    own = ("kubectl.kubernetes.io/last-applied-configuration", REVISION, _DESIRED, _MAX)
    return {key: value for key, value in annotations_of(deployment).items() if key not in own}


def _revision(item: Json) -> int:
    return int(annotations_of(item).get(REVISION) or 0)


def _last_revision(old: Sequence[Json]) -> int:
    return max(map(_revision, old), default=0)


def _revise(deployment: Json, new: Json | None, old: Sequence[Json]) -> list[Write]:
    """Number the current ReplicaSet above all others, and show that number on the Deployment."""
    if new is None:
        return []
    writes = _waiting(deployment, new)
    revision = max(_revision(new), _last_revision(old) + 1)
    if _revision(new) != revision:
        writes.append(Patch(REPLICA_SETS, new, _annotated(new, revision)))
    if _revision(deployment) != revision:
        # Through /status the annotation does not count as a new generation.
        writes.append(Patch(DEPLOYMENTS, deployment, _annotated(deployment, revision), subresource="status"))
    return writes


def _waiting(deployment: Json, new: Json) -> list[Write]:
    """Give the current ReplicaSet the Deployment's minReadySeconds; the others keep what they have."""
    seconds = deployment["spec"].get("minReadySeconds") or 0
    if (new["spec"].get("minReadySeconds") or 0) == seconds:
        return []
    return [Patch(REPLICA_SETS, new, {"metadata": {"uid": uid_of(new)}, "spec": {"minReadySeconds": seconds}})]


def _annotated(item: Json, revision: int) -> Json:
    return {"metadata": {"uid": uid_of(item), "annotations": {REVISION: str(revision)}}}


def _forget(deployment: Json, old: Sequence[Json]) -> list[Write]:
    limit = deployment["spec"].get("revisionHistoryLimit")
    keep = _DEFAULT_HISTORY if limit is None else int(limit)
    done = [item for item in old if _is_empty(item)]
    surplus = max(0, len(done) - keep)
    return [Delete(REPLICA_SETS, item) for item in sorted(done, key=_revision)[:surplus]]


def _is_empty(item: Json) -> bool:
    replicas = (item.get("status") or {}).get("replicas") or 0
    return not wanted_replicas(item) and not replicas and not is_deleting(item)
