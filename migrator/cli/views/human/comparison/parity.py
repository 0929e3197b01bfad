"""Two gateways' configurations beside each other, for people: the verdict first, then a line for each difference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.style import LOUD, WELL, WORRY
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import say
from migrator.wording import label, labelled, render

if TYPE_CHECKING:
    from migrator.app.inspect.parity import Beside
    from migrator.domain.messages.message import Message


def show(found: Beside) -> None:
    """Print it."""
    console = our_console()
    for side, name in zip(("old", "new"), found.names, strict=True):
        wrapped(console, labelled(side, in_a_line(name)))
    if found.ports:
        ports = ", ".join(f"{old} -> {new}" for old, new in sorted(found.ports.items()))
        wrapped(console, Text(labelled("listening ports, old and new", ports), style="dim"))
    wrapped(console, _verdict(found))
    for part in _parts(found):
        wrapped(console, part, 2)


def _verdict(found: Beside) -> Text:
    if found.lines:
        return Text(render(say("parity.different", count=len(found.lines))), style=LOUD)
    if found.new:
        return Text(render(say("parity.not-settled")), style=f"bold {WORRY}")
    return Text(render(say("parity.alike")), style=WELL)


def _parts(found: Beside) -> Iterable[Text]:
    """Give the lines below the verdict."""
    yield from (Text(render(line)) for line in found.lines)
    yield from (Text(render(line), style="dim") for line in found.allowed)
    yield from _unsettled("new", found.new)
    yield from _unsettled("old", found.old)
    yield from (Text(render(note), style="dim") for note in found.notes)


def _unsettled(side: str, parts: Iterable[Message]) -> Iterable[Text]:
    return (Text(render(say("parity.on-side", side=label(side), part=part)), style=WORRY) for part in parts)
