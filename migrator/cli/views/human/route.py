"""A run between its two sides, for people: where it stands, and its last line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from migrator.app.inspect.differing import lines_in
from migrator.cli.views.forms.checked import counted as checklists
from migrator.cli.views.human.facts import Fact, Fold, fact, loud, trouble, you_can
from migrator.cli.views.style import RULINGS, STATES
from migrator.cli.views.way_back import is_short, line
from migrator.cli.views.words import (
    ago,
    between,
    counter,
    duration,
    errors,
    may_differ,
    new_side,
    one_line,
    requested,
    ruled,
    shown,
    took,
    why_label,
)
from migrator.domain.answers.findings import summary, table
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Heading, State
from migrator.wording import labelled, render
from migrator.wording.times import clock

if TYPE_CHECKING:
    from datetime import datetime

    from migrator.app.inspect.status import Left, Status
    from migrator.domain.messages.message import Message
    from migrator.domain.model.samples import Verdict
    from migrator.domain.observation.snapshot import Snapshot

SHOWN = 10
"""Lines of a comparison of answers that are shown."""

LOOKS_WITHIN = 30.0
"""Seconds; a process that has not looked for so long hangs, and so does what it would do."""


FRESH = 10.0
"""Seconds; a number that is older is shown with its age."""

GOES_ON = frozenset({"soak.going-on", "renew.soaking", "detach.floor", "aside.settling"})
HALTS = frozenset({"ready.waiting", "config.waiting", "beside.waiting", "shift.waits-for-health"})
ASKS = frozenset({"way-back.waiting", "soak.extended"})
"""What happens when a wait is over, by what is waited for; of any other only its end is told."""


def _clusters(status: Status) -> list[Fact]:
    if status.contexts is None:
        return []
    old, new = status.contexts
    return [fact(render(say("view.clusters", old=old, new=new)), fold=Fold.FIRST)]


def facts(status: Status) -> list[Fact]:
    """Return what is known of the run, and, until it has ended, what a person can do."""
    measured = [fact(new_side(status.look, status.now, status.run.ended)), *_counted(status), *_judged(status)]
    return [*_clusters(status), *_time(status), *measured, *_told(status)]


def around(status: Status) -> list[Fact]:
    """Return the same of a run about one pod, where what the sides carry says nothing."""
    return [*_clusters(status), *_time(status), *_told(status)]


def _told(status: Status) -> list[Fact]:
    run, past, known = status.run, status.past, list[Fact]()
    if past.open is not None and not run.ended:
        known.append(fact(render(say("view.write-open"))))
    if status.newest is not None and status.holder is not None:
        known += [trouble(render(what)) for what in status.newest.troubles]
    known += _now(status)
    if label := why_label(run):
        known.append(fact(render(say("view.why", label=label, why=run.why)), style=STATES[run.state].style))
        known += [trouble(render(line)) for line in lines_in(run.why)]
    known += _answer(status)
    known += [fact(render(say("view.set", key=key, value=value))) for key, value in past.live.items()]
    known += [fact(may_differ(each), fold=Fold.FIRST) for each in status.allows]
    known += [*_answers(status), *(fact(requested(request)) for request in status.pending)]
    if status.kept:
        known.append(fact(render(say("view.kept", pod=status.kept, run=run.id)), style="bold"))
    if run.ended:
        return [*known, *_checked(status)]
    known += [trouble(render(each)) for each in status.silent]
    return [*known, *_way_back(status), _driver(status), *_guard(status), *you_can(status), *_checked(status)]


def _checked(status: Status) -> list[Fact]:
    """Return how far the checklists are."""
    words = checklists(status.checklist)
    return [fact(words, fold=Fold.FIRST)] if words else []


def _now(status: Status) -> list[Fact]:
    """Return what the newest turn decided and until when it waits; nothing of a process that is gone, nor what `why` says."""
    newest, run = status.newest, status.run
    if run.ended or status.holder is None or newest is None or newest.says is None or newest.says == run.why:
        return []
    known = [] if _tells_guard_alone(newest) else [fact(render(say("view.now", words=one_line(render(newest.says)))))]
    if newest.until is not None and newest.until > status.now:
        left = round((newest.until - status.now).total_seconds())
        known.append(fact(render(_over(newest.says.code, clock(newest.until), left))))
    return known


def _over(code: str, at: str, left: int) -> Message:
    """Return when a wait is over, and what happens then."""
    if code in GOES_ON:
        return say("shown.until-goes-on", at=at, seconds=left)
    if code in HALTS:
        return say("shown.until-halts", at=at, seconds=left)
    return say("shown.until-asks", at=at, seconds=left) if code in ASKS else say("shown.until", at=at, seconds=left)


def _tells_guard_alone(newest: Snapshot) -> bool:
    """Return whether the turn says that the run rests, which its title says, and what protects it, which stands below."""
    says, told = newest.says, newest.protection
    if says is None or says.code != "rests" or told is None or newest.looked_at is None:
        return False
    return says["what"] in (told.idle, told.watched)


def _answer(status: Status) -> list[Fact]:
    """Return how the question is answered; while nobody carries the run out, that a yes alone moves nothing."""
    run = status.run
    if run.state is not State.WAITING:
        return []
    alone = status.holder is not None
    return [
        fact(
            render(say("view.answer", run=run.id) if alone else say("view.answer-and-resume", run=run.id)), style="bold"
        )
    ]


def _counted(status: Status) -> list[Fact]:
    """Return what arrived at the new side, how long both sides' answers took, and what the witness saw."""
    look = status.look
    if look is None or status.run.ended:
        return []
    known = list[Fact]()
    if (seen := look.observed) is not None and seen.share is not None:
        arrived = say("view.observed", share=seen.share, total=seen.total, source=counter(seen.source))
        known.append(fact(render(arrived), fold=Fold.LATE))
    known += _of_both(look.verdict, look.ruled_at, status.now) if look.verdict else []
    known += (
        [fact(render(say("view.took", new=took(look.new), old=took(look.old))), fold=Fold.SOON)]
        if look.new.known
        else []
    )
    if look.witness.tries:
        answered = look.witness.tries - look.witness.failed
        words = render(say("view.witness", answered=answered, tried=look.witness.tries))
        known.append(trouble(words) if look.witness.failed else fact(words, fold=Fold.SOON))
    return known


