"""The ways out of a port conflict, for people: what each costs, what to write into the plan, what to apply."""

from __future__ import annotations

from collections.abc import Sequence

import yaml
from rich.console import Console
from rich.text import Text

from migrator.cli.views.style import BUSY, GOOD, WORRY
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, ref_of
from migrator.domain.planning.port_conflicts import WayOut
from migrator.wording import label, labelled, render


def show(console: Console, ways: Sequence[WayOut]) -> None:
    """Print them, the plan's keys and the commands in full, the manifests by name but for the new ones."""
    for way in ways:
        console.print()
        console.print(Text(render(say("shown.way-out", way=way.way, title=way.title)), style="bold underline"))
        if way.why_not:
            wrapped(console, Text(render(say("shown.way-out-not", why=way.why_not)), style=WORRY))
        wrapped(console, labelled("costs", render(way.costs)))
        if way.plan:
            console.print(Text(label("in the plan file:"), style="dim"))
            console.print(Text(_yaml({"target": way.plan}), style=GOOD))
        for manifest in way.manifests:
            if manifest.get("kind") == "DaemonSet":
                console.print(Text(render(say("shown.way-out-creates", object=str(ref_of(manifest)))), style="dim"))
            else:
                console.print(Text(label("to apply:"), style="dim"))
                console.print(Text(_yaml(manifest), style=GOOD))
        for command in way.commands:
            console.print(Text(f"$ {command}" if not command.startswith("#") else command, style=BUSY))


def _yaml(value: Json) -> str:
    return "\n".join(f"  {line}" for line in yaml.safe_dump(value, sort_keys=False).splitlines())
