"""What a plan rests on in the cluster, what stands there at one moment, and what another hand has made of it. Pure.

What one side alone has is told: an object that reaches only one side's gateways, a template, a Service or a scaler of the
old side. What reaches both sides alike is nobody's drift: both sides change together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from migrator.domain.balancers.settings import HealthCheck, Steering
from migrator.domain.drift.meaning import meaning, paths
from migrator.domain.drift.recalled import Ground
from migrator.domain.gateways.audit import Reach, Reached
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, merged, ref_of

KUBE_SYSTEM = ObjectRef("v1", "Namespace", "", "kube-system")
"""Its uid is the cluster's identity: no cluster lives without it, and no two have the same."""


@dataclass(frozen=True, slots=True)
class Rests:
    """What a plan rests on, as its own look had it; kept with the plan.

    `cluster` is the uid of `kube-system` ("": it could not be read). `one_sided` are the objects that reached one side only,
    by name and side, each with its digest; `objects` what each watched object means: the old workload, Services, scalers.
    `health` is how each listener's backends are checked (none: the driver cannot say, or an older version made the plan),
    `steering` how it chooses among them and treats connections. `second` is the new side's cluster, where it is another.
    """

    cluster: str = ""
    ground: Ground = Ground()
    one_sided: tuple[tuple[str, str], ...] = ()
    objects: tuple[tuple[ObjectRef, Json], ...] = ()
    health: tuple[HealthCheck, ...] = ()
    steering: tuple[Steering, ...] = ()
    second: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the cluster now. `cluster` and `second` None and an object that is not in `objects` were not looked at.

    `reached` are the objects that configure gateways by selecting pods, each with a digest of what it says.
    """

    cluster: str | None = None
    reached: tuple[tuple[Reached, str], ...] = ()
    objects: Mapping[ObjectRef, Manifest | None] = field(default_factory=dict)
    second: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that another hand changed: of which object, where in it, what was there and what is there now.

    `side`: it reaches this side's gateways only.
    """

    ref: ObjectRef
    path: str = ""
    was: Json = None
    now: Json = None
    side: Side | None = None


Changes: TypeAlias = Iterable[Change]


SIDES = {Reach.OLD: Side.OLD, Reach.NEW: Side.NEW}


def rests_on(
    cluster: str,
    ground: Ground,
    reached: Iterable[tuple[Reached, str]],
    watched: Iterable[Manifest],
    settings: tuple[tuple[HealthCheck, ...], tuple[Steering, ...]] = ((), ()),
) -> Rests:
    """Give what a plan rests on, of one look."""
    objects = tuple((ref_of(thing), meaning(thing)) for thing in watched)
    return Rests(cluster, ground, tuple(sorted(_one_sided(reached).items())), objects, *settings)


def moved(rests: Rests, now: Standing, ours: Changes, led: bool = False) -> tuple[Moved, ...]:
    """Give everything that others have changed. `ours` are the plan's own changes, which are nobody else's hand: as Guard
    makes them, and as what leads to the new side does once the run has `led` there."""
    found = [] if now.cluster in (None, rests.cluster) or not rests.cluster else [Moved(KUBE_SYSTEM, "metadata.uid")]
    if now.second not in (None, rests.second) and rests.second:
        found.append(Moved(KUBE_SYSTEM, "metadata.uid", side=Side.NEW))
    known = dict(rests.one_sided)
    for row, says in now.reached:
        if row.one_sided and known.get(_named(row)) != says:
            found.append(Moved(row.ref, side=SIDES[row.reach]))
    changes = tuple(ours)
    for ref, was in rests.objects:
        if ref in now.objects:
            found += _of_object(ref, was, now.objects[ref], [change for change in changes if change.ref == ref], led)
    return tuple(found)


def _of_object(ref: ObjectRef, was: Json, now: Manifest | None, ours: list[Change], led: bool) -> list[Moved]:
    """Give the first field of an object that is neither as it was nor as our own changes make it by now."""
    if now is None:
        return [Moved(ref)]
    means = meaning(now)
    allowed = [was, *_made(ref, was, [change.patch for change in ours])]
    if led:
        allowed += _made(ref, allowed[-1], [change.after for change in ours])
    if means in allowed:
        return []
    nearest = min((paths(one, means) for one in allowed), key=len)
    path, before, after = nearest[0]
    return [Moved(ref, path, before, after)]


def _made(ref: ObjectRef, was: Json, patches: Iterable[Json]) -> list[Json]:
    """Give what an object means after one of our own patches of it, and after each more."""
    made, thing = list[Json](), cast(Json, {"kind": ref.kind, **(was if isinstance(was, dict) else {})})
    for patch in (patch for patch in patches if isinstance(patch, dict)):
        thing = merged(thing, patch)
        made.append(meaning(thing) if isinstance(thing, dict) else None)
    return made


def _one_sided(reached: Iterable[tuple[Reached, str]]) -> dict[str, str]:
    return {_named(row): says for row, says in reached if row.one_sided}


def _named(row: Reached) -> str:
    return f"{row.ref.api_version.rpartition('/')[0]} {row.kind} {row.name} {SIDES[row.reach]}"
