"""Draws the tables of fields in docs/derive.md: `python -m tests.domain.planning.derive.fields_page` rewrites them."""

from __future__ import annotations

import re
from pathlib import Path

from migrator.domain.planning.derive.fields import TABLES, Becomes
from migrator.wording import render

ON_HOST = " with `network: host`"
PAGE = Path(__file__).parents[4] / "docs" / "derive.md"
MARKED = re.compile(r"(?<=<!-- fields:)(\w+)( -->\n).*?(<!-- /fields -->)", re.DOTALL)


def table(name: str) -> str:
    """Give one object's fields."""
    rows = [
        f"| `{field}` | {fate.becomes}{ON_HOST if fate.on_host else ''} | {_why(fate.becomes, render(fate.why))} |"
        for field, fate in TABLES[name].items()
    ]
    return "\n".join(["| field | what becomes of it | why |", "|---|---|---|", *rows])


def _why(becomes: Becomes, words: str) -> str:
    return "" if becomes is Becomes.KEPT and words.startswith("nothing of it") else words


def drawn(text: str) -> str:
    """Give the page with its tables drawn anew."""
    return MARKED.sub(lambda found: f"{found[1]}{found[2]}{table(found[1])}\n{found[3]}", text)


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
