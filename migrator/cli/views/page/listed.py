"""The runs of a store as the rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.cli.views.style import STATES
from migrator.domain.messages.message import say
from migrator.wording import label, labels, render
from migrator.wording.times import moment

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
    title: str
    none: str
    columns: tuple[str, ...]
    state: str = ""


def listed(runs: Sequence[Listed]) -> Listing:
    """Return the rows, the newest run first."""
    return Listing(
        rows=tuple(_row(each) for each in runs),
        title=label("Runs"),
        none=render(say("shown.no-run")),
        columns=labels("run", "state", "heading", "step", "updated", "note"),
    )


def _row(each: Listed) -> Row:
    run = each.run
    place = render(say("shown.place", at=run.cursor + 1, of=len(each.titles)))
    step = f"{render(each.titles[run.cursor])} {place}" if each.titles else ""
    cells = (STATES[run.state].word, label(run.heading.value), step, moment(run.updated_at))
    return Row(f"/runs/{run.id}", f"{run.id} {run.name}", cells, "" if each.watched else label("nobody watches"))
