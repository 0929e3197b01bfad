"""Which two workloads a spec means, and the one name of the gateway that they both are."""

from __future__ import annotations

from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.place import home, place
from migrator.domain.model.spec import Spec


def source_ref(spec: Spec) -> ObjectRef:
    """Give where the workload is that serves today."""
    return place(spec, Side.OLD).ref


def target_ref(spec: Spec) -> ObjectRef:
    """Give where the workload will be that serves when the run is over."""
    return place(spec, Side.NEW).ref


def gateway_name(spec: Spec) -> str:
    """Give the name by which the gateway is known whichever way it is moved: the old workload's."""
    return home(spec).name
