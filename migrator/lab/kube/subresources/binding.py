"""The binding subresource: how a scheduler gives a pod its node."""

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.errors import conflict, invalid, required
from migrator.lab.kube.objects.cluster import rewrite
from migrator.lab.kube.objects.metadata import stamp
from migrator.lab.kube.objects.storage import Record, Store


def bind(store: Store, pod: Record, binding: Doc) -> None:
    """Assign a pod to a node; raises ApiError 409 if it has one or is being deleted, 422 without a target."""
    node = within(binding, "target").get("name")
    if not node:
        raise invalid(pod.kind, pod.name, [required("target.name")])
    current = within(pod.doc, "spec").get("nodeName")
    if pod.meta.get("deletionTimestamp"):
        raise conflict(pod.kind, pod.name, f"pod {pod.name} is being deleted, cannot be assigned to a host")
    if current:
        raise conflict(pod.kind, pod.name, f'pod {pod.name} is already assigned to node "{current}"')
    rewrite(store, pod, lambda doc: _assign(doc, node, binding))


def _assign(doc: Doc, node: str, binding: Doc) -> None:
    doc["spec"]["nodeName"] = node
    for name in ("labels", "annotations"):
        if extra := within(binding, "metadata", name):
            doc["metadata"].setdefault(name, {}).update(extra)
    others = [row for row in rows(doc, "status", "conditions") if row.get("type") != "PodScheduled"]
    scheduled = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": stamp()}
    doc.setdefault("status", {})["conditions"] = [*others, scheduled]
