"""AWS's query protocol: nested values become flat names like `Targets.member.2.Id`, and XML becomes nested values. Pure.

XML says nothing of types: the numbers and flags that the driver reads are known by name, everything else stays text, and
text is what is sent back.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError, fromstring

from migrator.domain.model.manifests import Json, dig, mapping
from migrator.domain.model.outside.reading import DEEPEST, whole_number

NUMBERS = frozenset(
    {
        *("Port", "Weight", "Order", "HealthyThresholdCount", "UnhealthyThresholdCount"),
        *("HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds"),
    }
)
FLAGS = frozenset({"Enabled", "HealthCheckEnabled", "IsDefault"})
LISTS = ("member", "item")
DECLARATION = b"<!DOCTYPE"


def form(action: str, version: str, parameters: dict[str, Json]) -> bytes:
    """Give the body of a call."""
    pairs = [
        ("Action", action),
        ("Version", version),
        *(pair for name in parameters for pair in _flat(name, parameters[name])),
    ]
    return urlencode(pairs).encode()


def _flat(name: str, value: Json) -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case dict():
            for key, part in value.items():
                yield from _flat(f"{name}.{key}", part)
        case list():
            for at, part in enumerate(value, 1):
                yield from _flat(f"{name}.member.{at}", part)
        case bool():
            yield name, str(value).lower()
        case _:
            yield name, str(value)


def read(raw: bytes) -> dict[str, Json]:
    """Give an answer's root element as nested values, without namespaces; ValueError for what is no such XML."""
    if DECLARATION in raw[:1024]:
        raise ValueError("an answer of the API declares no document type")
    try:
        root = fromstring(raw)  # noqa: S314  no document type, hence no entity; expat refuses external ones anyway
    except ParseError as error:
        raise ValueError("no XML") from error
    value = _value(root)
    return {_name(root): value}


def result(answer: dict[str, Json], action: str) -> dict[str, Json]:
    """Give what a call gave: inside `…Result`, or (EC2) right inside `…Response`."""
    if (name := f"{action}Response") not in answer:
        raise ValueError(f"no {name}")
    response = mapping(answer, name)
    return mapping(response, f"{action}Result") if f"{action}Result" in response else response


def fault(answer: dict[str, Json]) -> tuple[str, str, str]:
    """Give code, message and request id of an error answer; "" for what it does not say."""
    for path in (("ErrorResponse", "Error"), ("Response", "Errors", "Error")):
        error = dig(answer, *path)
        if isinstance(error, dict):
            request = dig(answer, path[0], "RequestId") or dig(answer, path[0], "RequestID")
            return str(error.get("Code") or ""), str(error.get("Message") or ""), str(request or "")
    return "", "", ""


def _value(element: Element, below: int = 0) -> Json:
    if below > DEEPEST:
        raise ValueError("too deep")
    children = list(element)
    if not children:
        return _leaf(_name(element), element.text or "")
    if _name(children[0]) in LISTS:
        return [_value(child, below + 1) for child in children]
    if _name(children[0]) == "entry":  # a map, whose entries are numbered when it is sent
        return {"entry": {str(at): _value(child, below + 1) for at, child in enumerate(children, 1)}}
    return {_name(child): _value(child, below + 1) for child in children}


def _leaf(name: str, text: str) -> Json:
    if name in NUMBERS and (found := whole_number(text)) is not None:
        return found
    return text == "true" if name in FLAGS else text


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
