"""Which language a command line asks for. It is known before anything is loaded, so that `--help` loads no texts for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SPOKEN = ("en", "zh")
ENGLISH = SPOKEN[0]
VARIABLE = "MIGRATOR_LANG"
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables by which POSIX chooses the language of messages: the first that says anything decides."""

WANTED = "migrator.language"
"""Where a context keeps it, for all below it."""


def wanted(asked: str | None, environ: Mapping[str, str]) -> str:
    """Return the language to speak: what was asked for, else by MIGRATOR_LANG, else by the locale; English for all others."""
    said = (asked, *(environ.get(name) for name in (VARIABLE, *LOCALE)))
    name = next(filter(None, said), ENGLISH).lower()
    return next((language for language in SPOKEN if name.startswith(language)), ENGLISH)


def asked_in(words: Sequence[str]) -> str | None:
    """Return what `--lang` says anywhere in a command line; None where it is not there. The last one decides, as ever."""
    asked = None
    for at, word in enumerate(words):
        name, parted, value = word.partition("=")
        if name == "--lang":
            asked = value if parted else next(iter(words[at + 1 :]), None)
    return asked
