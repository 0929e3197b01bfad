"""What follows from a deletion: dependents, emptied namespaces, and definitions that come and go. It never looks ahead:
it reacts to changes, a few milliseconds later, in the server's own loop."""

import asyncio

from migrator.lab.kube.api.documents import Doc, within
from migrator.lab.kube.api.registry import defined
from migrator.lab.kube.objects.cluster import Cluster, rewrite
from migrator.lab.kube.objects.deletion import FOREGROUND, ORPHAN, Wish, delete
from migrator.lab.kube.objects.storage import Address, Change, Record

_NAMESPACES = ("", "namespaces")
_DEFINITIONS = ("apiextensions.k8s.io", "customresourcedefinitions")
_PAUSE_S = 0.005


class Collector:
    """Garbage collection by ownerReferences, namespace finalization and the serving of CustomResourceDefinitions."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._due: dict[Address, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        cluster.store.listeners.append(self.notice)

    def notice(self, change: Change) -> None:
        """Remember what a change may have made due."""
        record, before = change.after, change.before
        if record.kind.storage == _DEFINITIONS:
            self._serve(change)
        if change.type == "DELETED":
            self._notice_loss(record)
            return
        owners = record.meta.get("ownerReferences")
        if owners and (before is None or before.meta.get("ownerReferences") != owners):
            self._queue(record.address)
        if record.meta.get("deletionTimestamp"):
            self._queue(record.address)

    def _notice_loss(self, record: Record) -> None:
        store = self._cluster.store
        for child in store.dependents(record.uid):
            self._queue(child.address)
        for owner in record.meta.get("ownerReferences") or ():
            group = owner.get("apiVersion", "").rpartition("/")[0]
            kind = self._cluster.registry.of_kind(group, owner.get("kind", ""))
            if kind is not None:
                self._queue((kind.storage, record.namespace if kind.namespaced else "", owner.get("name", "")))
        if record.namespace and store.is_empty(record.namespace):
            self._queue((_NAMESPACES, "", record.namespace))

    def _queue(self, address: Address) -> None:
        self._due[address] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PAUSE_S, self._work)

    def _work(self) -> None:
        self._timer = None
        due, self._due = self._due, {}
        for address in due:
            if record := self._cluster.store.find(*address):
                self._settle(record)

    def _settle(self, record: Record) -> None:
        finalizers = record.meta.get("finalizers") or ()
        deleting = "deletionTimestamp" in record.meta
        if deleting and record.kind.storage == _NAMESPACES:
            self._empty_namespace(record)
        elif deleting and ORPHAN in finalizers:
            self._orphan(record)
        elif deleting and FOREGROUND in finalizers:
            self._delete_in_foreground(record)
        elif not deleting:
            self._check_owners(record)

    def _orphan(self, record: Record) -> None:
        for child in self._cluster.store.dependents(record.uid):
            _drop_owners(self._cluster, child, {record.uid})
        self._release(record, ORPHAN)

    def _delete_in_foreground(self, record: Record) -> None:
        children = self._cluster.store.dependents(record.uid)
        for child in children:
            self._check_owners(child)
        waiting = self._cluster.store.dependents(record.uid)
        if not any(_blocks(child, record.uid) for child in waiting):
            self._release(record, FOREGROUND)

    def _release(self, record: Record, finalizer: str) -> None:
        def change(doc: Doc) -> None:
            meta = doc["metadata"]
            meta["finalizers"] = [word for word in meta.get("finalizers", ()) if word != finalizer]
            if not meta["finalizers"]:
                del meta["finalizers"]

        if current := self._cluster.store.find(*record.address):
            rewrite(self._cluster.store, current, change)

    def _check_owners(self, record: Record) -> None:
        """Delete an object none of whose owners stays; drop the references to those that went if another does."""
        uids = [owner.get("uid", "") for owner in record.meta.get("ownerReferences") or ()]
        leaving = {uid for uid in uids if not self._stays(uid, record)}
        if not leaving or "deletionTimestamp" in record.meta:
            return
        if len(leaving) < len(set(uids)):
            _drop_owners(self._cluster, record, leaving)
            return
        in_foreground = any(self._cluster.store.lives(uid) for uid in leaving)
        children = self._cluster.store.dependents(record.uid)
        policy = "Foreground" if in_foreground and children else "Background"
        delete(self._cluster.store, record, Wish(propagation=policy))

    def _stays(self, uid: str, child: Record) -> bool:
        if not self._cluster.store.lives(uid):
            return False
        for owner in child.meta.get("ownerReferences") or ():
            if owner.get("uid") == uid:
                return not self._leaves(owner, child.namespace)
        return True

    def _leaves(self, owner: Doc, namespace: str) -> bool:
        group = owner.get("apiVersion", "").rpartition("/")[0]
        kind = self._cluster.registry.of_kind(group, owner.get("kind", ""))
        if kind is None:
            return False
        record = self._cluster.store.find(kind.storage, namespace if kind.namespaced else "", owner.get("name", ""))
        return record is not None and FOREGROUND in (record.meta.get("finalizers") or ())

    def _empty_namespace(self, record: Record) -> None:
        store = self._cluster.store
        for inhabitant in store.inhabitants(record.name):
            if "deletionTimestamp" not in inhabitant.meta and store.find(*inhabitant.address):
                delete(store, inhabitant, Wish(propagation="Background"))
        current = store.find(*record.address)
        if current is not None and store.is_empty(record.name):
            rewrite(store, current, lambda doc: within(doc, "spec").pop("finalizers", None))

    def _serve(self, change: Change) -> None:
        kind = defined(change.after.doc)
        if kind is None:
            return
        if change.type != "DELETED":
            self._cluster.registry.add(kind)
            return
        for record in self._cluster.store.each(kind.storage):
            delete(self._cluster.store, record, Wish())
        self._cluster.registry.drop((kind.group, kind.plural))


def _blocks(child: Record, uid: str) -> bool:
    owners = child.meta.get("ownerReferences") or ()
    return any(owner.get("uid") == uid and owner.get("blockOwnerDeletion") for owner in owners)


def _drop_owners(cluster: Cluster, record: Record, uids: set[str]) -> None:
    def change(doc: Doc) -> None:
        meta = doc["metadata"]
        meta["ownerReferences"] = [row for row in meta.get("ownerReferences", ()) if row.get("uid") not in uids]
        if not meta["ownerReferences"]:
            del meta["ownerReferences"]

    rewrite(cluster.store, record, change)
