"""How objects are written into answers: whole, as metadata only, or as rows of a table. It reads no store."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from migrator.lab.kube.api.documents import Doc, encode
from migrator.lab.kube.api.eventforms import from_core
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.objects.storage import Record
from migrator.lab.kube.reading.table import columns_of, row_of

_META = "meta.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class View:
    """One way to write objects. `one` gives a single object, `many` a list around the objects' JSON."""

    one: Callable[[Record], bytes]
    many: Callable[[Iterable[Record], Doc], bytes]


def head(kind: str, api_version: str) -> bytes:
    """Return the beginning of a JSON object of this kind, to be followed by the rest of its members."""
    return f'{{"kind":"{kind}","apiVersion":"{api_version}",'.encode()


def view(kind: Kind, api_version: str, accept: str) -> View:
    """Return the view that an Accept header asks for."""
    for part in accept.split(","):
        if "as=Table" in part:
            return _tables(kind)
        if "as=PartialObjectMetadata" in part:
            return _metadata()
    return _whole(kind, api_version)


def _whole(kind: Kind, api_version: str) -> View:
    start = head(kind.kind, api_version)

    def bare(record: Record) -> bytes:
        return record.blob if kind.home is None else encode(from_core(record.doc))

    def one(record: Record) -> bytes:
        return start + bare(record)[1:]

    def many(records: Iterable[Record], meta: Doc) -> bytes:
        blobs = [one(record) if kind.custom else bare(record) for record in records]
        return _list(f"{kind.kind}List", api_version, meta, blobs)

    return View(one, many)


def _metadata() -> View:
    start = head("PartialObjectMetadata", _META)

    def one(record: Record) -> bytes:
        return start + b'"metadata":' + encode(record.meta) + b"}"

    def many(records: Iterable[Record], meta: Doc) -> bytes:
        return _list("PartialObjectMetadataList", _META, meta, [one(record) for record in records])

    return View(one, many)


def _tables(kind: Kind) -> View:
    def many(records: Iterable[Record], meta: Doc) -> bytes:
        table: Doc = {"kind": "Table", "apiVersion": _META, "metadata": meta, "columnDefinitions": columns_of(kind)}
        return encode({**table, "rows": [row_of(record) for record in records]})

    return View(lambda record: many([record], {"resourceVersion": record.meta["resourceVersion"]}), many)


def _list(kind: str, api_version: str, meta: Doc, blobs: list[bytes]) -> bytes:
    return head(kind, api_version) + b'"metadata":' + encode(meta) + b',"items":[' + b",".join(blobs) + b"]}"
