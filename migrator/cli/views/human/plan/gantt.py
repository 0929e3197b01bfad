"""A plan's timeline as bars in 80 columns: when each step is expected to run, and up to when it may."""

from __future__ import annotations

from rich.text import Text

from migrator.cli.views.style import ASCII, DONE, LEFT
from migrator.cli.views.words import way_back, whole, worst
from migrator.domain.planning.timeline import Span, Timeline
from migrator.wording import render

NAMES, NUMBER, BARS = 19, 12, 23


def lines(times: Timeline, unicode: bool = True) -> list[Text]:
    """Return the header, a line per step, the point of no return, and the sum."""
    head = f"{'step':<{NAMES}}{'expected':>{NUMBER}}{'worst':>{NUMBER}}{'way back':>{NUMBER}}"
    shown = [Text(f"{head}  0 s{whole(times.expected):>{BARS - 3}}", "dim")]
    for index, span in enumerate(times.spans):
        if index == times.last_return:
            words = " point of no return "
            shown.append(Text(words.center(NAMES + 3 * NUMBER + 2 + BARS, "─" if unicode else "-"), "red"))
        shown.append(_line(span, times, unicode))
    shown.append(Text(f"{'all':<{NAMES}}{whole(times.expected):>{NUMBER}}{whole(times.worst):>{NUMBER}}", "bold"))
    if times.waits_for_person:
        shown.append(Text("to the worst case add the time that people take to answer", "yellow"))
    return shown


def _line(span: Span, times: Timeline, unicode: bool) -> Text:
    style = "red" if span.back is None else "green" if span.shifts else "cyan"
    return Text.assemble(
        f"{render(span.title)[: NAMES - 1]:<{NAMES}}{whole(span.expected):>{NUMBER}}",
        (f"{worst(span):>{NUMBER}}", "yellow" if span.worst is None else ""),
        (f"{way_back(span):>{NUMBER}}", "red" if span.back is None else ""),
        "  ",
        (_bar(span, times, unicode), style),
    )


def _bar(span: Span, times: Timeline, unicode: bool) -> str:
    """Return the bar: full for what is expected, faint up to the worst (to the edge where a person decides)."""
    scale = times.expected or 1.0
    first = min(BARS - 1, int(span.start / scale * BARS))
    last = min(BARS, max(first + 1, round(span.end / scale * BARS)))
    edge = scale if span.worst is None else span.start + span.worst
    far = min(BARS, max(last, round(edge / scale * BARS)))
    bar = " " * first + DONE * (last - first) + LEFT * (far - last)
    return bar if unicode else bar.translate(ASCII)
