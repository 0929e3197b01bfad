"""The runs of a store as the rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.cli.views.style import STATES
from migrator.cli.views.words import moment
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Listed


@dataclass(frozen=True, slots=True)
class Row:
    """A run: where its page is, its name, what is told of it, and what somebody has to act on."""

    to: str
    words: str
    cells: tuple[str, ...]
    loud: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The page of the runs."""

    rows: tuple[Row, ...]
    title: str = "Runs"
    state: str = ""
    none: str = "No run yet."
    columns: tuple[str, ...] = ("run", "state", "heading", "step", "updated", "note")


def listed(runs: Sequence[Listed]) -> Listing:
    """Return the rows, the newest run first."""
    return Listing(rows=tuple(_row(each) for each in runs))


def _row(each: Listed) -> Row:
    run = each.run
    step = f"{render(each.titles[run.cursor])} ({run.cursor + 1} of {len(each.titles)})" if each.titles else ""
    cells = (STATES[run.state].word, run.heading.value, step, moment(run.updated_at))
    return Row(f"/runs/{run.id}", f"{run.id} {run.name}", cells, "" if each.watched else "nobody watches")
