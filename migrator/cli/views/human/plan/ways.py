"""The ways out of a port conflict, for people: what each costs, what to write into the plan, what to apply."""

from __future__ import annotations

from collections.abc import Sequence

import yaml
from rich.console import Console
from rich.text import Text

from migrator.cli.views.wrap import wrapped
from migrator.domain.model.manifests import Json, ref_of
from migrator.domain.planning.port_conflicts import WayOut
from migrator.wording import render


def show(console: Console, ways: Sequence[WayOut]) -> None:
    """Print them, the plan's keys and the commands in full, the manifests by name but for the new ones."""
    for way in ways:
        console.print()
        console.print(Text(f"Way out, {way.way}: {render(way.title)}", style="bold underline"))
        if way.why_not:
            wrapped(console, Text(f"not possible here: {render(way.why_not)}", style="yellow"))
        wrapped(console, f"costs: {render(way.costs)}")
        if way.plan:
            console.print(Text("in the plan file:", style="dim"))
            console.print(Text(_yaml({"target": way.plan}), style="green"))
        for manifest in way.manifests:
            if manifest.get("kind") == "DaemonSet":
                console.print(Text(f"creates {ref_of(manifest)} (--output json has the manifest)", style="dim"))
            else:
                console.print(Text("to apply:", style="dim"))
                console.print(Text(_yaml(manifest), style="green"))
        for command in way.commands:
            console.print(Text(f"$ {command}" if not command.startswith("#") else command, style="cyan"))


def _yaml(value: Json) -> str:
    return "\n".join(f"  {line}" for line in yaml.safe_dump(value, sort_keys=False).splitlines())
