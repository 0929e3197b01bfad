"""A hardening in the forms in which owners of workloads apply changes: documents as values. Pure.

A document that another command takes is a comment where the form's own command takes one document alone.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from migrator.domain.hardening.charts import values_of
from migrator.domain.hardening.envoy_proxy import envoy_proxy
from migrator.domain.hardening.patches import combined
from migrator.domain.hardening.values import Hardening
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Json, Manifest


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document, and what it is for. `as_comment`: it stands beside the one that the command takes."""

    use: Message
    value: Manifest
    as_comment: bool = False


def patch(found: Hardening) -> tuple[Document, ...]:
    """Give the strategic merge patch for `kubectl patch --patch-file`; a budget beside it is a comment."""
    workload = found.ground.workload
    use = say("form.patch", kind=found.ground.kind.lower(), name=name_of(workload), kubectl=_kubectl(found))
    budgets = (Document(say("form.apply"), made, as_comment=True) for made in found.objects)
    return (*budgets, Document(use, combined(found.measures)))


def _kubectl(found: Hardening) -> str:
    """Give the call: as the plan or the command names the cluster, or in the workload's namespace wherever kubectl is."""
    return found.kubectl or shlex.join(["kubectl", "-n", namespace_of(found.ground.workload)])


def kustomize(found: Hardening) -> tuple[Document, ...]:
    """Give a component with the patch, and the budget as the file that it names."""
    workload = found.ground.workload
    target: Manifest = {"apiVersion": "apps/v1", "kind": found.ground.kind, "metadata": {"name": name_of(workload)}}
    component: Manifest = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
    if found.objects:
        component["resources"] = [BUDGET_FILE]
    if found.measures:
        files: list[Json] = [{"path": PATCH_FILE}]
        component["patches"] = files
    made = [Document(say("form.component"), component)]
    made += (
        [Document(say("form.file", name=PATCH_FILE), {**target, **combined(found.measures)})] if found.measures else []
    )
    return (*made, *(Document(say("form.file", name=BUDGET_FILE), budget) for budget in found.objects))


PATCH_FILE, BUDGET_FILE = "harden.yaml", "budget.yaml"


def helm(found: Hardening) -> tuple[Document, ...]:
    """Give the values of the gateway's own chart, or the EnvoyProxy that Envoy Gateway takes; nothing for an unknown chart."""
    product = found.ground.product
    if product.owned:
        return (Document(say("form.envoy-proxy"), envoy_proxy(found)),)
    values, left = values_of(found)
    made = [Document(say("form.values", chart=product.chart), values)] if values else []
    if left:
        made.append(
            Document(say("form.no-value", places=tuple(row.place for row in left)), combined(left), as_comment=True)
        )
    return tuple(made)


DOCUMENTS: Mapping[str, Callable[[Hardening], tuple[Document, ...]]] = {
    "patch": patch,
    "kustomize": kustomize,
    "helm": helm,
}
"""By the form's name."""
