"""What happens to an object on its way in: live namespaces only, pods' extras, service addresses, quotas of pods."""

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.errors import ApiError, bad_value, forbidden, invalid
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.defaults.pods import admit_pod
from migrator.lab.kube.objects.metadata import random_suffix
from migrator.lab.kube.objects.storage import Record, Store

_SERVICES = ("", "services")
_NODE_PORTS = range(30000, 32768)


def admit(store: Store, kind: Kind, doc: Doc, old: Record | None = None) -> None:
    """Complete or refuse an object that is about to be created, or to replace `old`."""
    meta = doc["metadata"]
    if old is None and kind.namespaced:
        _require_namespace(store, kind, meta)
    if kind.storage == ("", "pods") and old is None:
        admit_pod(doc, random_suffix())
        _respect_quota(store, kind, doc)
    elif kind.storage == _SERVICES:
        _give_addresses(store, doc, old)
        _give_node_ports(store, kind, doc, old)


def _require_namespace(store: Store, kind: Kind, meta: Doc) -> None:
    name = meta["namespace"]
    namespace_record = store.find(("", "namespaces"), "", name)
    if namespace_record is None:
        raise ApiError(404, "NotFound", f'namespaces "{name}" not found', {"name": name, "kind": "namespaces"})
    if namespace_record.meta.get("deletionTimestamp"):
        text = f"unable to create new content in namespace {name} because it is being terminated"
        error = forbidden(kind, meta.get("name", ""), text)
        cause = {"reason": "NamespaceTerminating", "message": f"namespace {name} is being terminated"}
        raise ApiError(403, "Forbidden", error.message, {**(error.details or {}), "causes": [cause]})


def _respect_quota(store: Store, kind: Kind, doc: Doc) -> None:
    namespace = doc["metadata"]["namespace"]
    for quota in store.each(("", "resourcequotas"), namespace):
        limit = within(quota.doc, "spec", "hard").get("pods")
        if limit is None:
            continue
        living = [pod for pod in store.each(kind.storage, namespace) if not _is_finished(pod)]
        if len(living) >= int(limit):
            text = f"exceeded quota: {quota.name}, requested: pods=1, used: pods={len(living)}, limited: pods={limit}"
            raise forbidden(kind, doc["metadata"].get("name", ""), text)


def _is_finished(pod: Record) -> bool:
    return within(pod.doc, "status").get("phase") in ("Succeeded", "Failed")


def _give_addresses(store: Store, doc: Doc, old: Record | None) -> None:
    spec = doc["spec"]
    if spec.get("type") == "ExternalName":
        return
    before = within(old.doc, "spec") if old else {}
    if not spec.get("clusterIP"):
        spec["clusterIP"] = before.get("clusterIP") or _free_address(store)
    spec["clusterIPs"] = [spec["clusterIP"]]


def _free_address(store: Store) -> str:
    taken = {within(record.doc, "spec").get("clusterIP") for record in store.each(_SERVICES)}
    numbers = range(10, 65000)
    return next(ip for number in numbers if (ip := f"10.96.{number // 250}.{number % 250 + 1}") not in taken)


def _give_node_ports(store: Store, kind: Kind, doc: Doc, old: Record | None) -> None:
    spec = doc["spec"]
    ports = rows(spec, "ports")
    wanted = spec.get("type") in ("NodePort", "LoadBalancer") and spec.get("allocateLoadBalancerNodePorts") is not False
    if not wanted:
        if spec.get("type") == "ClusterIP":
            for port in ports:
                port.pop("nodePort", None)
        return
    taken = _taken_ports(store, doc["metadata"])
    before = {_port_key(row): row.get("nodePort") for row in rows(old.doc, "spec", "ports")} if old else {}
    for at, port in enumerate(ports):
        number = port.get("nodePort") or before.get(_port_key(port))
        if port.get("nodePort") in taken:
            flaw = bad_value(f"spec.ports[{at}].nodePort", number, "provided port is already allocated")
            raise invalid(kind, doc["metadata"].get("name", ""), [flaw])
        if number and number not in _NODE_PORTS:
            text = "provided port is not in the valid range. The range of valid ports is 30000-32767"
            raise invalid(
                kind, doc["metadata"].get("name", ""), [bad_value(f"spec.ports[{at}].nodePort", number, text)]
            )
        port["nodePort"] = number or next(free for free in _NODE_PORTS if free not in taken)
        taken.add(port["nodePort"])


def _port_key(port: Doc) -> tuple[object, object]:
    return port.get("port"), port.get("protocol")


def _taken_ports(store: Store, meta: Doc) -> set[int]:
    own = (meta.get("namespace"), meta.get("name"))
    others = (record for record in store.each(_SERVICES) if (record.namespace, record.name) != own)
    return {row["nodePort"] for record in others for row in rows(record.doc, "spec", "ports") if row.get("nodePort")}
