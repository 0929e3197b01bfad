"""The scale subresource of Deployments, ReplicaSets and StatefulSets. DaemonSets have none, as in the real server."""

from migrator.lab.kube.api.documents import Doc, decode, within
from migrator.lab.kube.api.errors import bad_request, conflict
from migrator.lab.kube.objects.storage import Record


def scale_of(record: Record) -> Doc:
    """Return the Scale of a workload."""
    spec, status = within(record.doc, "spec"), within(record.doc, "status")
    names = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    labels = within(spec, "selector", "matchLabels")
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: record.meta[name] for name in names},
        "spec": {"replicas": spec.get("replicas", 0)},
        "status": {
            "replicas": status.get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in sorted(labels.items())),
        },
    }


def scaled(record: Record, scale: Doc) -> Doc:
    """Return the workload with a Scale's replicas; raises ApiError 400, 409."""
    replicas = within(scale, "spec").get("replicas", 0)
    if not isinstance(replicas, int) or isinstance(replicas, bool):
        raise bad_request("Scale.spec.replicas: must be an integer")
    version = within(scale, "metadata").get("resourceVersion")
    if version and version != record.meta["resourceVersion"]:
        raise conflict(record.kind, record.name)
    doc: Doc = decode(record.blob)
    doc["spec"]["replicas"] = replicas
    return doc
