"""Deleting objects: preconditions, grace, finalizers and propagation. Dependents are the collector's business."""

from dataclasses import dataclass

from migrator.lab.kube.api.documents import Doc, decode, within
from migrator.lab.kube.api.errors import ApiError, bad_request, conflict
from migrator.lab.kube.objects.call import Call
from migrator.lab.kube.objects.cluster import settle
from migrator.lab.kube.objects.metadata import moved, stamp
from migrator.lab.kube.objects.storage import Record, Store

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
_FINALIZERS = {"Foreground": FOREGROUND, "Orphan": ORPHAN, "Background": ""}
_SHOW_DELETED = {"pods", "services", "serviceaccounts", "resourcequotas", "persistentvolumeclaims"}


@dataclass(frozen=True, slots=True)
class Wish:
    """How to delete. `grace` is in seconds, None for the object's own."""

    grace: int | None = None
    propagation: str = ""
    uid: str = ""
    version: str = ""
    dry: bool = False


def wish_of(call: Call) -> Wish:
    """Return the DeleteOptions of a request, from its body or its query; raises ApiError 400, 422."""
    body = call.document(("DeleteOptions",)) if call.body else {}
    grace = body.get("gracePeriodSeconds", call.query.get("gracePeriodSeconds"))
    propagation = body.get("propagationPolicy") or call.query.get("propagationPolicy") or ""
    if body.get("orphanDependents") or call.query.get("orphanDependents") == "true":
        propagation = "Orphan"
    if propagation not in ("", *_FINALIZERS):
        text = f'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "{propagation}"'
        raise ApiError(422, "Invalid", text)
    try:
        seconds = None if grace is None else int(grace)
    except ValueError as error:
        raise bad_request(f"invalid gracePeriodSeconds: {grace}") from error
    conditions = within(body, "preconditions")
    dry = call.dry or "All" in (body.get("dryRun") or ())
    return Wish(seconds, propagation, conditions.get("uid", ""), str(conditions.get("resourceVersion", "")), dry)


def delete(store: Store, record: Record, wish: Wish) -> tuple[Record, bool]:
    """Delete an object, or begin to; gives its last state and whether it is gone. Raises ApiError 409."""
    _refuse_unmet(record, wish)
    doc: Doc = decode(record.blob)
    _mark(record, doc, wish)
    if doc == record.doc:
        return record, False
    after = store.stamped(record.kind, doc, record.owners)
    if wish.dry:
        return after, False
    stored = settle(store, after)
    return stored, store.find(*record.address) is None


def answer(call: Call, record: Record, gone: bool) -> Doc | None:
    """Return the Status that answers a finished deletion, or None where the object itself is the answer."""
    if not gone or (record.kind.plural in _SHOW_DELETED and not record.kind.custom):
        return None
    details = {"name": record.name, "kind": call.kind.plural, "uid": record.uid}
    if call.kind.group:
        details["group"] = call.kind.group
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def _refuse_unmet(record: Record, wish: Wish) -> None:
    if wish.uid and wish.uid != record.uid:
        text = f"Precondition failed: UID in precondition: {wish.uid}, UID in object meta: {record.uid}"
        raise conflict(record.kind, record.name, text)
    if wish.version and wish.version != record.meta["resourceVersion"]:
        text = "Precondition failed: ResourceVersion in precondition: {}, ResourceVersion in object meta: {}"
        raise conflict(record.kind, record.name, text.format(wish.version, record.meta["resourceVersion"]))


def _mark(record: Record, doc: Doc, wish: Wish) -> None:
    """Write the deletion into the object: its finalizer, its time and its grace, which can only shrink."""
    meta = doc["metadata"]
    if wish.propagation:
        others = [word for word in meta.get("finalizers") or () if word not in (FOREGROUND, ORPHAN)]
        added = _FINALIZERS[wish.propagation]
        meta["finalizers"] = [*others, added] if added else others
        if not meta["finalizers"]:
            del meta["finalizers"]
    grace = _grace(record, wish)
    if "deletionTimestamp" not in meta:
        meta["deletionTimestamp"] = stamp(grace)
        meta["deletionGracePeriodSeconds"] = grace
        if "generation" in meta:
            meta["generation"] += 1
    elif (wish.grace is not None) and grace < meta.get("deletionGracePeriodSeconds", 0):
        meta["deletionTimestamp"] = moved(meta["deletionTimestamp"], grace - meta["deletionGracePeriodSeconds"])
        meta["deletionGracePeriodSeconds"] = grace
    if record.kind.storage == ("", "namespaces"):
        doc.setdefault("status", {})["phase"] = "Terminating"


def _grace(record: Record, wish: Wish) -> int:
    if record.kind.storage != ("", "pods"):
        return 0
    spec = within(record.doc, "spec")
    finished = within(record.doc, "status").get("phase") in ("Succeeded", "Failed")
    if not spec.get("nodeName") or finished:
        return 0
    asked = spec.get("terminationGracePeriodSeconds", 30) if wish.grace is None else wish.grace
    return int(asked) if asked >= 0 else 1
