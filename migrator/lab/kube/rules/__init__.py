"""What makes an object invalid, in the real server's words. Each rule yields flaws; none raises or changes anything."""

from collections.abc import Callable, Iterable, Iterator

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.errors import Flaw, invalid
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.rules import others, workloads
from migrator.lab.kube.rules.names import metadata_flaws
from migrator.lab.kube.rules.pods import pod_change_flaws, pod_flaws

_Rule = Callable[[Doc], Iterable[Flaw]]
_ChangeRule = Callable[[Doc, Doc], Iterable[Flaw]]

_RULES: dict[str, _Rule] = {
    "pods": pod_flaws,
    "deployments": workloads.deployment_flaws,
    "replicasets": workloads.template_flaws,
    "daemonsets": workloads.daemonset_flaws,
    "statefulsets": workloads.template_flaws,
    "services": others.service_flaws,
    "configmaps": others.data_flaws,
    "poddisruptionbudgets": others.budget_flaws,
    "horizontalpodautoscalers": others.autoscaler_flaws,
    "leases": others.lease_flaws,
    "endpointslices": others.slice_flaws,
    "customresourcedefinitions": others.definition_flaws,
}
_CHANGE_RULES: dict[str, _ChangeRule] = {
    "pods": pod_change_flaws,
    "deployments": workloads.selector_change_flaws,
    "replicasets": workloads.selector_change_flaws,
    "daemonsets": workloads.selector_change_flaws,
    "statefulsets": workloads.selector_change_flaws,
    "services": others.service_change_flaws,
    "endpointslices": others.slice_change_flaws,
}


def check(kind: Kind, new: Doc, old: Doc | None = None) -> None:
    """Raise ApiError 422 with every flaw of `new`, also as a change of `old` if given."""
    flaws = list(_flaws(kind, new, old))
    if flaws:
        raise invalid(kind, new["metadata"].get("name", ""), flaws)


def _flaws(kind: Kind, new: Doc, old: Doc | None) -> Iterator[Flaw]:
    yield from metadata_flaws(kind, new["metadata"], old and old["metadata"])
    if kind.custom:
        return
    if old is not None and (change_rule := _CHANGE_RULES.get(kind.plural)):
        yield from change_rule(old, new)
    if rule := _RULES.get(kind.plural):
        yield from rule(new)
