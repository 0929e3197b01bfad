"""What a plan needs to be allowed: the verbs of its route and of the way back, and the lists that its checks read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from migrator.adapters.balancers import clouds, profile_of
from migrator.adapters.cluster import connect
from migrator.adapters.planfile.source import STDIN
from migrator.app.plan.looking.listing import kinds
from migrator.app.plan.planfiles import read_either
from migrator.app.wiring import open_store
from migrator.domain.drift.recalled import lists_of
from migrator.domain.drift.standing import KUBE_SYSTEM
from migrator.domain.gateways import gateway_profiles
from migrator.domain.gateways.log_rights import of_logs
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.refs import namespaces, source_ref
from migrator.domain.model.spec import ClusterSpec, Spec
from migrator.domain.model.target import Existing
from migrator.domain.observation.world import EVERYWHERE
from migrator.domain.planning.guards import KEDA
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.rbac import Permission
from migrator.domain.ports.outside import ClusterReader

T = TypeVar("T")

ASKED_WITHIN = 3.0
"""Seconds for a call that only spares somebody a role which could not be applied."""


def spec_of(plan: str, store: str | None) -> tuple[Spec, bool, Manifest | None]:
    """Give the spec of a plan file, a saved plan or a plan's id, whether KEDA is known to scale its source, and the source as
    it was seen (None: nobody has looked)."""
    if plan == STDIN or Path(plan).is_file():
        found = read_either(plan)
        if isinstance(found, Spec):
            return found, True, None  # the rule for KEDA does no harm without KEDA
    else:
        with open_store(store) as memory:
            found = memory.plan(plan)
    scaled = any(change.ref.api_version == KEDA for change in found.changes)
    return found.spec, scaled, found.seen.source if isinstance(found.seen.source, dict) else None


def standing(spec: Spec, cluster: ClusterSpec) -> Manifest | None:
    """Give the old workload of a plan file as it stands, where that decides what is needed; None: the cluster does not say
    within seconds."""
    return source_at(spec, cluster) if isinstance(spec.target, Existing) else None


def source_at(spec: Spec, cluster: ClusterSpec) -> Manifest | None:
    """Give the old workload of a plan file as it stands; None: the cluster does not say within seconds."""
    return _asked(cluster, lambda reader: reader.get(source_ref(spec)))


def without_absent(
    needed: Iterable[Permission], cluster: ClusterSpec
) -> tuple[tuple[Permission, ...], tuple[str, ...]]:
    """Give what is needed without the namespaces that the cluster says it does not have, and those namespaces.

    A Role in a namespace that is not there cannot be applied, and reading in it finds nothing. Only namespaces besides the
    plan's own are asked for; where the cluster gives no answer within seconds, or may not say, they count as there.
    """
    needed = tuple(needed)
    others = sorted({namespace for *_, namespace in needed} - {"", cluster.namespace})
    absent = _asked(cluster, lambda reader: _absent(others, reader)) if others else None
    return tuple(need for need in needed if need[3] not in (absent or ())), absent or ()


def _absent(names: Sequence[str], reader: ClusterReader) -> tuple[str, ...]:
    return tuple(name for name in names if reader.get(ObjectRef("v1", "Namespace", "", name)) is None)


def _asked(spec: ClusterSpec, question: Callable[[ClusterReader], T | None]) -> T | None:
    """Ask the cluster within seconds; None where it gives no answer, or may not."""
    try:
        cluster = connect(spec, seconds=ASKED_WITHIN)
    except UsageError:
        return None
    try:
        return question(cluster.reader)
    except (Unreachable, Refused):
        return None
    finally:
        cluster.close()


def needs(spec: Spec, scaled: bool) -> tuple[Permission, ...]:
    """Give the permissions of the route and of the checks; `scaled` adds KEDA's."""
    spaces, gateways = namespaces(spec), gateway_profiles(spec)
    reads = [
        ("list", version, listing.kind, "" if listing.namespace == EVERYWHERE else listing.namespace)
        for listing in kinds(spaces, lists_of(spec), clouds())
        for version in listing.versions
    ]
    keda = (
        [(verb, KEDA, "ScaledObject", source_ref(spec).namespace) for verb in ("get", "patch", "delete")]
        if scaled
        else []
    )
    identity = ("get", KUBE_SYSTEM.api_version, KUBE_SYSTEM.kind, "")  # its uid tells one cluster from another
    told = [("create", "v1", "Event", space) for space in spaces] if spec.events else []
    watched = (
        "watch",
        "v1",
        "Pod",
        source_ref(spec).namespace,
    )  # without it pods are listed each time: nothing is blocked
    return (
        *permissions(spec, profile_of(spec.balancer.provider)),
        *reads,
        *(read for gateway in gateways.each for read in gateway.reads),
        identity,
        watched,
        *keda,
        *told,
        *of_logs(spec),
    )
