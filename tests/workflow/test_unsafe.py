"""A write that would break a rule of safety is never made: the run halts, says so, and stays halted."""

from __future__ import annotations

import pytest

from migrator.domain.messages.errors import UnsafeAction
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Action
from migrator.domain.model.runs import State
from migrator.domain.observation.sighting import Sighting
from migrator.store import Kind
from migrator.workflow import turn
from tests.fakes.upheaval import scale
from tests.workflow.conftest import Make
from tests.workflow.test_requests import after
from tests.workflow.test_trouble import climbing


def test_an_unsafe_write_halts_the_run_and_is_not_made(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = climbing(make)
    before = harness.world.share

    def never(action: Action, seen: Sighting) -> None:
        raise UnsafeAction(say("rule.listener-empty", listener="l-1"))

    monkeypatch.setattr(turn, "require_safe", never)
    harness.process(leaves=after(2))
    scale(harness.world, 3)
    run = harness.process(leaves=after(5))

    assert run.state is State.HALTED
    assert "system.refused" in str(run.why)
    assert harness.world.share == before
    assert sum("system.refused" in str(event.data) for event in harness.events() if event.kind is Kind.MOVED) == 1
