"""What a key of a plan file means, in a language."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from migrator.wording.language import ENGLISH, LANGUAGES, spoken


def meanings(language: str | None = None) -> Mapping[str, str]:
    """Return the meaning of every key of a plan file by its path, `[]` standing for the items of a list."""
    return {**own_meanings(ENGLISH), **own_meanings(language or spoken())}


def own_meanings(language: str) -> Mapping[str, str]:
    """Return what a language says itself, without what it leaves to English."""
    found: Mapping[str, str] = importlib.import_module(f"{LANGUAGES[language]}.keys").KEYS
    return found
