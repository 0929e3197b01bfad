"""What happened during a run, for its charts: steps, verdicts, rests and the turn, coloured by what it means. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from migrator.cli.views.style import BAD, BUSY, GOOD, LOUD, RULINGS, WELL, WORRY
from migrator.cli.views.words import ruled
from migrator.domain.model.runs import Heading
from migrator.domain.model.samples import Ruling
from migrator.wording import label, labelled, render

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from migrator.app.inspect.report import Report

MEANINGS = {GOOD: "well", WELL: "well", WORRY: "worry", BUSY: "busy", BAD: "bad", LOUD: "bad"}
"""The classes of the style sheet, by the colours of the terminal."""

Time: TypeAlias = "tuple[datetime, datetime]"

UNWATCHED = ("left", "died")
RESTS = {"halted": "bad", "died": "bad"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a moment. `kind` is what it means: well, worry, bad or busy."""

    at: datetime
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted: a step, with its number, or a verdict."""

    since: datetime
    until: datetime
    text: str
    kind: str = ""


def meaning(ruling: str) -> str:
    """Return what a ruling means; one that this version does not know is nothing to worry about."""
    return MEANINGS[RULINGS[Ruling(ruling)]] if ruling in set(Ruling) else "busy"


def marks(report: Report) -> tuple[Mark, ...]:
    """Return what a reader of the charts is pointed at: verdicts that are no pass, rests, and the turn."""
    found = [
        Mark(v.at, labelled(ruled(v.ruling), render(v.reason)), meaning(v.ruling))
        for v in report.verdicts
        if v.ruling != Ruling.PASS
    ]
    found += [
        Mark(rest.since, f"{label(rest.what)} {render(rest.why)}".strip(), RESTS.get(rest.what, "worry"))
        for rest in report.interruptions
    ]
    if report.turned:
        found.append(Mark(report.turned.at, labelled("turned back", render(report.turned.why)), "bad"))
    return tuple(sorted(found, key=lambda mark: mark.at))


def steps(report: Report, until: datetime) -> tuple[Span, ...]:
    """Return the steps as they were walked."""
    return tuple(
        Span(
            step.entered_at,
            step.left_at or until,
            f"{label('back')} {render(step.title)}" if step.heading is Heading.BACK else render(step.title),
            "back" if step.heading is Heading.BACK else "",
        )
        for step in report.steps
    )


def unwatched(report: Report, until: datetime) -> tuple[Time, ...]:
    """Return the times in which no process carried the run out: of them nobody knows anything."""
    return tuple((rest.since, rest.until or until) for rest in report.interruptions if rest.what in UNWATCHED)


def watched(since: datetime, until: datetime, gaps: Iterable[Time]) -> list[Time]:
    """Return what is left of a time without the gaps, which follow one another."""
    found, begins = [], since
    for gap_since, gap_until in gaps:
        if gap_since >= until or gap_until <= begins:
            continue
        found += [(begins, gap_since)] if gap_since > begins else []
        begins = gap_until
    return [*found, (begins, until)] if begins < until else found


def verdicts(report: Report, until: datetime) -> tuple[Span, ...]:
    """Return how long each verdict stood; while nobody watched, none did."""
    ends, gaps = [*(v.at for v in report.verdicts[1:]), until], unwatched(report, until)
    return tuple(
        Span(since, to, labelled(ruled(v.ruling), render(v.reason)), meaning(v.ruling))
        for v, end in zip(report.verdicts, ends, strict=False)
        for since, to in watched(v.at, end, gaps)
    )
