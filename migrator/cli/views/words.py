"""Small words that every view shares: lengths of time, ages, percentages, what was seen at the balancer and when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import say
from migrator.domain.model.runs import State
from migrator.domain.model.samples import Ruling
from migrator.wording import label, render
from migrator.wording.times import moment, zone

if TYPE_CHECKING:
    from migrator.domain.model.runs import Request, Run
    from migrator.domain.model.samples import Named, Rate
    from migrator.domain.model.spec import Allowance
    from migrator.domain.observation.shown import Times
    from migrator.domain.observation.snapshot import Snapshot
    from migrator.domain.planning.timeline import Span


def duration(seconds: float) -> str:
    """Return a length of time as it is told: `0.4 s`, `90 s`, `2 min 30 s`, `3 h 5 min`."""
    return render(say("shown.length", seconds=seconds))


def whole(seconds: float) -> str:
    """Return a length of time in whole seconds: no forecast is more exact."""
    return duration(round(seconds))


def worst(span: Span) -> str:
    """Return how long a step may take; a person decides some."""
    return label("a person") if span.worst is None else whole(span.worst)


def way_back(span: Span) -> str:
    """Return how long all new connections take to be back from a step."""
    return label("none") if span.back is None else whole(span.back.traffic)


def between(since: datetime, until: datetime) -> str:
    """Return how long something lasted, in whole seconds."""
    return whole((until - since).total_seconds())


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was."""
    return render(say("shown.ago", lasted=between(at, now)))


def zoned(name: str, at: datetime) -> str:
    """Return the heading of a column of times: what they are, and whose clock shows them."""
    return f"{label(name)} ({zone(at)})"


def counter(source: str) -> str:
    """Return who counted, for people."""
    return render(say("judge.source", source=source))


def errors(rate: Rate) -> str:
    """Return how many answers of a side were bad (5xx), of how many; and how many were slow or 4xx, where any were."""
    if rate.errors is None:
        return label("no requests")
    of = {"bad": rate.bad, "requests": rate.requests, "share": 100 * rate.errors}
    return render(say("shown.rate", slow=rate.slow or None, client=rate.client or None, **of))


def ruled(ruling: str) -> str:
    """Return a ruling as people say it."""
    return render(say("judge.ruling", ruling=str(ruling)))


def took(times: Times) -> str:
    """Return how long a side's answers took."""
    return (
        render(say("view.times", median=1000 * (times.median or 0.0), late=1000 * (times.late or 0.0)))
        if times.known
        else label("unknown")
    )


def clipped(text: str, room: int) -> str:
    """Return as much of a text as fits, ended after a whole word; "…" says that there is more."""
    if len(text) <= room:
        return text
    cut = text[: max(1, room - 1)]
    return f"{(cut.rsplit(' ', 1)[0] or cut).rstrip(' ,;:')} …"[: max(room, 2)]


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())


def why_label(run: Run) -> str:
    """Return what the run's `why` is: a question, or a reason; "" when it has none."""
    return "" if not run.why else "question" if run.state is State.WAITING else "why"


def requested(request: Request) -> str:
    """Return what somebody has asked of a run that nobody has answered yet."""
    return in_a_line(render(say("shown.requested", request=request.kind, by=request.by, note=request.note)))


def new_side(look: Snapshot | None, now: datetime, ended: bool = False) -> str:
    """Return where the weights were when somebody last looked, and when that was; never what was meant.

    A run that has ended was looked at for the last time at its end, so that says the moment itself.
    """
    if look is None or look.at is None:
        return render(say("shown.share-unseen"))
    at_end = say("shown.seen-at-end", at=moment(look.at)) if ended else None
    seen = at_end or say("shown.seen-ago", ago=ago(look.at, now))
    if look.share is None:
        return render(say("shown.share-none", seen=seen))
    return render(say("shown.share", share=look.share, seen=seen))


def may_differ(allowed: Allowance) -> str:
    """Return where the sides' configurations may differ, and why."""
    return render(say("view.may-differ", place=allowed.place, reason=allowed.reason))


def shown(number: Named) -> str:
    """Give one of the plan's own numbers; where it rules more than a pass, what it rules. Of a judge give what it rules."""
    if number.judged:
        return render(say("view.judged-so", ruling=number.ruling, said=number.said))
    value = render(say("view.no-number")) if number.value is None else f"{number.value:g}"
    return value if number.ruling is Ruling.PASS else f"{value} ({ruled(number.ruling)})"
