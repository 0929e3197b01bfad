"""What to change in a workload, for people: each change with its numbers and reason, and what turns the health check."""

from __future__ import annotations

import json

from rich.console import Console
from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.style import WORRY
from migrator.cli.views.wrap import wrapped
from migrator.domain.gateways.products import Turn
from migrator.domain.hardening import Hardening, Measure
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Json
from migrator.wording import label, render


def show(found: Hardening) -> None:
    """Print the whole."""
    console, ground = our_console(), found.ground
    where = f"{ground.kind} {namespace_of(ground.workload)}/{name_of(ground.workload)}"
    head = f"{where} ({ground.product.title}): " + label("nothing to change" if not found.measures else "change")
    console.print(Text(in_a_line(head), style="bold"))
    for measure in found.measures:
        _measure(console, measure)
    for made in found.objects:
        wrapped(console, Text(in_a_line(f"{label('make')} {made['kind']} {name_of(made)}"), style="bold"), 2)
        wrapped(console, json.dumps(made["spec"]), 4)
    for name, value, why in found.elsewhere:
        wrapped(console, Text(in_a_line(f"{name}={value}"), style="bold"), 2)
        wrapped(console, render(why), 4)
    for remark in found.remarks:
        wrapped(console, render(remark), 2, Text("! ", style=WORRY))
    _turns(console, found)


def _measure(console: Console, measure: Measure) -> None:
    was, now = in_a_line(_value(measure.was)), in_a_line(_value(measure.now))
    line = Text.assemble((in_a_line(measure.place), "bold"), f": {was} -> {now}")
    wrapped(console, line, 2)
    wrapped(console, render(measure.numbers), 4)
    wrapped(console, Text(render(measure.reason), style="dim"), 4)


def said(turn: Turn) -> Message:
    """Return what an event does, as one message."""
    return say(
        "turn.told", event=turn.event, check=turn.check.value, clients=turn.clients.value, known=turn.known.value
    )


def _value(value: Json) -> str:
    if value is None:
        return label("none")
    return value if isinstance(value, str) else json.dumps(value)


def _turns(console: Console, found: Hardening) -> None:
    console.print(Text(label("What turns its health check:"), style="bold"))
    for turn in found.ground.product.turns:
        wrapped(console, render(said(turn)), 4, "  -")
