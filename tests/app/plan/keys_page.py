"""Draws docs/plan-file.md, every key of a plan file, and writes the schema beside the plan files: `python -m
tests.app.plan.keys_page` does both anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from migrator.app.plan.keys import Key, explained, published
from migrator.wording import render
from migrator.wording.keys import meanings

PAGE = Path(__file__).parents[3] / "docs" / "plan-file.md"
SCHEMA = Path(__file__).parents[3] / "plans" / "migrator.schema.json"
HEAD = """# Every key of a plan file

Drawn from the schema that `migrator schema` prints; `migrator explain KEY` says the same of one key. `plans/full.yaml`
has all of them in one file. Durations are text with units (`500ms`, `30s`, `10m`, `1h30m`, `2d`); percentages have
their sign (`0.1%`). `[]` stands for an entry of a list. A key without a default must be written, or means that there is
none.
"""
COLUMNS = "\n| key | meaning | what may stand there | default |\n|---|---|---|---|"


def page() -> str:
    """Give the whole page: a section for the file's head, and one for each key of `spec`."""
    sections: dict[str, list[str]] = {}
    for path in meanings():
        parts = path.split(".")
        title = f"spec.{parts[1]}" if parts[0] == "spec" and len(parts) > 1 else "The head"
        sections.setdefault(title.replace("[]", ""), []).append(_row(explained(path)))
    return "\n".join([HEAD, *_written(sections)]) + "\n"


def _written(sections: dict[str, list[str]]) -> Iterator[str]:
    for title, rows in sections.items():
        name = title if title == "The head" else f"`{title}`"
        yield "\n".join([f"## {name}", COLUMNS, *rows, ""])


def _row(key: Key) -> str:
    must = " (must be there)" if key.required else ""
    usual = f"`{_cell(key.usual)}`" if key.usual is not None else ""
    return f"| `{key.path}` | {_cell(key.meaning)}{must} | {_cell(render(key.allowed))} | {usual} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def text_of_schema() -> str:
    """Give the schema as it lies beside the plan files, for editors."""
    return json.dumps(published(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text_of_schema(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
