"""The objects, their resource versions and the log of changes. It validates nothing and waits for nothing."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from migrator.lab.kube.api.documents import Doc, encode
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.patch.owners import Owners

Address = tuple[tuple[str, str], str, str]  # (group, plural), namespace, name


@dataclass(frozen=True, slots=True)
class Record:
    """One stored object: `doc` lacks apiVersion and kind and is never changed; `blob` is its JSON."""

    kind: Kind
    doc: Doc
    version: int
    owners: Owners
    blob: bytes

    @property
    def meta(self) -> Doc:
        """The object's metadata."""
        meta: Doc = self.doc["metadata"]
        return meta

    @property
    def name(self) -> str:
        """The object's name."""
        name: str = self.doc["metadata"]["name"]
        return name

    @property
    def namespace(self) -> str:
        """The object's namespace; empty in cluster scope."""
        namespace: str = self.doc["metadata"].get("namespace", "")
        return namespace

    @property
    def uid(self) -> str:
        """The object's uid."""
        uid: str = self.doc["metadata"]["uid"]
        return uid

    @property
    def address(self) -> Address:
        """Where the object lives."""
        return (self.kind.storage, self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log. `after` is the final state of a deleted object, with its own resource version."""

    type: str  # ADDED, MODIFIED, DELETED
    before: Record | None
    after: Record


Listener = Callable[[Change], None]


@dataclass(slots=True)
class Shelf:
    """The objects of one kind and the changes that a watch can still be told about."""

    log: deque[Change]
    floor: int  # a watch from before this version gets 410
    spaces: dict[str, dict[str, Record]] = field(default_factory=dict)
    listeners: set[Listener] = field(default_factory=set)


class Store:
    """Objects by kind, namespace and name. The first version lies beyond any that an earlier process gave out."""

    def __init__(self, window: int) -> None:
        self.version = int(time.time() * 1000)
        self._window = window
        self._first = self.version
        self._shelves: dict[tuple[str, str], Shelf] = {}
        self._dependents: dict[str, set[Address]] = {}
        self._uids: set[str] = set()
        self._contents: dict[str, int] = {}
        self.listeners: list[Listener] = []

    def shelf(self, storage: tuple[str, str]) -> Shelf:
        """Return the shelf of one kind."""
        if storage not in self._shelves:
            self._shelves[storage] = Shelf(deque(maxlen=self._window), self._first)
        return self._shelves[storage]

    def find(self, storage: tuple[str, str], namespace: str, name: str) -> Record | None:
        """Return one object, if it exists."""
        return self.shelf(storage).spaces.get(namespace, {}).get(name)

    def each(self, storage: tuple[str, str], namespace: str = "") -> list[Record]:
        """Return a kind's objects in order of namespace and name; of one namespace unless that is empty."""
        spaces = self.shelf(storage).spaces
        names = [namespace] if namespace else sorted(spaces)
        return [spaces[space][name] for space in names if space in spaces for name in sorted(spaces[space])]

    def inhabitants(self, namespace: str) -> Iterator[Record]:
        """Yield every object inside a namespace."""
        for shelf in list(self._shelves.values()):
            yield from list(shelf.spaces.get(namespace, {}).values())

    def is_empty(self, namespace: str) -> bool:
        """Return whether a namespace holds nothing."""
        return not self._contents.get(namespace)

    def dependents(self, uid: str) -> list[Record]:
        """Return the objects whose ownerReferences name `uid`."""
        records = (self.find(*address) for address in sorted(self._dependents.get(uid, ())))
        return [record for record in records if record is not None]

    def lives(self, uid: str) -> bool:
        """Return whether an object with this uid exists."""
        return uid in self._uids

    def stamped(self, kind: Kind, doc: Doc, owners: Owners) -> Record:
        """Return the record that storing `doc` next would make."""
        version = self.version + 1
        doc["metadata"]["resourceVersion"] = str(version)
        return Record(kind, doc, version, owners, encode(doc))

    def put(self, record: Record) -> None:
        """Store a stamped record and notify every watch."""
        before = self.find(*record.address)
        space = self.shelf(record.kind.storage).spaces.setdefault(record.namespace, {})
        space[record.name] = record
        self._uids.add(record.uid)
        if before is None:
            self._contents[record.namespace] = self._contents.get(record.namespace, 0) + 1
        self._index(before, record)
        self._tell(Change("ADDED" if before is None else "MODIFIED", before, record))

    def remove(self, record: Record) -> Record:
        """Delete an object; gives its final state, which carries a new resource version."""
        final_doc = {**record.doc, "metadata": {**record.meta}}
        final = self.stamped(record.kind, final_doc, record.owners)
        del self.shelf(record.kind.storage).spaces[record.namespace][record.name]
        self._uids.discard(record.uid)
        self._contents[record.namespace] -= 1
        self._index(record, None)
        self._tell(Change("DELETED", record, final))
        return final

    def _index(self, before: Record | None, after: Record | None) -> None:
        for record, kept in ((before, False), (after, True)):
            for owner in (record.meta.get("ownerReferences") or ()) if record else ():
                children = self._dependents.setdefault(owner.get("uid", ""), set())
                assert record is not None
                (children.add if kept else children.discard)(record.address)
                if not children:
                    del self._dependents[owner.get("uid", "")]

    def _tell(self, change: Change) -> None:
        self.version = change.after.version
        shelf = self.shelf(change.after.kind.storage)
        if len(shelf.log) == shelf.log.maxlen:
            shelf.floor = shelf.log[0].after.version
        shelf.log.append(change)
        for listener in (*shelf.listeners, *self.listeners):
            listener(change)
