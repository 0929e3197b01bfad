"""The query protocol: flat names like `Targets.member.2.Id` in, nested values out; nested values in, XML out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from migrator.lab.clouds.aws.errors import invalid

NAMESPACE = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"
Row = dict[str, Any]  # Any: the query protocol's values are texts, lists and rows


def parsed(body: bytes) -> Row:
    """Return the parameters of a body; `X.member.N` are lists in their order."""
    tree: Row = {}
    for name, value in parse_qsl(body.decode(), keep_blank_values=True):
        at = tree
        *path, last = name.split(".")
        for part in path:
            at = at.setdefault(part, {})
            if not isinstance(at, dict):
                raise invalid(f"{name} is given as a value and as a structure")
        at[last] = value
    return {name: _value(value) for name, value in tree.items()}


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"member"} and isinstance(value["member"], dict):
        members: dict[str, Any] = value["member"]
        if not all(name.isdigit() for name in members):
            raise invalid("the members of a list are numbered")
        return [_value(members[name]) for name in sorted(members, key=int)]
    return {name: _value(part) for name, part in value.items()}


def rows(parameters: Mapping[str, Any], name: str) -> list[Row]:
    """Return a list of structures; [] where it is missing."""
    listed = parameters.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise invalid(f"{name} is a list of structures")
    return listed


def texts(parameters: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of texts; [] where it is missing."""
    listed = parameters.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise invalid(f"{name} is a list of texts")
    return listed


def text(parameters: Mapping[str, Any], name: str) -> str:
    """Return a text that must be there."""
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"The request must contain the parameter {name}")
    return value


def whole(parameters: Mapping[str, Any], name: str, low: int, high: int, usual: int | None = None) -> int:
    """Return a number in a range, or the usual one where it is missing."""
    value = parameters.get(name, None if usual is None else str(usual))
    if not isinstance(value, str) or not value.isdigit() or not low <= int(value) <= high:
        raise invalid(f"{name} is a number from {low} to {high}, not {value!r}")
    return int(value)


def answer(action: str, result: Row, call_id: str, namespace: str = NAMESPACE) -> str:
    """Return the XML of a success."""
    inner = _xml(f"{action}Result", result)
    return (
        f'<{action}Response xmlns="{namespace}">{inner}<ResponseMetadata><RequestId>{call_id}</RequestId>'
        f"</ResponseMetadata></{action}Response>"
    )


def fault(code: str, message: str, call_id: str) -> str:
    """Return the XML of an error."""
    inner = _xml("Error", {"Type": "Sender", "Code": code, "Message": message})
    return f'<ErrorResponse xmlns="{NAMESPACE}">{inner}<RequestId>{call_id}</RequestId></ErrorResponse>'


def _xml(name: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f"<{name}>{str(value).lower()}</{name}>"
        case dict():
            return f"<{name}>{''.join(_xml(key, part) for key, part in value.items())}</{name}>"
        case list():
            return f"<{name}>{''.join(_xml('member', part) for part in value)}</{name}>"
        case _:
            return f"<{name}>{escape(str(value))}</{name}>"
