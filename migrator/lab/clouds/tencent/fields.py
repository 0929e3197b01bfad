"""Read the parameters of a call with the API's own refusals: missing, unknown, of the wrong type, too many, out of range."""

from collections.abc import Mapping
from typing import Any

from migrator.lab.clouds.tencent.errors import ApiError


class Fields:
    """The parameters of one object of a request. `path` is how a refusal names it."""

    def __init__(self, raw: object, path: str = "") -> None:
        """Take a JSON object."""
        if not isinstance(raw, Mapping):
            raise ApiError("InvalidParameter", f"The parameter `{path or 'body'}` is not an object.")
        self._raw: Mapping[str, Any] = raw  # Any: JSON
        self._path = path

    def only(self, *names: str) -> "Fields":
        """Refuse every other parameter."""
        for name in self._raw:
            if name not in names:
                raise ApiError("UnknownParameter", f"The parameter `{self._named(name)}` is not recognized.")
        return self

    def has(self, name: str) -> bool:
        """Return whether `name` is given; null is not given."""
        return self._raw.get(name) is not None

    def text(self, name: str) -> str:
        """Return a required text."""
        value = self.maybe_text(name)
        if value is None:
            raise self._missing(name)
        return value

    def maybe_text(self, name: str) -> str | None:
        """Return a text, or None."""
        value = self._raw.get(name)
        if value is not None and not isinstance(value, str):
            raise self._type(name, "String")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        """Return a required integer within [low, high]."""
        value = self.maybe_number(name, low, high)
        if value is None:
            raise self._missing(name)
        return value

    def maybe_number(self, name: str, low: int, high: int) -> int | None:
        """Return an integer within [low, high], or None."""
        value = self._raw.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._type(name, "Integer")
        if not low <= value <= high:
            text = f"The value of parameter `{self._named(name)}` must be in [{low}, {high}], not {value}."
            raise ApiError("InvalidParameterValue.Range", text)
        return value

    def texts(self, name: str, limit: int) -> list[str]:
        """Return at most `limit` texts; none when not given."""
        values = self._list(name, limit)
        if not all(isinstance(value, str) for value in values):
            raise self._type(name, "Array of String")
        return values

    def rows(self, name: str, limit: int) -> "list[Fields]":
        """Return a required list of 1 to `limit` objects."""
        values = self._list(name, limit)
        if not values:
            raise self._missing(name)
        return [Fields(value, f"{self._named(name)}.{at}") for at, value in enumerate(values)]

    def _list(self, name: str, limit: int) -> list[Any]:  # Any: JSON
        values = self._raw.get(name)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self._type(name, "Array")
        if len(values) > limit:
            text = f"The length of parameter `{self._named(name)}` is {len(values)}, more than {limit}."
            raise ApiError("InvalidParameterValue.Length", text)
        return values

    def _named(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _missing(self, name: str) -> ApiError:
        return ApiError("MissingParameter", f"The request is missing a required parameter `{self._named(name)}`.")

    def _type(self, name: str, wanted: str) -> ApiError:
        return ApiError("InvalidParameter", f"The type of parameter `{self._named(name)}` must be {wanted}.")
