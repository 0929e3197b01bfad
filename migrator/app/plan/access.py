"""What a plan needs to be allowed: the verbs of its route and of the way back, and the lists that its checks read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from migrator.adapters.balancers import clouds, profile_of
from migrator.adapters.cluster import connect
from migrator.adapters.planfile.source import STDIN
from migrator.app.plan.looking.listing import kinds
from migrator.app.plan.planfiles import read_either
from migrator.app.wiring import open_store
from migrator.domain.drift.standing import KUBE_SYSTEM
from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.spec import ClusterSpec, Spec
from migrator.domain.observation.world import EVERYWHERE
from migrator.domain.planning.guards import KEDA
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.rbac import Permission

ASKED_WITHIN = 3.0
"""Seconds for a call that only spares somebody a role which could not be applied."""


def spec_of(plan: str, store: str | None) -> tuple[Spec, bool]:
    """Give the spec of a plan file, a saved plan or a plan's id, and whether KEDA is known to scale its source."""
    if plan == STDIN or Path(plan).is_file():
        found = read_either(plan)
        if isinstance(found, Spec):
            return found, True  # nobody has looked: the rule for KEDA does no harm without KEDA
    else:
        with open_store(store) as memory:
            found = memory.plan(plan)
    return found.spec, any(change.ref.api_version == KEDA for change in found.changes)


def without_absent(
    needed: Iterable[Permission], cluster: ClusterSpec
) -> tuple[tuple[Permission, ...], tuple[str, ...]]:
    """Give what is needed without the namespaces that the cluster says it does not have, and those namespaces.

    A Role in a namespace that is not there cannot be applied, and reading in it finds nothing. Only namespaces besides the
    plan's own are asked for; where the cluster gives no answer within seconds, or may not say, they count as there.
    """
    needed = tuple(needed)
    others = sorted({namespace for *_, namespace in needed} - {"", cluster.namespace})
    absent = _absent(others, cluster) if others else ()
    return tuple(need for need in needed if need[3] not in absent), absent


def _absent(names: Sequence[str], spec: ClusterSpec) -> tuple[str, ...]:
    try:
        cluster = connect(spec, seconds=ASKED_WITHIN)
    except UsageError:
        return ()
    try:
        return tuple(name for name in names if cluster.reader.get(ObjectRef("v1", "Namespace", "", name)) is None)
    except (Unreachable, Refused):
        return ()
    finally:
        cluster.close()


def needs(spec: Spec, scaled: bool) -> tuple[Permission, ...]:
    """Give the permissions of the route and of the checks; `scaled` adds KEDA's."""
    home, gateway = spec.cluster.namespace, gateway_profile(spec)
    reads = [
        ("list", version, listing.kind, "" if listing.namespace == EVERYWHERE else listing.namespace)
        for listing in kinds(home, gateway.lists, clouds())
        for version in listing.versions
    ]
    keda = [(verb, KEDA, "ScaledObject", home) for verb in ("get", "patch", "delete")] if scaled else []
    identity = ("get", KUBE_SYSTEM.api_version, KUBE_SYSTEM.kind, "")  # its uid tells one cluster from another
    told = [("create", "v1", "Event", home)] if spec.events else []
    watched = ("watch", "v1", "Pod", home)  # without it pods are listed each time: nothing is blocked
    return (
        *permissions(spec, profile_of(spec.balancer.provider)),
        *reads,
        *gateway.reads,
        identity,
        watched,
        *keda,
        *told,
    )
