"""A journey that is walked once: tests go on from each of its steps with a twin of their own, and are killed there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from migrator.domain.model.runs import RequestKind
from migrator.workflow.progress import Progress
from tests.fakes.harness import WRITES, Edge, Harness, Killed
from tests.words import text

RARE = ("note", "verdict", "ruled", "passed")


def now_at(progress: Progress) -> str:
    """Give the step of a turn."""
    return text(progress.titles[progress.run.cursor])


def until(step: str) -> Callable[[Progress], bool]:
    """Let a process leave when this step begins."""
    return lambda progress: now_at(progress) == step


def after(step: str) -> Callable[[Progress], bool]:
    """Let a process leave when this step is over."""
    return lambda progress: now_at(progress) != step


class Road:
    """One journey: forward, or back from a step. `begun` gives the run of it in a folder of its own."""

    def __init__(self, begun: Callable[[Path], Harness], folder: Path, back_from: str = "") -> None:
        self._begin, self._folder, self._back_from = begun, folder, back_from
        self._there: dict[str, Harness] = {}
        self._last: Harness | None = None

    def at(self, step: str) -> Harness:
        """Give the run as it comes to a step."""
        while step not in self._there:
            self._on()
        return self._there[step].twin(self._room())

    def edges(self, step: str) -> tuple[Edge, ...]:
        """Give the first edge of each kind of call in a step."""
        return tuple(edge for edge in self._passed(step) if edge.nth <= 1 and edge.call not in RARE)

    def writes(self, step: str) -> tuple[Edge, ...]:
        """Give every write to the outside in a step."""
        return tuple(edge for edge in self._passed(step) if edge.call in WRITES)

    def killed(self, step: str, edge: Edge) -> Harness:
        """Give the run whose process died at an edge of a step."""
        harness = self.at(step)
        with pytest.raises(Killed):
            harness.process(dies_at=edge)
        return harness

    def _passed(self, step: str) -> tuple[Edge, ...]:
        harness = self.at(step)
        harness.process(leaves=after(step))
        found = tuple(edge for edge in harness.edges if edge.step == step and edge.when == "before")
        assert found, f"nothing is passed at {step}"
        return found

    def _on(self) -> None:
        harness = self._last or self._begun()
        step = harness._step()
        assert step not in self._there, f"the run stays at {step}"
        self._there[step] = harness
        self._last = harness.twin(self._room())
        self._last.process(leaves=after(step))

    def _begun(self) -> Harness:
        harness = self._begin(self._room())
        if self._back_from:
            harness.process(leaves=until(self._back_from))
            harness.ask(RequestKind.ROLLBACK)
            harness.process(leaves=until("Tell old to stay"))
        return harness

    def _room(self) -> Path:
        return Path(mkdtemp(dir=self._folder))
