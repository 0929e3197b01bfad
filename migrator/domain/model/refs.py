"""Which two workloads a spec means, and the one name of the gateway that they both are."""

from __future__ import annotations

from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Kept


def source_ref(spec: Spec) -> ObjectRef:
    """Give where the workload is that serves today."""
    return ObjectRef("apps/v1", spec.source.kind, spec.cluster.namespace, spec.source.name)


def target_ref(spec: Spec) -> ObjectRef:
    """Give where the workload will be that serves when the run is over."""
    return ObjectRef("apps/v1", spec.target.kind, spec.cluster.namespace, spec.target.name)


def gateway_name(spec: Spec) -> str:
    """Give the name by which the gateway is known whichever way it is moved: the Deployment's."""
    return spec.target.name if isinstance(spec.target, Kept) else spec.source.name
