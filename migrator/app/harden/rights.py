"""What the container of ours beside the new gateways may do, when it sets weights itself: in the cluster, and at the cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.hardening.companion import NAME
from migrator.domain.hardening.credential import account_of, grants
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json, Manifest, mapping
from migrator.domain.model.refs import lease_ref, target_ref
from migrator.domain.model.side.companion import By

if TYPE_CHECKING:
    from migrator.domain.balancers.profile import BalancerProfile
    from migrator.domain.model.spec import Spec


def rights(spec: Spec, source: Manifest | None, driver: BalancerProfile) -> tuple[tuple[Manifest, ...], Json]:
    """Give the role and its binding to the account of the new pods, and the cloud's policy (None: it grants nobody anything).

    Without a `source` that anybody has seen the account is the namespace's default one. UsageError where the plan puts no such
    container there.
    """
    companion = spec.target.companion
    if companion is None or companion.by is not By.BALANCER:
        raise UsageError(say("rbac.no-farewell"))
    own = mapping(source or {}, "spec", "template", "spec")
    laid_over = mapping(mapping(spec.target.patch), "spec", "template", "spec")
    made = grants(NAME, lease_ref(spec, Side.NEW), account_of({**own, **laid_over}), target_ref(spec).namespace)
    return made, driver.rights.least_to_weigh(spec.balancer) if driver.rights else None
