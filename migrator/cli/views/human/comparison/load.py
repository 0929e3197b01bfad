"""What came of requests of our own, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.console import console as our_console
from migrator.cli.views.words import duration
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import Message, say
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.load.account import Account
    from migrator.app.load.aim import Aim, Bounds


def aimed(aim: Aim, bounds: Bounds) -> None:
    """Print what is about to be sent, and where to."""
    wrapped(our_console(err=True), render(_aimed(aim, bounds)))


def show(found: Account, err: bool = False) -> None:
    """Print it."""
    console = our_console(err=err)
    for line in lines(found):
        wrapped(console, render(line), 0)


def lines(found: Account) -> tuple[Message, ...]:
    """Say what came of them."""
    counted = say("load.counted", sent=found.sent, answered=found.answered, lost=found.lost, bad=found.bad)
    more = say("load.besides", other=found.other, cut=found.cut, took=duration(found.seconds))
    sides = say("load.sides", old=found.old, new=found.new, unknown=found.unknown)
    errors = tuple(f"{word} {count}" for word, count in found.errors)
    return (counted, more, sides, *([say("load.errors", errors=errors)] if errors else []))


def _aimed(aim: Aim, bounds: Bounds) -> Message:
    scheme = "https" if aim.tls else "http"
    return say(
        "load.aimed",
        url=f"{scheme}://{aim.dialled}{aim.path}",
        host=aim.host,
        rate=bounds.rate,
        seconds=bounds.seconds,
        most=bounds.most,
    )
