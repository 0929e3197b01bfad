"""What a plan needs to be allowed: the verbs of its route and of the way back, and the lists that its checks read."""

from __future__ import annotations

from pathlib import Path

from migrator.adapters.balancers import clouds, profile_of
from migrator.adapters.planfile.read import read_file
from migrator.app.plan.listing import kinds
from migrator.app.plan.planfiles import read
from migrator.app.wiring import open_store
from migrator.domain.gateways import gateway_profile
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import EVERYWHERE
from migrator.domain.planning.guards import KEDA
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.rbac import Permission


def spec_of(plan: str, store: str | None) -> tuple[Spec, bool]:
    """Give the spec of a plan file, a saved plan or a plan's id, and whether KEDA is known to scale its source."""
    path = Path(plan)
    if path.is_file() and path.suffix in (".yaml", ".yml"):
        return read_file(plan), True  # nobody has looked: the rule for KEDA does no harm without KEDA
    if path.is_file():
        found = read(plan)
    else:
        with open_store(store) as memory:
            found = memory.plan(plan)
    return found.spec, any(change.ref.api_version == KEDA for change in found.changes)


def needs(spec: Spec, scaled: bool) -> tuple[Permission, ...]:
    """Give the permissions of the route and of the checks; `scaled` adds KEDA's."""
    home, gateway = spec.cluster.namespace, gateway_profile(spec)
    reads = [
        ("list", version, listing.kind, "" if listing.namespace == EVERYWHERE else listing.namespace)
        for listing in kinds(home, gateway.lists, clouds())
        for version in listing.versions
    ]
    keda = [(verb, KEDA, "ScaledObject", home) for verb in ("get", "patch", "delete")] if scaled else []
    return (*permissions(spec, profile_of(spec.balancer.provider)), *reads, *gateway.reads, *keda)
