"""What a yes to setting a pod apart, or to putting it back, means: for a person, before the question. On standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import Message, say
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.domain.planning.isolating.isolation import Outline


def show(outline: Outline) -> None:
    """Print it, a line each."""
    terminal = console(err=True)
    for line in render(told(outline)).splitlines():
        wrapped(terminal, Text(line))


def told(outline: Outline) -> Message:
    """Return it as one message."""
    burdens = tuple(
        say("isolate.burden", listener=each.listener, now=each.now, then=each.then, grows=100.0 * each.grows)
        for each in outline.burdens
    )
    labels = (
        say("isolate.labels", labels=outline.labels, leaves=outline.leaves)
        if outline.leaves
        else say("release.labels", labels=outline.labels)
    )
    loses = (say("isolate.loses", objects=outline.loses),) if outline.loses else ()
    unseen = (say("isolate.unlisted", kinds=outline.unlisted),) if outline.unlisted else ()
    return say(
        "isolate.outline",
        pod=outline.pod,
        workload=outline.workload,
        burdens=burdens,
        labels=(labels, *loses, *unseen),
        follows=outline.follows,
        steps=tuple(step.title for step in outline.steps),
    )
