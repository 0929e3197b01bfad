"""Creating and changing objects: admission, defaults, rules, ownership, then the store. Deletion is in `deletion`."""

from collections.abc import Callable
from dataclasses import dataclass

from migrator.lab.kube.api.documents import Doc, decode, within, without, without_nulls
from migrator.lab.kube.api.errors import ApiError, bad_request, conflict, exists, invalid, not_found
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.api.registry import Registry
from migrator.lab.kube.defaults import fill
from migrator.lab.kube.objects.admission import admit
from migrator.lab.kube.objects.call import Call
from migrator.lab.kube.objects.metadata import generation_grows, kept_metadata, new_metadata, stamp
from migrator.lab.kube.objects.storage import Record, Store
from migrator.lab.kube.patch.listkeys import keys_of
from migrator.lab.kube.patch.owners import Owners, after_update, entries, read
from migrator.lab.kube.rules import check
from migrator.lab.kube.rules.endpoints import loopback_flaws

Ownership = Callable[[Owners, Doc, Doc], Owners]  # owners before, object before, object after -> owners after
_KEEP_STATUS_ON_CREATE = {"nodes", "namespaces", "customresourcedefinitions", "persistentvolumeclaims"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """All state: the objects and the kinds that are served.

    `refuses_loopback`: no Endpoints and no EndpointSlice leads to a loopback address, as on any real server; the lab's own
    pods have no others."""

    store: Store
    registry: Registry
    refuses_loopback: bool = False


def existing(cluster: Cluster, call: Call) -> Record:
    """Return the object that a call names; raises ApiError 404."""
    record = cluster.store.find(call.kind.storage, call.namespace, call.name)
    if record is None:
        raise not_found(call.kind, call.name)
    return record


def create(cluster: Cluster, call: Call, body: Doc, own: Ownership | None = None) -> Record:
    """Create an object; raises ApiError 403, 404, 409, 422, 500."""
    kind = call.kind
    asked = within(body, "metadata")
    _refuse_misplaced(call, asked)
    doc = _cleaned(kind, body)
    if "status" in kind.subresources and kind.plural not in _KEEP_STATUS_ON_CREATE:
        doc.pop("status", None)
    doc["metadata"] = new_metadata(kind, asked, call.namespace)
    fill(kind, doc)
    admit(cluster.store, kind, doc)
    name = doc["metadata"].get("name", "")
    if name and cluster.store.find(kind.storage, call.namespace, name):
        raise exists(kind, name)
    check(kind, doc)
    _refuse_loopback(cluster, kind, doc)
    return _stored(cluster, call, doc, (own or ownership(call))((), {"metadata": {}}, doc))


def _refuse_loopback(cluster: Cluster, kind: Kind, doc: Doc) -> None:
    if cluster.refuses_loopback and (flaws := list(loopback_flaws(kind, doc))):
        raise invalid(kind, doc["metadata"].get("name", ""), flaws)


def _refuse_misplaced(call: Call, asked: Doc) -> None:
    if asked.get("resourceVersion"):
        raise ApiError(500, "", "resourceVersion should not be set on objects to be created")
    if call.kind.namespaced and asked.get("namespace", call.namespace) not in ("", None, call.namespace):
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")


def replace(cluster: Cluster, call: Call, old: Record, doc: Doc, own: Ownership | None = None) -> Record:
    """Put `doc`, which the caller must not use afterwards, in the place of `old`.

    A call for the status subresource takes only the status from it (and annotations, which count no generation
    there), any other everything else. A change that changes
    nothing stores nothing. Raises ApiError 409 or 422."""
    _refuse_stale(call, old, within(doc, "metadata"))
    owners = _owners_of(within(doc, "metadata"), old)
    new = _target(call, old, doc)
    fill(call.kind, new)
    admit(cluster.store, call.kind, new, old)
    check(call.kind, new, old.doc)
    _refuse_loopback(cluster, call.kind, new)
    meta = new["metadata"]
    meta["managedFields"] = old.meta.get("managedFields")
    meta["resourceVersion"] = old.meta["resourceVersion"]
    after = (own or ownership(call))(owners, old.doc, new)
    if new == old.doc and after == old.owners:
        return old
    if call.kind.counted and call.subresource != "status" and generation_grows(call.kind, old.doc, new):
        meta["generation"] = old.meta.get("generation", 0) + 1
    return _stored(cluster, call, new, after)


def _owners_of(asked: Doc, old: Record) -> Owners:
    """Return the ownership to start from: the old one, unless the client wrote another into managedFields."""
    written = asked.get("managedFields")
    if not isinstance(written, list) or written == old.meta.get("managedFields"):
        return old.owners
    return read([entry for entry in written if isinstance(entry, dict)])


def _target(call: Call, old: Record, doc: Doc) -> Doc:
    kind = call.kind
    if call.subresource == "status":
        new: Doc = decode(old.blob)
        status = without_nulls(doc.get("status")) if not kind.custom else doc.get("status")
        new["status"] = status or {}
        if not kind.custom:  # as in the real strategies: the deployment controller numbers its revision this way
            annotations = within(doc, "metadata").get("annotations")
            new["metadata"] = without_nulls({**new["metadata"], "annotations": annotations})
        return new
    new = _cleaned(kind, doc)
    if "status" in kind.subresources:
        new.pop("status", None)
        if "status" in old.doc:
            new["status"] = decode(old.blob)["status"]
    new["metadata"] = kept_metadata(old, within(doc, "metadata"))
    return new


def _refuse_stale(call: Call, old: Record, asked: Doc) -> None:
    version, uid = asked.get("resourceVersion"), asked.get("uid")
    if uid and uid != old.uid and call.verb == "update":
        text = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.uid}"
        raise conflict(call.kind, old.name, text)
    if version and version != old.meta["resourceVersion"]:
        raise conflict(call.kind, old.name)
    if uid and uid != old.uid:
        check(call.kind, {**old.doc, "metadata": {**old.meta, "uid": uid}}, old.doc)


