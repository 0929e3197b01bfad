"""Chinese: what each key of a plan file means, by its path (`[]` for the items of a list)."""

from collections.abc import Mapping

KEYS: Mapping[str, str] = {}
