"""The parameters of a call, from query and form alike: flattened lists put together again, wrong values refused."""

import json
import re
from collections.abc import Mapping
from typing import Any

from migrator.lab.clouds.aliyun.rpc.errors import ApiError, missing

_ROW = re.compile(r"(?P<list>[A-Za-z]+)\.(?P<at>\d+)(?:\.(?P<field>[A-Za-z]+))?")
Row = dict[str, Any]  # Any: JSON values


class Parameters:
    """The parameters by name. A list is `Name.1`, `Name.2`, or of objects `Name.1.Field`."""

    def __init__(self, raw: Mapping[str, str]) -> None:
        """Take query and form together."""
        self._raw = raw

    def text(self, name: str) -> str:
        """Return a required text."""
        if not (value := self._raw.get(name, "")):
            raise missing(name)
        return value

    def maybe(self, name: str) -> str:
        """Return a text, or ""."""
        return self._raw.get(name, "")

    def yes(self, name: str) -> bool:
        """Read a boolean; the Python SDK writes them as `True`."""
        return self._raw.get(name, "").lower() == "true"

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """Return an integer within [low, high]."""
        return whole(self._raw.get(name, default), name, low, high)

    def texts(self, name: str, limit: int) -> list[str]:
        """Return a flattened list of texts."""
        values = [value for key, value in self._ordered(name) if not key]
        if len(values) > limit:
            raise ApiError(400, f"IllegalParam.{name}", f"{len(values)} of `{name}` are more than {limit}.")
        return values

    def rows(self, name: str) -> list[Row]:
        """Return a flattened list of objects."""
        rows: dict[int, Row] = {}
        for key, value in self._raw.items():
            match = _ROW.fullmatch(key)
            if match and match["list"] == name and match["field"]:
                rows.setdefault(int(match["at"]), {})[match["field"]] = value
        return [rows[at] for at in sorted(rows)]

    def documents(self, name: str) -> list[Row]:
        """Return the objects of a list that stands in the parameter as JSON text."""
        try:
            listed = json.loads(self.text(name))
        except ValueError as error:
            raise ApiError(400, f"{name}Malformed", f"`{name}` is not JSON.") from error
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            raise ApiError(400, f"{name}Malformed", f"`{name}` is not a list of objects.")
        return listed

    def listed(self, name: str) -> list[str]:
        """Return the texts of a list that stands in the parameter as JSON text; none when not given."""
        if not self._raw.get(name):
            return []
        try:
            return [str(item) for item in json.loads(self._raw[name])]
        except (ValueError, TypeError) as error:
            raise ApiError(400, "InvalidParameter", f"`{name}` is not a JSON list.") from error

    def _ordered(self, name: str) -> list[tuple[str, str]]:
        matches = [(match, value) for key, value in self._raw.items() if (match := _ROW.fullmatch(key))]
        mine = [(int(match["at"]), match["field"] or "", value) for match, value in matches if match["list"] == name]
        return [(field, value) for _, field, value in sorted(mine)]


def whole(value: object, name: str, low: int, high: int, code: str = "InvalidParameter") -> int:
    """Read an integer that may be written as text; `ApiError` with `code` when it is none, or out of [low, high]."""
    text = str(value)
    if isinstance(value, bool) or not text.isdigit() or not low <= int(text) <= high:
        raise ApiError(400, code, f"`{name}` must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)