def _of_both(verdict: Verdict, ruled_at: datetime | None, now: datetime) -> list[Fact]:
    """Return the open connections of both sides, and what no client should get, where there was any of it; with the age of
    numbers that the judge has not renewed."""
    new, old = verdict.new, verdict.old
    aged = ruled_at is not None and (now - ruled_at).total_seconds() > FRESH
    seen = render(say("view.seen", ago=ago(ruled_at, now))) if aged and ruled_at else ""
    known = []
    if new.live is not None or old.live is not None:
        known.append(fact(render(say("view.connections", new=new.live, old=old.live)) + seen, fold=Fold.SOON))
    if any((new.own, old.own, new.broken, old.broken)):
        made = say("view.wrong", new=new.own, old=old.own, new_broken=new.broken, old_broken=old.broken)
        known.append(fact(render(made) + seen, fold=Fold.SOON))
    return known


def _answers(status: Status) -> list[Fact]:
    """Return what the newest comparison of both sides' answers has to show."""
    if status.answers is None:
        return []
    rows = table(status.answers)
    more = [fact(render(say("view.answers-more", count=len(rows) - SHOWN)))] if len(rows) > SHOWN else []
    return [fact(render(summary(status.answers))), *(trouble(render(row)) for row in rows[:SHOWN]), *more]


def _way_back(status: Status) -> list[Fact]:
    """Return what of the old side could take the traffic back, as it was seen last; loudly where nothing of it could."""
    newest = status.newest
    if newest is None or newest.way_back is None or status.run.heading is Heading.BACK:
        return []
    words = line(newest.way_back, status.past.rehearsed) + _seen(status)
    if newest.way_back.gone:
        return [loud(words)]
    return [trouble(words) if is_short(newest.way_back) else fact(words)]


