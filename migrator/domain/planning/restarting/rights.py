"""The least that a restart needs: what a follower reads, the DaemonSet's template, the end of single pods, and its record."""

from __future__ import annotations

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.model.refs import home as home_of
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.planning.following.installation import Followed, needs
from migrator.domain.planning.rbac import Permission


def restarting(spec: Spec, driver: BalancerProfile) -> tuple[Permission, ...]:
    """Give them."""
    home = target_ref(spec).namespace
    reads = needs(Followed(spec, "", driver))
    writes = (("patch", "apps/v1", spec.target.kind, home), ("get", "v1", "Pod", home), ("delete", "v1", "Pod", home))
    kept = home_of(spec).namespace
    record = tuple((verb, "v1", "ConfigMap", kept) for verb in ("get", "create", "patch", "delete"))
    former = ("list", "apps/v1", "ControllerRevision", home), ("list", "v1", "Pod", home)
    bindings = driver.cloud.controller.bindings if driver.cloud else ()
    bound = tuple(("list", each.api_version, each.kind, home) for each in bindings)
    return tuple(dict.fromkeys((*reads, *writes, *record, *former, *bound)))