def _cleaned(kind: Kind, body: Doc) -> Doc:
    doc = without(body, ("apiVersion", "kind"))
    return doc if kind.custom else {name: without_nulls(part) for name, part in doc.items() if part is not None}


def _stored(cluster: Cluster, call: Call, doc: Doc, owners: Owners) -> Record:
    doc["metadata"]["managedFields"] = entries(owners)
    record = cluster.store.stamped(call.kind, doc, owners)
    return record if call.dry else settle(cluster.store, record)


def settle(store: Store, record: Record) -> Record:
    """Store a stamped record, or remove it if it was being deleted and nothing holds it any more."""
    held = record.meta.get("finalizers") or record.meta.get("deletionGracePeriodSeconds")
    if record.kind.storage == ("", "namespaces"):
        held = held or within(record.doc, "spec").get("finalizers")
    if not record.meta.get("deletionTimestamp") or held:
        store.put(record)
        return record
    return store.remove(record)


def ownership(call: Call) -> Ownership:
    """Return the ownership rule of every write but apply: whoever changes a field owns it."""
    ignored = ignored_parts(call)
    keys = keys_of(call.kind)
    return lambda owners, old, new: after_update(owners, call.field_manager(), (old, new), keys, ignored, stamp())


def ignored_parts(call: Call) -> frozenset[str]:
    """Return the top-level parts that a write to this (sub)resource cannot own."""
    if "status" not in call.kind.subresources:
        return frozenset()
    return frozenset(("spec", "metadata", "data") if call.subresource == "status" else ("status",))


def rewrite(store: Store, record: Record, change: Callable[[Doc], None]) -> Record:
    """Change an object on the server's own account, past rules and ownership."""
    doc: Doc = decode(record.blob)
    change(doc)
    return settle(store, store.stamped(record.kind, doc, record.owners))
