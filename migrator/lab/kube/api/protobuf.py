"""The few protobuf bodies that kubectl sends (create namespace|configmap|secret|serviceaccount, drain, auth can-i), as
JSON objects. Every other kind is refused with 415. Field numbers: the generated.proto files of k8s.io/api."""

import base64
from collections.abc import Iterator
from typing import Any

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.errors import bad_request, wrong_media

MEDIA = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\x00"
_TEXT, _INT, _BOOL, _MAP, _BYTES_MAP, _TEXTS = "text", "int", "bool", "map", "bytes map", "texts"
_Fields = dict[int, tuple[str, Any]]  # number -> JSON name, one of the words above or nested fields

_META: _Fields = {
    1: ("name", _TEXT),
    2: ("generateName", _TEXT),
    3: ("namespace", _TEXT),
    11: ("labels", _MAP),
    12: ("annotations", _MAP),
}
_PRECONDITIONS: _Fields = {1: ("uid", _TEXT), 2: ("resourceVersion", _TEXT)}
_DELETE: _Fields = {
    1: ("gracePeriodSeconds", _INT),
    2: ("preconditions", _PRECONDITIONS),
    3: ("orphanDependents", _BOOL),
    4: ("propagationPolicy", _TEXT),
    5: ("dryRun", _TEXTS),
}
_WORDS = "namespace verb group version resource subresource name"
_ATTRIBUTES: _Fields = {number: (name, _TEXT) for number, name in enumerate(_WORDS.split(), 1)}
_OTHER_ATTRIBUTES: _Fields = {1: ("path", _TEXT), 2: ("verb", _TEXT)}
_ACCESS: _Fields = {1: ("resourceAttributes", _ATTRIBUTES), 2: ("nonResourceAttributes", _OTHER_ATTRIBUTES)}
_NAMED: _Fields = {1: ("metadata", _META)}
_KINDS: dict[str, _Fields] = {
    "Namespace": _NAMED,
    "ServiceAccount": _NAMED,
    "ConfigMap": _NAMED | {2: ("data", _MAP), 3: ("binaryData", _BYTES_MAP)},
    "Secret": _NAMED | {2: ("data", _BYTES_MAP), 3: ("type", _TEXT), 4: ("stringData", _MAP)},
    "Eviction": _NAMED | {2: ("deleteOptions", _DELETE)},
    "DeleteOptions": _DELETE,
    "SelfSubjectAccessReview": _NAMED | {2: ("spec", _ACCESS)},
    "SelfSubjectRulesReview": _NAMED | {2: ("spec", {1: ("namespace", _TEXT)})},
}


def decoded(body: bytes) -> Doc:
    """Return the object of a protobuf body; raises ApiError 400 if it is malformed, 415 for a kind not known here."""
    if not body.startswith(_MAGIC):
        raise bad_request("the protobuf body does not begin with k8s\\0")
    try:
        envelope = dict(_fields(memoryview(body)[4:]))
        names = dict(_fields(envelope[1]))
        api_version, kind = bytes(names[1]).decode(), bytes(names[2]).decode()
        if kind not in _KINDS:
            raise wrong_media(f"this server reads no protobuf {kind}: send application/json")
        return {"apiVersion": api_version, "kind": kind, **_message(envelope.get(2, memoryview(b"")), _KINDS[kind])}
    except (KeyError, IndexError, TypeError, UnicodeDecodeError) as error:
        raise bad_request(f"the protobuf body is malformed: {error}") from error


def _message(blob: memoryview, fields: _Fields) -> Doc:
    doc: Doc = {}
    for number, value in _fields(blob):
        if number not in fields:
            continue
        name, shape = fields[number]
        if shape in (_MAP, _BYTES_MAP):
            key, item = _entry(value, shape)
            doc.setdefault(name, {})[key] = item
        elif shape == _TEXTS:
            doc.setdefault(name, []).append(bytes(value).decode())
        elif (decoded := _value(value, shape)) not in ("", {}):
            doc[name] = decoded
    return doc


def _value(value: Any, shape: Any) -> Any:
    if isinstance(shape, dict):
        return _message(value, shape)
    if shape == _TEXT:
        return bytes(value).decode()
    return bool(value) if shape == _BOOL else value


def _entry(value: memoryview, shape: str) -> tuple[str, str]:
    pair = dict(_fields(value))
    key, item = bytes(pair.get(1, b"")).decode(), bytes(pair.get(2, b""))
    return key, item.decode() if shape == _MAP else base64.b64encode(item).decode()


def _fields(blob: memoryview) -> Iterator[tuple[int, Any]]:
    """Yield number and value of each field: an int, or the bytes of a string, message or map entry."""
    at = 0
    while at < len(blob):
        tag, at = _varint(blob, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(blob, at)
            yield number, value
        elif wire == 2:
            size, at = _varint(blob, at)
            yield number, blob[at : at + size]
            at += size
        else:
            raise TypeError(f"wire type {wire}")


def _varint(blob: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = blob[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise TypeError("varint too long")
