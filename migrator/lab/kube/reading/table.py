"""The columns that `kubectl get` shows for each kind. Kinds without columns of their own show name and age."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.objects.storage import Record

_Cells = Callable[[Doc], list[Any]]


def age(text: str | None) -> str:
    """Return how long ago a time was, in kubectl's short form."""
    if not text:
        return "<unknown>"
    seconds = max(0, int((datetime.now(UTC) - datetime.fromisoformat(text)).total_seconds()))
    for size, unit, limit in ((1, "s", 120), (60, "m", 7200), (3600, "h", 172800)):
        if seconds < limit:
            return f"{seconds // size}{unit}"
    return f"{seconds // 86400}d"


def columns_of(kind: Kind) -> list[Doc]:
    """Return the columnDefinitions of a kind; names after a bar are shown with `-o wide` only."""
    names, _, wide = _COLUMNS.get(kind.plural, ("", _none))[0].partition("|") if not kind.custom else ("", "", "")
    listed = [("Name", 0), *((name, 0) for name in names.split()), ("Age", 0), *((name, 1) for name in wide.split())]
    return [
        {
            "name": name.replace("_", " "),
            "type": "string",
            "format": "name" if name == "Name" else "",
            "description": name,
            "priority": priority,
        }
        for name, priority in listed
    ]


def row_of(record: Record) -> Doc:
    """Return one row with the object's metadata, as kubectl asks for by default."""
    names, cells_of = _COLUMNS.get(record.kind.plural, ("", _none)) if not record.kind.custom else ("", _none)
    cells = cells_of(record.doc)
    shown = len(names.partition("|")[0].split())
    born = age(record.meta.get("creationTimestamp"))
    meta = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": record.meta}
    return {"cells": [record.name, *cells[:shown], born, *cells[shown:]], "object": meta}


def _none(_doc: Doc) -> list[Any]:
    return []


def _pod(doc: Doc) -> list[Any]:
    spec, status = within(doc, "spec"), within(doc, "status")
    statuses = rows(status, "containerStatuses")
    ready = f"{sum(bool(row.get('ready')) for row in statuses)}/{len(rows(spec, 'containers'))}"
    restarts = str(sum(int(row.get("restartCount", 0)) for row in statuses))
    return [ready, _phase(doc, statuses), restarts, status.get("podIP", "<none>"), spec.get("nodeName", "<none>")]


def _phase(doc: Doc, statuses: list[Doc]) -> str:
    if doc["metadata"].get("deletionTimestamp"):
        return "Terminating"
    reasons = [
        reason
        for row in statuses
        for state in ("waiting", "terminated")
        if (reason := within(row, "state", state).get("reason"))
    ]
    return str(reasons[0] if reasons else within(doc, "status").get("reason") or within(doc, "status").get("phase"))


def _deployment(doc: Doc) -> list[Any]:
    spec, status = within(doc, "spec"), within(doc, "status")
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 1)}"
    return [ready, status.get("updatedReplicas", 0), status.get("availableReplicas", 0), *_images(doc)]


def _replicaset(doc: Doc) -> list[Any]:
    status = within(doc, "status")
    wanted = within(doc, "spec").get("replicas", 1)
    return [wanted, status.get("replicas", 0), status.get("readyReplicas", 0), *_images(doc)]


def _daemonset(doc: Doc) -> list[Any]:
    names = "desiredNumberScheduled currentNumberScheduled numberReady updatedNumberScheduled numberAvailable"
    counts = [within(doc, "status").get(name, 0) for name in names.split()]
    return [*counts, _pairs(within(doc, "spec", "template", "spec", "nodeSelector")), *_images(doc)]


def _images(doc: Doc) -> list[Any]:
    containers = rows(doc, "spec", "template", "spec", "containers")
    names = ",".join(str(row.get("name")) for row in containers)
    images = ",".join(str(row.get("image")) for row in containers)
    return [names, images, _pairs(within(doc, "spec", "selector", "matchLabels"))]


def _pairs(labels: Doc) -> str:
    return ",".join(f"{key}={value}" for key, value in labels.items()) or "<none>"


