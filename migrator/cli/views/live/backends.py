"""The backends of a run as rows, the worst first; what does not fit is counted below them, and nothing is cut off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.columns import in_cells
from migrator.cli.views.style import BAD, LOUD, WORRY
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Health
from migrator.wording import label, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.app.inspect.status import Status
    from migrator.domain.observation.shown import BackendSeen

INDENT, BETWEEN = 2, 2
WITH_ADDRESS = 110
"""Columns from which on there is room for the address beside the node."""

PIECES = re.compile(r"(?<=[. ])")
"""The places at which a node's name is broken."""

Cells = list[Text]


def lines(status: Status, width: int, most: int) -> list[Text]:
    """Return a heading and at most `most` lines of rows, and how many rows are not shown."""
    look = status.look
    if look is None or not look.backends or not most:
        return []
    head, *table = _table(look.backends, width)
    shown: list[Text] = []
    for number, row in enumerate(table):
        wrapped = _wrapped(row, [head, *table], width)
        if shown and len(shown) + len(wrapped) > most:
            return [*_wrapped(head, [head, *table], width), *shown, _more(len(table) - number + look.others)]
        shown += wrapped
    more = [_more(look.others)] if look.others else []
    return [*_wrapped(head, [head, *table], width), *shown, *more]


def _more(count: int) -> Text:
    return Text(" " * INDENT + render(say("shown.more-rows", rows=count)))


def _table(backends: Sequence[BackendSeen], width: int) -> list[Cells]:
    names = ["side", "node", *(["address"] if width >= WITH_ADDRESS else []), "weight", "health", "conns"]
    head = [Text(label(name), style="bold") for name in (*names, "req/s", "5xx", "4xx", "slow")]
    several = len({row.backend.listener for row in backends}) > 1
    return [head, *(_row(row, several, width >= WITH_ADDRESS) for row in backends)]


def _row(row: BackendSeen, several: bool, with_address: bool) -> Cells:
    where = str(row.backend) if several else str(row.backend).removeprefix(f"{row.backend.listener}/")
    node = row.node or ("" if with_address else where)
    style = LOUD if row.is_sick else BAD if row.bad else ""
    return [
        Text(label(row.side.value) if row.side else label("foreign"), style=style),
        Text(node if with_address or not several or not row.node else f"{node} {row.backend.listener}", style=style),
        *([Text(where)] if with_address else []),
        _weight(row),
        Text(label(row.health.value), style="" if row.health is Health.HEALTHY else style or WORRY),
        Text(_number(row.connections)),
        Text("-" if row.requests is None else f"{row.requests:.1f}"),
        Text(_number(row.bad), style=BAD if row.bad else ""),
        Text(_number(row.client)),
        Text(_number(row.slow), style=WORRY if row.slow else ""),
    ]


def _weight(row: BackendSeen) -> Text:
    now = "-" if row.weight is None else str(row.weight)
    return Text(f"{now}>{row.meant}", style=WORRY) if row.is_apart else Text(now)


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def _wrapped(row: Cells, table: Sequence[Cells], width: int) -> list[Text]:
    """Return a row in columns; a node's name that has no room goes on in the next line."""
    widths = [max(each[number].cell_len for each in table) for number in range(len(row))]
    rest = INDENT + sum(widths) - widths[1] + BETWEEN * (len(row) - 1)
    widths[1] = max(8, min(widths[1], width - rest))
    parts = _parts(row[1].plain, widths[1])
    first = Text(" " * INDENT)
    for number, (cell, room) in enumerate(zip(row, widths, strict=True)):
        text = parts[0] if number == 1 else cell.plain
        first.append(in_cells(text, room, right=number >= len(row) - 5) + " " * BETWEEN, cell.style)
    first.rstrip()
    below = [Text(" " * (INDENT + widths[0] + BETWEEN) + part, row[1].style) for part in parts[1:]]
    return [first, *below]


def _parts(name: str, room: int) -> list[str]:
    """Return a name in parts that fit: after a dot or a space where there is one, and anywhere else where there is none."""
    parts = [""]
    for piece in filter(None, PIECES.split(name)):
        if len(parts[-1]) + len(piece) <= room:
            parts[-1] += piece
        else:
            parts += [piece[at : at + room] for at in range(0, len(piece), room)]
    return list(filter(None, parts)) or [""]
