"""A sheet as Markdown, for a ticket or a pull request. Text of others is escaped: it makes no markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.cli.views.page.sheet import Block, Sheet, Table
from migrator.domain.messages.foreign import in_a_line

_TICKS = re.compile(r"`+")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def page(sheet: Sheet) -> str:
    """Return the page."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"# {_plain(sheet.title)}: {_plain(sheet.state)}"
    for remark in sheet.remarks:
        yield ""
        yield _plain(remark)
    for table in sheet.tables:
        yield ""
        yield from _table(table)
    for block in sheet.blocks:
        yield ""
        yield from _block(block)


def _table(table: Table) -> Iterator[str]:
    yield f"## {_plain(table.title)}"
    yield ""
    yield _row(table.columns)
    yield _row(("---",) * len(table.columns), escaped=False)
    for row in table.rows:
        yield _row(row)


def _block(block: Block) -> Iterator[str]:
    """Give a block between fences that are longer than any in its text."""
    lines = [in_a_line(line) for line in block.lines]
    fence = "`" * max(3, 1 + max((len(run) for line in lines for run in _TICKS.findall(line)), default=0))
    yield f"## {_plain(block.title)}"
    yield ""
    yield f"{fence}{block.language}"
    yield from lines
    yield fence


def _row(cells: tuple[str, ...], escaped: bool = True) -> str:
    return f"| {' | '.join(_plain(cell) if escaped else cell for cell in cells)} |"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", in_a_line(text))