def _node(doc: Doc) -> list[Any]:
    ready = any(row.get("type") == "Ready" and row.get("status") == "True" for row in rows(doc, "status", "conditions"))
    text = ("Ready" if ready else "NotReady") + (
        ",SchedulingDisabled" if within(doc, "spec").get("unschedulable") else ""
    )
    prefix = "node-role.kubernetes.io/"
    roles = [key.removeprefix(prefix) for key in within(doc, "metadata", "labels") if key.startswith(prefix)]
    addresses = [row.get("address") for row in rows(doc, "status", "addresses") if row.get("type") == "InternalIP"]
    version = within(doc, "status", "nodeInfo").get("kubeletVersion", "")
    return [text, ",".join(roles) or "<none>", version, addresses[0] if addresses else "<none>"]


def _service(doc: Doc) -> list[Any]:
    spec = within(doc, "spec")
    outside = [str(row.get("ip") or row.get("hostname")) for row in rows(doc, "status", "loadBalancer", "ingress")]
    empty = "<pending>" if spec.get("type") == "LoadBalancer" else "<none>"
    ports = [
        f"{row.get('port')}{':' + str(row['nodePort']) if row.get('nodePort') else ''}/{row.get('protocol')}"
        for row in rows(spec, "ports")
    ]
    address = spec.get("clusterIP", "<none>")
    return [spec.get("type"), address, ",".join(outside) or empty, ",".join(ports), _pairs(within(spec, "selector"))]


def _event(doc: Doc) -> list[Any]:
    about = within(doc, "involvedObject")
    who = f"{str(about.get('kind', '')).lower()}/{about.get('name', '')}"
    last = doc.get("lastTimestamp") or doc.get("eventTime") or doc["metadata"].get("creationTimestamp")
    return [age(last), doc.get("type"), doc.get("reason"), who, doc.get("message")]


def _budget(doc: Doc) -> list[Any]:
    spec = within(doc, "spec")
    limits = [str(spec.get(name, "N/A")) for name in ("minAvailable", "maxUnavailable")]
    return [*limits, within(doc, "status").get("disruptionsAllowed", 0)]


def _autoscaler(doc: Doc) -> list[Any]:
    spec, target = within(doc, "spec"), within(doc, "spec", "scaleTargetRef")
    bounds = [spec.get("minReplicas"), spec.get("maxReplicas")]
    return [f"{target.get('kind')}/{target.get('name')}", *bounds, within(doc, "status").get("currentReplicas", 0)]


def _slice(doc: Doc) -> list[Any]:
    ports = ",".join(str(row.get("port")) for row in rows(doc, "ports")) or "<unset>"
    addresses = [str(ip) for row in rows(doc, "endpoints") for ip in row.get("addresses") or ()]
    return [doc.get("addressType"), ports, ",".join(addresses) or "<unset>"]


_COLUMNS: dict[str, tuple[str, _Cells]] = {
    "pods": ("Ready Status Restarts | IP Node", _pod),
    "deployments": ("Ready Up-to-date Available | Containers Images Selector", _deployment),
    "replicasets": ("Desired Current Ready | Containers Images Selector", _replicaset),
    "daemonsets": (
        "Desired Current Ready Up-to-date Available Node_Selector | Containers Images Selector",
        _daemonset,
    ),
    "nodes": ("Status Roles Version | Internal-IP", _node),
    "namespaces": ("Status", lambda doc: [within(doc, "status").get("phase")]),
    "services": ("Type Cluster-IP External-IP Port(s) | Selector", _service),
    "configmaps": ("Data", lambda doc: [len(within(doc, "data"))]),
    "secrets": ("Type Data", lambda doc: [doc.get("type"), len(within(doc, "data"))]),
    "events": ("Last_Seen Type Reason Object Message", _event),
    "poddisruptionbudgets": ("Min_Available Max_Unavailable Allowed_Disruptions", _budget),
    "horizontalpodautoscalers": ("Reference MinPods MaxPods Replicas", _autoscaler),
    "endpointslices": ("AddressType Ports Endpoints", _slice),
    "leases": ("Holder", lambda doc: [within(doc, "spec").get("holderIdentity", "")]),
}
