"""The colours of a run's states in lists and reports."""

from __future__ import annotations

from migrator.domain.model.runs import State

STATES = {State.COMPLETED: "green", State.ROLLED_BACK: "yellow", State.HALTED: "bold red", State.RUNNING: "cyan"}