def _time(status: Status) -> list[Fact]:
    """Return how long the run has been at this step, and how much of it was watched and passed."""
    past = status.past
    if status.run.ended or past.entered_at is None:
        return []
    soaked = duration(round(past.soaked)) if past.soaked else ""
    lasted = between(past.entered_at, status.now)
    known = [fact(render(say("view.at-step", lasted=lasted, soaked=soaked, requests=past.requests)), fold=Fold.LATE)]
    if status.left is not None and status.run.state is State.RUNNING and status.holder:
        at = clock(status.now + timedelta(seconds=status.left))
        left = round(status.left)
        words = (
            say("view.ends-and-person", left=left, at=at) if status.asks_ahead else say("view.ends", left=left, at=at)
        )
        known.append(fact(render(words), fold=Fold.LATE))
    return known


def _judged(status: Status) -> list[Fact]:
    """Return what the judge ruled last, with both sides' errors and the age of it."""
    look = status.look
    if look is None or look.verdict is None or look.ruled_at is None:
        return []
    verdict = look.verdict
    when = say("view.at", time=clock(look.ruled_at)) if status.run.ended else ago(look.ruled_at, status.now)
    sides = say("view.errors", new=errors(verdict.new), old=errors(verdict.old), when=when)
    numbers = (fact(f"  {each.name}: ", (shown(each), RULINGS[each.ruling])) for each in verdict.named)
    return [fact(labelled("judge", ""), (ruled(verdict.ruling), RULINGS[verdict.ruling]), render(sides)), *numbers]


def _driver(status: Status) -> Fact:
    """Return who carries the run out; loudly when nobody does."""
    run = status.run
    at_risk = run.heading is Heading.FORWARD and run.state is not State.PLANNED
    if status.holder:
        blind = at_risk and (status.newest is None or status.newest.looked_at is None)
        by = (
            say("view.carried-out-blind", holder=status.holder)
            if blind
            else say("view.carried-out", holder=status.holder)
        )
        return fact(render(by))
    looked = status.newest.looked_at if status.newest else None
    old = ago(looked, status.now) if looked else ""
    return loud(render(say("view.nobody-watches-forward", ago=old) if at_risk else say("view.nobody-watches", ago=old)))


def _seen(status: Status) -> str:
    """Return how old the newest look is; nothing where there was none."""
    looked = status.newest.looked_at if status.newest else None
    return render(say("view.seen", ago=ago(looked, status.now))) if looked else ""


def _guard(status: Status) -> list[Fact]:
    """Return what would turn the run back by itself, as the process that carries it out saw it last, and when that was."""
    newest = status.newest
    if not status.holder or newest is None or newest.protection is None or newest.looked_at is None:
        return []
    told, seen = newest.protection, _seen(status)
    if (status.now - newest.looked_at).total_seconds() > LOOKS_WITHIN:
        return [loud(render(say("view.nobody-looked", lasted=between(newest.looked_at, status.now))))]
    if told.idle is not None:
        return [fact(render(told.idle) + seen)]
    if not told.by:
        return [loud(render(told.watched) + seen)]
    shut = [trouble(render(say("protection.lost", eyes=told.lost)))] if told.lost else []
    return [fact(render(told.watched) + seen), *shut]


def left_alone(left: Left) -> str:
    """Return how the process left a run about one pod: what the sides carry says nothing there."""
    run, step, since = left.run, left.step or say("view.beginning"), say("view.write-sent") if left.open_write else None
    state = STATES[run.state].word
    return render(say("view.left-pod", run=run.id, name=run.name, state=state, step=step, why=run.why, since=since))


def left(left: Left) -> str:
    """Return how the process left the run, which goes on: where the weights are, and that nobody watches it now."""
    run, forward = left.run, left.run.heading is Heading.FORWARD
    return render(
        say(
            "view.left",
            run=run.id,
            name=run.name,
            state=STATES[run.state].word,
            step=left.step or say("view.beginning"),
            why=run.why,
            differing=tuple(say("view.line", line=line) for line in lines_in(run.why)),
            new_side=new_side(left.look, left.now),
            since=say("view.write-sent") if left.open_write else None,
            goes=say("view.goes-on", run=run.id) if forward else say("view.goes-back"),
        )
    )
