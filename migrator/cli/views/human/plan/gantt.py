"""A plan's timeline as bars in 80 columns: when each step is expected to run, and up to when it may."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from migrator.cli.views.columns import in_cells
from migrator.cli.views.style import ASCII, BAD, BUSY, DONE, GOOD, LEFT, WORRY
from migrator.cli.views.words import way_back, whole, worst
from migrator.domain.messages.message import say
from migrator.domain.planning.timeline import Span, Timeline
from migrator.wording import label, labels, render

NAMES, NUMBER, BARS = 19, 12, 23
LEAST = 8
"""Columns that are left to the bars beside long names."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The columns of one drawing: the longer the names of the steps, the shorter the bars."""

    times: Timeline
    unicode: bool
    names: int
    bars: int


def lines(times: Timeline, unicode: bool = True) -> list[Text]:
    """Return the header, a line per step, the point of no return, and the sum."""
    frame = _frame(times, unicode)
    numbers = "".join(in_cells(name, NUMBER, right=True) for name in labels("expected", "worst", "way back"))
    shown = [Text(f"{in_cells(label('step'), frame.names)}{numbers}  {_scale(times.expected, frame.bars)}", "dim")]
    for index, span in enumerate(times.spans):
        if index == times.last_return:
            shown.append(Text(_ruled(f" {label('point of no return')} ", frame), BAD))
        shown.append(_line(span, frame))
    sums = "".join(in_cells(whole(seconds), NUMBER, right=True) for seconds in (times.expected, times.worst))
    shown.append(Text(f"{in_cells(label('all'), frame.names)}{sums}", "bold"))
    if times.waits_for_person:
        shown.append(Text(render(say("shown.people-too")), WORRY))
    return shown


def _scale(expected: float, bars: int) -> str:
    """Return what stands above the bars: where they begin and end, as far as there is room for it; the sum says it too."""
    first, end = whole(0), whole(expected)
    if cell_len(f"{first} {end}") <= bars:
        return first + in_cells(end, bars - cell_len(first), right=True)
    return in_cells(end, bars, right=True) if cell_len(end) <= bars else ""


def _frame(times: Timeline, unicode: bool) -> Frame:
    names = max(NAMES, *(cell_len(render(span.title)) + 1 for span in times.spans))
    return Frame(times, unicode, names, max(LEAST, BARS + NAMES - names))


def _ruled(words: str, frame: Frame) -> str:
    """Return the words in the middle of a line."""
    twice = len(words) - cell_len(words)  # `center` counts a Chinese sign once
    return words.center(frame.names + 3 * NUMBER + 2 + frame.bars + twice, "─" if frame.unicode else "-")


def _line(span: Span, frame: Frame) -> Text:
    style = BAD if span.back is None else GOOD if span.shifts else BUSY
    return Text.assemble(
        f"{in_cells(render(span.title), frame.names)}{in_cells(whole(span.expected), NUMBER, right=True)}",
        (in_cells(worst(span), NUMBER, right=True), WORRY if span.worst is None else ""),
        (in_cells(way_back(span), NUMBER, right=True), BAD if span.back is None else ""),
        "  ",
        (_bar(span, frame), style),
    )


def _bar(span: Span, frame: Frame) -> str:
    """Return the bar: full for what is expected, faint up to the worst (to the edge where a person decides)."""
    scale, bars = frame.times.expected or 1.0, frame.bars
    first = min(bars - 1, int(span.start / scale * bars))
    last = min(bars, max(first + 1, round(span.end / scale * bars)))
    edge = scale if span.worst is None else span.start + span.worst
    far = min(bars, max(last, round(edge / scale * bars)))
    bar = " " * first + DONE * (last - first) + LEFT * (far - last)
    return bar if frame.unicode else bar.translate(ASCII)
