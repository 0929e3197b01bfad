"""A plan's timeline as bars in 80 columns: when each step is expected to run, and up to when it may."""

from __future__ import annotations

from rich.text import Text

from migrator.cli.views.plan_text import duration
from migrator.domain.planning.timeline import Span, Timeline
from migrator.wording import render

NAMES, NUMBERS, BARS = 15, 27, 36
FULL, MAYBE = "█", "░"
PLAIN = {FULL: "#", MAYBE: "."}


def lines(found: Timeline, unicode: bool = True) -> list[Text]:
    """Give the header, a line per step, the point of no return, and the sum."""
    shown = [Text(f"{'step':<{NAMES}}{'expected':>9}{'worst':>9}{'way back':>9}  0s{_scale(found):>{BARS - 2}}", "dim")]
    for index, span in enumerate(found.spans):
        if index == found.last_return:
            words = " point of no return "
            shown.append(Text(words.center(NAMES + NUMBERS + 2 + BARS, "─" if unicode else "-"), "red"))
        shown.append(_line(span, found, unicode))
    shown.append(Text(f"{'all':<{NAMES}}{duration(found.expected):>9}{duration(found.worst):>9}", "bold"))
    if found.waits_for_person:
        shown.append(Text("to the worst case add the time that people take to answer", "yellow"))
    return shown


def _scale(found: Timeline) -> str:
    return duration(found.expected)


def _line(span: Span, found: Timeline, unicode: bool) -> Text:
    worst = "a person" if span.worst is None else duration(span.worst)
    back = "none" if span.back is None else duration(span.back.traffic)
    colour = "red" if span.back is None else "green" if span.shifts else "cyan"
    return Text.assemble(
        f"{render(span.title)[: NAMES - 1]:<{NAMES}}{duration(span.expected):>9}",
        (f"{worst:>9}", "yellow" if span.worst is None else ""),
        (f"{back:>9}", "red" if span.back is None else ""),
        "  ",
        (_bar(span, found, unicode), colour),
    )


def _bar(span: Span, found: Timeline, unicode: bool) -> str:
    """Give the bar: full for what is expected, faint up to the worst (to the edge where a person decides)."""
    whole = found.expected or 1.0
    first = min(BARS - 1, int(span.start / whole * BARS))
    last = min(BARS, max(first + 1, round(span.end / whole * BARS)))
    worst = whole if span.worst is None else span.start + span.worst
    far = min(BARS, max(last, round(worst / whole * BARS)))
    bar = " " * first + FULL * (last - first) + MAYBE * (far - last)
    return bar if unicode else "".join(PLAIN.get(letter, letter) for letter in bar)
