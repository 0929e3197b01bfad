"""The types of the built-in kinds, derived from the models of the installed kubernetes client. It checks nothing.

The client is generated from the API server's own OpenAPI document, so its models have every field of that version
(`attribute_map`: the names in JSON, `openapi_types`: their types). A model is imported when an object first needs it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from migrator.lab.kube.api.kinds import Kind

_WRAPPED = re.compile(r"(List|Dict)\[(?:str, )?(.*)\]")
_SCALARS = frozenset(("str", "int", "bool", "float", "datetime", "bytes"))
_SHARED = {"Event": "CoreV1Event"}  # two groups have the kind; both are stored, and handled here, in core words
_AMOUNTS = "limits requests capacity allocatable hard used sizeLimit divisor min max default defaultRequest"
_QUANTITIES = frozenset((*_AMOUNTS.split(), "maxLimitRequestRatio", "averageValue", "value", "allocatedResources"))
"""Fields that hold quantities, for which numbers are as good as texts (resource.Quantity); the models call them `str`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A type: one of `model`'s fields, a `list` or `map` of `of`, a scalar by its word, or anything (`any`)."""

    word: str
    of: "Shape | None" = None
    model: str = ""


ANY = Shape("any")
_QUANTITY = Shape("quantity")


def shape_of(kind: Kind, version: str) -> Shape:
    """Return the type of a kind's objects; of a custom one only its metadata is known."""
    if kind.custom:
        return Shape("custom")
    word = version[0].upper() + version[1:]
    names = (_SHARED.get(kind.kind, ""), f"{word}{kind.kind}")
    return next((Shape("object", model=name) for name in names if name and _model(name) is not None), ANY)


@cache
def fields(shape: Shape) -> dict[str, Shape]:
    """Return the fields of an object's shape by their names in JSON."""
    if shape.word == "custom":
        return {"metadata": Shape("object", model="V1ObjectMeta")}
    model = _model(shape.model)
    names: dict[str, str] = model.attribute_map
    types: dict[str, str] = model.openapi_types
    return {json: _read(types[name], json in _QUANTITIES) for name, json in names.items()}


def _read(text: str, quantity: bool) -> Shape:
    if found := _WRAPPED.fullmatch(text):
        return Shape("list" if found[1] == "List" else "map", _read(found[2], quantity))
    if text in _SCALARS:
        return _QUANTITY if quantity and text == "str" else Shape(text)
    return ANY if text == "object" or _model(text) is None else Shape("object", model=text)


@cache
def _model(name: str) -> Any:  # Any: the client's model classes have no common type
    from kubernetes import client  # it takes a third of a second, and the server starts without it

    return getattr(client, name, None)
