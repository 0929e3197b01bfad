"""What a key of a plan file means, in a language."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from migrator.wording.catalogue import LANGUAGES


def meanings(language: str = "en") -> Mapping[str, str]:
    """Return the meaning of every key of a plan file by its path, `[]` standing for the items of a list."""
    found: Mapping[str, str] = importlib.import_module(f"{LANGUAGES[language]}.keys").KEYS
    return found
