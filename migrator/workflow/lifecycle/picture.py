"""Draws the lifecycle for the documentation, from the machine itself: `python -m migrator.workflow.lifecycle.picture FILE...`.

It rewrites what stands between a picture's two marks in each file, and nothing else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from migrator.domain.model.runs import ENDS, Heading, Move, State
from migrator.workflow.lifecycle.machine import MACHINE, allowed, commands, moved

ORDER = (State.PLANNED, State.RUNNING, State.PAUSED, State.WAITING, State.HALTED)
"""The states in which something can happen, as they are drawn."""


def diagram() -> str:
    """Give the states and moves as a Mermaid diagram. A heading in brackets: the move is only possible with it."""
    lines = [f'    state "{_words(state)}" as {_name(state)}' for state in State if _words(state) != _name(state)]
    lines.append(f"    [*] --> {_name(State(MACHINE.initial))}")
    for (state, after), moves in _arrows().items():
        lines.append(f"    {_name(state)} --> {_name(after)}: {', '.join(moves)}")
    lines += [f"    {_name(state)} --> [*]" for state in State if state in ENDS]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def table() -> str:
    """Give what a person can type in each state, while the heading is forward."""
    rows = [f"| {_words(state)} | {_typed(state, watched=True)} | {_typed(state, watched=False)} |" for state in ORDER]
    head = ["| the run is | while a process carries it out | while nobody does |", "|---|---|---|"]
    return "\n".join([*head, *rows])


PICTURES = {"diagram": diagram, "table": table}
MARKED = re.compile(r"(?<=<!-- lifecycle:)(\w+)( -->\n).*?(<!-- /lifecycle -->)", re.DOTALL)


def drawn(text: str) -> str:
    """Give a text with its pictures drawn anew."""
    return MARKED.sub(lambda found: f"{found[1]}{found[2]}{PICTURES[found[1]]()}\n{found[3]}", text)


def main(files: Iterable[str]) -> None:
    """Draw the pictures in these files."""
    for file in map(Path, files):
        file.write_text(drawn(file.read_text(encoding="utf-8")), encoding="utf-8")


def _arrows() -> dict[tuple[State, State], list[str]]:
    """Give the moves between each two states."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for state in ORDER:
        for move in Move:
            headings = [heading for heading in Heading if move in allowed(state, heading)]
            if headings:
                after, turned = moved(state, headings[0], move)
                arrows.setdefault((state, after), []).append(_label(move, headings, turned))
    return arrows


def _label(move: Move, headings: list[Heading], after: Heading) -> str:
    only = headings[0] if len(headings) == 1 else None
    turned = f" → {after}" if only is not None and after is not only else ""
    return _words(move) + (f" [{only}{turned}]" if only else "")


def _typed(state: State, watched: bool) -> str:
    return ", ".join(f"`{command}`" for command in commands(state, Heading.FORWARD, watched)) or "-"


def _words(name: State | Move) -> str:
    return name.value.replace("_", " ").replace("-", " ")


def _name(state: State) -> str:
    return state.value.replace("-", "_")


if __name__ == "__main__":
    main(sys.argv[1:])
