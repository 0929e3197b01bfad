"""The last line of a command that asked something of a run, started it elsewhere, or carried it out. For people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.style import STATES
from migrator.cli.views.words import new_side, shown
from migrator.domain.messages.message import say
from migrator.domain.model.runs import RequestKind
from migrator.wording import render
from migrator.wording.times import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.app.begin.begun import Begun
    from migrator.app.inspect.status import Left
    from migrator.app.inspect.totals import Judged
    from migrator.app.inspect.versions import Versions
    from migrator.app.run.control import Asked
    from migrator.app.run.freezing import Changed
    from migrator.app.telling.notify import Told
    from migrator.domain.messages.message import Message
    from migrator.domain.model.runs import Run


def asked(asked: Asked) -> str:
    """Return that a request was written, and which process will apply it."""
    run = asked.run
    if asked.already:
        return render(say("view.paused-already", run=_name(run), id=run.id))
    if asked.holder:
        applied = say("view.applied-by", holder=asked.holder)
    elif asked.kind is RequestKind.PAUSE:  # who resumes withdraws it
        applied = say("view.stands-anyway", run=run.id)
    else:
        applied = say("view.applied-later", run=run.id)
    words = render(say("view.asked", run=_name(run), request=asked.kind, question=asked.question, applied=applied))
    return "\n".join([words, *monitored(asked.judged)])


def monitored(last: Judged | None) -> list[str]:
    """Return what the balancer's own monitoring has said last, a line for each judge that it is, with when that was."""
    if last is None:
        return []
    said = [f"{each.name}: {shown(each)}" for each in last.named if each.said is not None]
    return [render(say("view.monitored", said=each, at=moment(last.at))) for each in said]


def ended(run: Run) -> str:
    """Return that a run was ended."""
    return render(say("view.ended", run=_name(run), state=STATES[run.state].word, why=run.why, new_side=None))


def detached(run: Run, holder: str, log: str) -> str:
    """Return who carries a detached run out, and how to watch it."""
    return render(say("view.detached", run=_name(run), id=run.id, holder=holder, log=log))


def left(left: Left) -> str:
    """Return how the run ended, or where this process left it and that nobody watches it now."""
    run = left.run
    if not run.ended:
        from migrator.cli.views.human import journeys

        return journeys.shown(left.journey).left(left)
    side = new_side(left.look, left.now, ended=True) if left.journey.moves else None
    state = STATES[run.state].word
    told = render(say("view.ended", run=_name(run), state=state, why=run.why, new_side=side))
    told += "\n" + render(say("view.kept", pod=left.kept, run=run.id)) if left.kept else ""
    told += "\n" + render(left.then) if left.then else ""
    return told + (render(say("view.to-follow", run=run.id)) if left.to_follow else "")


def told(told: Sequence[Told]) -> str:
    """Return what channels were told, a line each."""
    if not told:
        return render(say("view.told-nothing"))
    return "\n".join(
        render(say("view.told", run=each.run, channel=each.channel or None, sent=each.sent, trouble=each.trouble))
        for each in told
    )


def frozen(changed: Changed) -> str:
    """Return what became of a freeze."""
    if (freeze := changed.freeze) is not None and not changed.new:
        known = {"by": freeze.by or None, "at": freeze.at or None, "reason": freeze.reason or None}
        return render(say("view.frozen-before", place=changed.place, **known))
    if freeze is not None:
        return render(say("view.frozen", place=changed.place))
    return render(say("view.unfrozen" if changed.new else "view.not-frozen", place=changed.place))


def serving(url: str, what: str) -> str:
    """Return where something is served."""
    return render(say("view.serving", what=what, url=url))


def begun(begun: Begun) -> str:
    """Return which plan file was written, and what was found for it."""
    found = (f"  {render(each)}" for each in begun.found)
    return "\n".join([*found, render(say("view.begun", file=begun.file, schema=begun.schema))])


def awaiting() -> str:
    """Return that a run is waited for."""
    return render(say("view.awaiting"))


def versions(found: Versions) -> str:
    """Return which versions speak here."""
    return render(
        say(
            "view.versions",
            migrator=found.migrator,
            python=found.python,
            store=found.store,
            first=found.stores[0],
            last=found.stores[-1],
            plan_file=found.plan_file,
            saved_plan=found.saved_plan,
        )
    )


def _name(run: Run) -> Message:
    return say("view.run", run=run.id, name=run.name)
