"""What the server does about fields that an object cannot have: refuse them, warn of them, or drop them without a word.

Source: KEP-2885 (server-side field validation, `fieldValidation`; `Warn` where a request says nothing) and, for apply,
structured-merge-diff, whose refusals reach the client as an internal error, 500."""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.errors import ApiError, bad_request
from migrator.lab.kube.patch.listkeys import ListKeys
from migrator.lab.kube.schema.flaws import Keyless, Mistyped, SchemaFlaw, Twice, Unknown, field_flaws, key_flaws
from migrator.lab.kube.schema.shapes import Shape, fields


class Strictness(StrEnum):
    """The values of `fieldValidation`."""

    STRICT = "Strict"
    WARN = "Warn"
    IGNORE = "Ignore"


def strictness(asked: str) -> Strictness:
    """Return what a request's `fieldValidation` says; raises ApiError 422 for an unknown word."""
    try:
        return Strictness(asked or Strictness.WARN)
    except ValueError as error:
        text = f'fieldValidation: Unsupported value: "{asked}": supported values: "", "Ignore", "Strict", "Warn"'
        raise ApiError(422, "Invalid", f'PatchOptions.meta.k8s.io "" is invalid: {text}') from error


def decoded(doc: Doc, shape: Shape, how: Strictness, title: str, repeated: Iterable[str] = ()) -> tuple[Doc, list[str]]:
    """Return a sent object without what its type does not have, and the warnings; raises ApiError 400.

    `repeated` are the keys that its text holds twice; `title` names it in a refusal."""
    found = list(field_flaws(doc, shape))
    mistyped = next((flaw for flaw in found if isinstance(flaw, Mistyped)), None)
    if mistyped is not None:
        where = mistyped.path.lstrip(".") or "object"
        text = f"json: cannot unmarshal {mistyped.found} into Go struct field {where} of type {mistyped.wanted}"
        raise bad_request(f"{title}: {text}")
    told = [f'unknown field "{flaw.path.lstrip(".")}"' for flaw in found]
    told += [f'duplicate field "{name}"' for name in repeated]
    if told and how is Strictness.STRICT:
        raise bad_request(f"{title}: strict decoding error: {', '.join(told)}")
    return (_known(doc, shape) if found else doc), told if how is Strictness.WARN else []


def _known(value: Any, shape: Shape) -> Any:
    if shape.word in ("object", "custom") and isinstance(value, dict):
        known = fields(shape)
        kept = {name: part for name, part in value.items() if name in known or shape.word == "custom"}
        return {name: _known(part, known[name]) if name in known else part for name, part in kept.items()}
    if shape.of is None:
        return value
    if isinstance(value, list):
        return [_known(part, shape.of) for part in value]
    return {name: _known(part, shape.of) for name, part in value.items()} if isinstance(value, dict) else value


def require_typed(applied: Doc, shape: Shape, keys: ListKeys, title: str) -> None:
    """Raise ApiError 500 for an applied configuration that is no object of its type: fields, types, keys of lists."""
    texts = [_told(flaw) for flaw in _apply_flaws(applied, shape, keys)]
    if texts:
        words = texts[0] if len(texts) == 1 else "errors:\n" + "\n".join(f"  {text}" for text in texts)
        raise ApiError(500, "", f"failed to create typed patch object ({title}): {words}")


def _apply_flaws(applied: Doc, shape: Shape, keys: ListKeys) -> Iterator[SchemaFlaw]:
    yield from field_flaws(applied, shape)
    yield from key_flaws(applied, keys)


def _told(flaw: SchemaFlaw) -> str:
    match flaw:
        case Unknown(path):
            return f"{path}: field not declared in schema"
        case Mistyped(path, wanted, found):
            return f"{path}: expected {wanted}, got {found}"
        case Twice(path, key):
            return f"{path}: duplicate entries for key {key}"
        case Keyless(path, at, key):
            lacks = f'an element that omits key field "{key}" (and doesn\'t have default value)'
            return f"{path}: element {at}: associative list with keys has {lacks}"


def repeated_keys(body: bytes) -> list[str]:
    """Return the keys that a JSON text holds twice in one object; nothing for what is no JSON."""
    found: list[str] = []

    def seen(pairs: list[tuple[str, Any]]) -> Doc:
        names = [name for name, _ in pairs]
        found.extend(name for at, name in enumerate(names) if name in names[:at])
        return dict(pairs)

    try:
        json.loads(body, object_pairs_hook=seen)
    except ValueError:
        return []
    return found
