"""Which language a process speaks to people. It is said once, when a command begins, so that nobody has to carry it along."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH, CHINESE = "en", "zh"
LANGUAGES: Mapping[str, str] = {ENGLISH: "migrator.wording.en", CHINESE: "migrator.wording.zh"}
"""Where each language has its data (`texts.py` names the modules). A further language is a further line."""

_spoken = ENGLISH


def speak(language: str) -> None:
    """Speak this language from now on, in every thread of this process."""
    global _spoken
    _spoken = language


def spoken() -> str:
    """Return the language that this process speaks: English until something else was said."""
    return _spoken
