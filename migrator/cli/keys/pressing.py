"""What a key does on the one screen. Pure: a press gives the next state of the keys and, at most, one thing to do.

A key that lets traffic move, or leaves a run alone, asks first; one whose request waits already is not there any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.cli.views.can import can
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.workflow.lifecycle.machine import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.app.inspect.status import Status
    from migrator.domain.model.runs import Run

LEAVE, HELP, YES = "q", "?", "y"
COMMANDS: Mapping[str, Command] = {
    "p": Command.PAUSE,
    "r": Command.RESUME,
    "a": Command.APPROVE,
    "b": Command.ROLLBACK,
}
ASKED_FIRST = ("r", "a", "b", LEAVE)
"""Keys by which traffic moves, or which leave a run that this process carries out."""

SHOWN: Mapping[str, tuple[Message, Message]] = {
    "p": (say("keys.pause"), say("keys.about-pause")),
    "r": (say("keys.resume"), say("keys.about-resume")),
    "a": (say("keys.approve"), say("keys.about-approve")),
    "b": (say("keys.rollback"), say("keys.about-rollback")),
    LEAVE: (say("keys.leave"), say("keys.about-leave")),
}
"""How each key stands in the row, and in the help."""

ANSWER_WITHIN, TOLD_FOR, REFUSED_FOR = 15.0, 8.0, 60.0
"""Seconds after which a question has been answered no, and for which it is told what a key came to, and that it came to
nothing."""


@dataclass(frozen=True, slots=True)
class Pad:
    """What the keys are in the middle of, until when (monotonic seconds): a question about a run as it was (`about`), or words
    that are told; `wants` is the key that they tell of, until the run shows what it asked for."""

    asks: str = ""
    about: object = None
    helps: bool = False
    wants: str = ""
    told: Message | None = None
    until: float = 0.0

    def at(self, now: float) -> Pad:
        """Give what is left of it once its time is over: of a question, that nothing was done; nothing else."""
        if self.helps or now < self.until:
            return self
        if not self.asks:
            return Pad()
        unanswered = say("keys.unanswered", within=ANSWER_WITHIN, key=self.asks)
        return Pad(told=unanswered, until=self.until + REFUSED_FOR).at(now)


def legal(status: Status) -> tuple[str, ...]:
    """Return the keys of requests that mean something now: somebody carries the run out, and nobody has asked the same."""
    if status.holder is None or status.run.ended:
        return ()
    waiting, typed = {str(request.kind) for request in status.pending}, can(status)
    return tuple(key for key, name in COMMANDS.items() if name.value in typed and name.value not in waiting)


def pressed(pad: Pad, key: str, status: Status, drives: bool, now: float) -> tuple[Pad, str]:
    """Return the next state, and the key that is carried out now ("": none). `drives`: this process carries the run out."""
    pad = pad.at(now)
    if pad.asks:
        return _answered(pad, key, status, now)
    if key == HELP:
        return Pad(helps=not pad.helps), ""
    if key == LEAVE and not drives:
        return Pad(), LEAVE
    if key not in (*legal(status), LEAVE):
        return pad, ""
    if key in ASKED_FIRST:
        return Pad(key, _moment(key, status), until=now + ANSWER_WITHIN), ""
    return Pad(), key


def _answered(pad: Pad, key: str, status: Status, now: float) -> tuple[Pad, str]:
    """Take a yes for what was asked, unless the run is somewhere else by now."""
    if key != YES:
        return Pad(told=say("keys.nothing-done"), until=now + TOLD_FOR), ""
    if pad.asks == LEAVE:
        return Pad(), LEAVE
    if pad.asks in legal(status) and pad.about == _moment(pad.asks, status):
        return Pad(), pad.asks
    name = COMMANDS[pad.asks].value
    if name in {str(request.kind) for request in status.pending}:
        return asked(pad.asks, now), ""
    typed = f"migrator {name} {status.run.id}" if name in can(status) else ""
    told = say("keys.moved-on", request=RequestKind(name), run=status.run.id, command=typed)
    return Pad(told=told, until=now + REFUSED_FOR), ""


def _moment(key: str, status: Status) -> object:
    """Return what a question is about. A yes, and going on, belong to what the run rests for: there a yes may mean something
    else by now. A way back that is confirmed is wanted at whatever step the run is by then."""
    run = status.run
    return run.heading if COMMANDS.get(key) is Command.ROLLBACK else (run.state, run.heading, run.cursor, run.why)


def asked(key: str, now: float) -> Pad:
    """Return that a request was written."""
    return Pad(wants=key, told=say("keys.asked", request=RequestKind(COMMANDS[key].value)), until=now + TOLD_FOR)


def _is_applied(key: str, run: Run) -> bool:
    """Return whether the title shows already what was asked for."""
    match COMMANDS[key]:
        case Command.PAUSE:
            return run.state is State.PAUSED
        case Command.ROLLBACK:
            return run.heading is Heading.BACK
        case Command.APPROVE:
            return run.state is not State.WAITING
        case _:
            return run.state is State.RUNNING


def below(pad: Pad, status: Status, drives: bool, now: float) -> tuple[Message, ...]:
    """Return the lines below the screen: the question, what a key came to, or the keys that are legal now."""
    pad = pad.at(now)
    if status.run.ended:
        return ()
    if pad.wants and _is_applied(pad.wants, status.run):
        pad = Pad()
    if pad.asks:
        return (_question(pad.asks, status),)
    keys = (*legal(status), LEAVE)
    row = say("keys.row", keys=(*(SHOWN[key][0] for key in keys), say("keys.help")))
    if pad.helps:
        return (row, *(SHOWN[key][1] if drives or key != LEAVE else say("keys.about-leave-watching") for key in keys))
    return (row,) if pad.told is None else (pad.told, row)


def _question(key: str, status: Status) -> Message:
    """Return what is asked before a key is obeyed."""
    run = status.run
    match key:
        case "r":
            return say("keys.sure-resume", run=run.id, within=ANSWER_WITHIN)
        case "a":
            return say("keys.sure-approve", question=run.why, within=ANSWER_WITHIN)
        case "b":
            return say("keys.sure-rollback", run=run.id, within=ANSWER_WITHIN)
        case _:
            return say("keys.sure-leave", run=run.id, within=ANSWER_WITHIN)
