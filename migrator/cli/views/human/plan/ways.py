"""The ways out of a port conflict, for people and as JSON: what each costs, what to write into the plan, what to apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from rich.console import Console
from rich.text import Text

from migrator.cli.views.human.wrap import wrapped
from migrator.domain.model.manifests import Json, ref_of
from migrator.domain.planning.port_conflicts import WayOut


def data(found: Sequence[WayOut]) -> list[dict[str, Any]]:
    """Give the ways as plain values; `fits` is why one does not, or empty."""
    return [
        {
            "way": way.way.value,
            "title": way.title,
            "why_not": way.fits or None,
            "costs": way.costs,
            "target": way.plan,
            "manifests": list(way.manifests),
            "commands": list(way.commands),
        }
        for way in found
    ]


def show(console: Console, found: Sequence[WayOut]) -> None:
    """Print them, the plan's keys and the commands in full, the manifests by name but for the new ones."""
    for way in found:
        console.print()
        console.print(Text(f"Way out, {way.way}: {way.title}", style="bold underline"))
        if way.fits:
            wrapped(console, Text(f"does not fit: {way.fits}", style="yellow"))
        wrapped(console, Text(f"costs: {way.costs}"))
        if way.plan:
            console.print(Text("in the plan file:", style="dim"))
            console.print(Text(_yaml({"target": way.plan}), style="green"))
        for manifest in way.manifests:
            if manifest.get("kind") == "DaemonSet":
                console.print(Text(f"makes {ref_of(manifest)} (--output json has the manifest)", style="dim"))
            else:
                console.print(Text("to apply:", style="dim"))
                console.print(Text(_yaml(manifest), style="green"))
        for command in way.commands:
            console.print(Text(f"$ {command}" if not command.startswith("#") else command, style="cyan"))


def _yaml(value: Json) -> str:
    return "\n".join(f"  {line}" for line in yaml.safe_dump(value, sort_keys=False).splitlines())
