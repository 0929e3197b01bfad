"""Names, labels, owner references and finalizers: the rules of metadata, which every kind shares."""

import re
from collections.abc import Iterator

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.errors import Flaw, bad_value, required
from migrator.lab.kube.api.kinds import Kind

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(rf"{_LABEL.pattern}(\.{_LABEL.pattern})*")
_SERVICE = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_WORD = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
    " and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
    " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with"
    " an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
    " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
_SERVICE_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character,"
    " and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is"
    " '[a-z]([-a-z0-9]*[a-z0-9])?')"
)
_VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and"
    " end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
    " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_FREE_NAMES = {"roles", "rolebindings", "clusterroles", "clusterrolebindings"}
_KEPT = ("uid", "creationTimestamp", "namespace", "name")


def metadata_flaws(kind: Kind, meta: Doc, old: Doc | None) -> Iterator[Flaw]:
    """Yield the flaws of metadata; with `old`, also of its change."""
    if old is None:
        yield from _name_flaws(kind, str(meta.get("name", "")))
    yield from label_flaws("metadata.labels", within(meta, "labels"))
    yield from _annotation_flaws(within(meta, "annotations"))
    for at, owner in enumerate(rows(meta, "ownerReferences")):
        for name in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(name):
                yield required(f"metadata.ownerReferences[{at}].{name}", "must not be empty")
    for finalizer in meta.get("finalizers") or ():
        if not _WORD.fullmatch(str(finalizer).rpartition("/")[2]):
            yield bad_value("metadata.finalizers", finalizer, "name part must consist of alphanumeric characters")
    if old is not None:
        yield from _change_flaws(meta, old)


def label_flaws(path: str, labels: Doc) -> Iterator[Flaw]:
    """Yield the flaws of a map of labels."""
    for key, value in labels.items():
        if not isinstance(value, str) or len(value) > 63 or (value and not _WORD.fullmatch(value)):
            yield bad_value(path, value, _VALUE_TEXT)
        yield from key_flaws(path, key)


def key_flaws(path: str, key: str) -> Iterator[Flaw]:
    """Yield the flaws of a qualified name, such as `app` or `example.com/app`."""
    prefix, _, word = key.rpartition("/")
    if not _WORD.fullmatch(word) or len(word) > 63:
        yield bad_value(path, key, "name part must consist of alphanumeric characters, '-', '_' or '.'")
    if "/" in key and not _SUBDOMAIN.fullmatch(prefix):
        yield bad_value(path, key, f"prefix part {_SUBDOMAIN_TEXT}")


def is_label(text: str) -> bool:
    """Return whether `text` is an RFC 1123 label of at most 63 characters."""
    return len(text) <= 63 and bool(_LABEL.fullmatch(text))


def _annotation_flaws(annotations: Doc) -> Iterator[Flaw]:
    for key in annotations:
        yield from key_flaws("metadata.annotations", key.lower())
    if sum(len(key) + len(str(value)) for key, value in annotations.items()) > 256 * 1024:
        yield Flaw("metadata.annotations", "Too long: must have at most 262144 bytes", "FieldValueTooLong")


def _name_flaws(kind: Kind, name: str) -> Iterator[Flaw]:
    if not name:
        yield required("metadata.name", "name or generateName is required")
        return
    if kind.plural in _FREE_NAMES and not kind.custom:
        if "/" in name or "%" in name or name in (".", ".."):
            yield bad_value("metadata.name", name, "may not contain '/'")
        return
    pattern, text, longest = _SUBDOMAIN, _SUBDOMAIN_TEXT, 253
    if kind.storage == ("", "namespaces"):
        pattern, text, longest = _LABEL, _LABEL_TEXT, 63
    elif kind.storage == ("", "services"):
        pattern, text, longest = _SERVICE, _SERVICE_TEXT, 63
    if not pattern.fullmatch(name):
        yield bad_value("metadata.name", name, text)
    elif len(name) > longest:
        yield bad_value("metadata.name", name, f"must be no more than {longest} characters")


def _change_flaws(meta: Doc, old: Doc) -> Iterator[Flaw]:
    for name in _KEPT:
        if meta.get(name) != old.get(name):
            yield bad_value(f"metadata.{name}", meta.get(name), "field is immutable")
    if old.get("deletionTimestamp"):
        added = [word for word in meta.get("finalizers") or () if word not in (old.get("finalizers") or ())]
        if added:
            text = "no new finalizers can be added if the object is being deleted, found new finalizers "
            shown = "[" + ", ".join(f'"{word}"' for word in added) + "]"
            yield Flaw("metadata.finalizers", f"Forbidden: {text}{shown}", "FieldValueForbidden")
