"""A value as canonical JSON, and what of it is compared. Pure."""

from __future__ import annotations

import hashlib
import json
import re

from migrator.domain.model.manifests import Json

_FOR_PEOPLE = re.compile(r'"#\w+":"(?:[^"\\]|\\.)*",?')


def plain(value: Json) -> str:
    """Give canonical JSON: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def compared(value: Json) -> str:
    """Give what is compared of a value as canonical JSON: all but the texts under keys that begin with `#`, for people.

    Such a key is the first of its object, for the keys are sorted; inside a text its quotes would be escaped.
    """
    return _FOR_PEOPLE.sub("", plain(value))


def digest(unit: Json) -> str:
    """Give 32 hex digits of what is compared of a unit."""
    return hashlib.blake2b(compared(unit).encode(), digest_size=16).hexdigest()
