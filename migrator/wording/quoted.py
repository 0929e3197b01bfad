"""A text of the catalogue as pages quote it: with … where a run puts its values. It fills nothing in."""

from __future__ import annotations

import re

from migrator.wording.catalogue import catalogue
from migrator.wording.template import Optional, Parts, Slot, parsed

LEFT_OUT = "…"


def quoted(code: str, language: str) -> str:
    """Return a code's text with … for its values, and without the parts that may be left out; "" for a code without text."""
    of = catalogue(language)
    text = _quoted(parsed(of.text(code) or ""), of.words[""].get("plural", ""))
    return re.sub(rf"{LEFT_OUT}(?:\s*{LEFT_OUT})+", LEFT_OUT, " ".join(text.split()))


def _quoted(parts: Parts, ending: str) -> str:
    return "".join(_shown(part, ending) for part in parts if not isinstance(part, Optional))


def _shown(part: str | Slot | Optional, ending: str) -> str:
    if not isinstance(part, Slot):
        return str(part)
    how, _, words = part.how.partition(" ")
    one, _, many = words.partition("|")
    if how == "choose":
        return many
    return f"{LEFT_OUT} {many or one + ending}" if how == "count" else LEFT_OUT
