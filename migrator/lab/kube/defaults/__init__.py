"""What the real server fills in when a field is absent, as far as somebody can notice it. It rejects nothing."""

from collections.abc import Callable

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.defaults import others, workloads
from migrator.lab.kube.defaults.pods import fill_pod

_FILLERS: dict[str, Callable[[Doc], None]] = {
    "pods": fill_pod,
    "deployments": workloads.fill_deployment,
    "replicasets": workloads.fill_replicaset,
    "daemonsets": workloads.fill_daemonset,
    "statefulsets": workloads.fill_statefulset,
    "jobs": workloads.fill_job,
    "services": others.fill_service,
    "namespaces": others.fill_namespace,
    "nodes": others.fill_node,
    "secrets": others.fill_secret,
    "horizontalpodautoscalers": others.fill_autoscaler,
    "poddisruptionbudgets": others.fill_budget,
    "endpointslices": others.fill_slice,
    "customresourcedefinitions": others.fill_definition,
}


def fill(kind: Kind, doc: Doc) -> None:
    """Set the defaults of a built-in kind in `doc`."""
    filler = None if kind.custom else _FILLERS.get(kind.plural)
    if filler is not None:
        filler(doc)
