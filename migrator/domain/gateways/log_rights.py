"""Whose logs are read for warnings besides the gateways', and the rights that reading them takes. None of them stops a plan."""

from __future__ import annotations

from migrator.domain.gateways import gateway_profile
from migrator.domain.gateways.profile import ControllerPods
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import namespaces
from migrator.domain.model.spec import Spec


def controller_of(spec: Spec, side: Side) -> ControllerPods | None:
    """Give where the pods of what configures a side's gateways are: as the plan says, or else as its product's charts do."""
    if spec.evidence.controller_namespace:
        return ControllerPods(spec.evidence.controller_namespace, spec.evidence.controller_labels)
    return gateway_profile(spec, side).controller


def of_logs(spec: Spec) -> tuple[tuple[str, str, str, str], ...]:
    """Give the rights as (verb, apiVersion, kind, namespace); none where the plan reads no log for warnings."""
    if not spec.evidence.warnings:
        return ()
    found = {where.namespace for side in Side if (where := controller_of(spec, side)) is not None}
    spaces = (*namespaces(spec), *sorted(found - set(namespaces(spec))))
    return (
        *(("get", "v1", "pods/log", space) for space in spaces),
        *((verb, "v1", "Pod", space) for space in sorted(found) for verb in ("get", "list")),
    )
