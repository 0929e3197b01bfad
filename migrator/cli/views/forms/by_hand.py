"""The way back by hand, as a script to be read: what is done is a comment, and nothing runs that nobody has typed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.adopt.by_hand import HandBack

WIDTH = 110


def script(back: HandBack) -> str:
    """Return the stages, each a comment and its commands."""
    head = [_comment(render(say("hand.head", run=back.run, name=back.name, unseen=back.unseen)))]
    parts = [
        "\n".join([_comment(f"{number}. {render(stage.title)}"), *stage.lines])
        for number, stage in enumerate(back.stages, 1)
    ]
    return "\n\n".join([*head, *parts]) + "\n"


def _comment(words: str) -> str:
    return "\n".join(textwrap.wrap(words, WIDTH, initial_indent="# ", subsequent_indent="#    "))
