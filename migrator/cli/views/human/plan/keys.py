"""A key of the plan file for people: what it means, what may stand there, its default, and the keys below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import Message
from migrator.wording import label, labelled, render
from migrator.wording.keys import meanings

if TYPE_CHECKING:
    from migrator.app.plan.keys import Key


def show(key: Key) -> None:
    """Print the key, and a line for each key below it."""
    console = our_console()
    console.print(Text(key.path, style="bold"))
    wrapped(console, Text(key.meaning), 2)
    rows = [] if key.below else [("allowed", _text(key))]
    rows += [("default", key.usual)] if key.usual is not None else []
    rows += [("required", label("yes"))] if key.required else []
    for name, words in rows:
        wrapped(console, Text.assemble((labelled(name, ""), "bold"), words), 2)
    for path in key.below:
        wrapped(console, Text.assemble((path.rpartition(".")[2], "bold"), f"  {meanings()[path]}"), 4)


def _text(key: Key) -> str:
    return render(key.allowed) if isinstance(key.allowed, Message) else str(key.allowed)
