"""The preflight: every check takes what was seen and gives findings. All of them run; all findings are reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.domain.checks.backends import (
    foreign_backends,
    listeners_have_old_backends,
    new_backends_clash,
    whole_pods_behind_each_backend,
)
from migrator.domain.checks.istio import (
    gateway_api_by_service,
    no_gateway_left_empty,
    rules_name_ports,
    same_configuration,
)
from migrator.domain.checks.judging import judge_can_see, soak_can_pass
from migrator.domain.checks.workloads import (
    labels_tell_apart,
    may_do_it_all,
    nodes_to_run_on,
    not_rolling,
    old_is_there,
    ports_are_free,
    server_would_admit,
    source_is_there,
    target_is_free,
    way_back_is_open,
)
from migrator.domain.derive import unsaid
from migrator.domain.findings import Finding, Severity
from migrator.domain.spec import Spec
from migrator.domain.world import World

Check = Callable[[World, Spec], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    source_is_there,
    old_is_there,
    not_rolling,
    target_is_free,
    unsaid,
    labels_tell_apart,
    nodes_to_run_on,
    ports_are_free,
    server_would_admit,
    may_do_it_all,
    way_back_is_open,
    listeners_have_old_backends,
    foreign_backends,
    new_backends_clash,
    whole_pods_behind_each_backend,
    judge_can_see,
    soak_can_pass,
    same_configuration,
    no_gateway_left_empty,
    rules_name_ports,
    gateway_api_by_service,
)

_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


def preflight(world: World, spec: Spec) -> tuple[Finding, ...]:
    """Run every check; the gravest findings first."""
    found = [*world.balancer, *(finding for check in CHECKS for finding in check(world, spec))]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))
