"""A journal reads like sentences that name their steps; ids, times and what a row answers stay in each line."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.app.inspect.titles import titles
from migrator.cli.views.human.events import line
from migrator.domain.messages.message import say
from migrator.domain.model.runs import Heading
from migrator.store import Kind
from migrator.wording import render
from tests.app.world import HOLDER, stored, walked
from tests.cli.samples import World, world


@pytest.fixture(name="seen", scope="module")
def _seen(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("store"))


def test_every_row_names_its_step_and_says_what_happened(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        known = titles(store, run)
        lines = [line(row, None, known) for row in store.events(run.id)]

    assert any("is about to write (set-weights): Shift 10 %" in each for each in lines)
    assert any("the write was taken by tencent as task-1 (row " in each for each in lines)
    assert any("the write was read back (row " in each for each in lines)
    assert any("the run is completed (it was running), at" in each for each in lines)
    assert not any("{'" in each for each in lines)


def test_what_a_step_came_to_is_told_under_its_own_name_and_where_the_run_goes_from_there(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        known = titles(store, run)
        moves = [row for row in store.events(run.id) if row.kind is Kind.MOVED and row.data["was"] == row.data["state"]]
        lines = [line(row, None, known) for row in moves]
        steps = [render(title) for title in known[Heading.FORWARD]]

    assert len(lines) == len(steps) - 1
    for said, left, come in zip(lines, steps, steps[1:], strict=False):
        assert f"UTC {left}: the run is running, at {come}" in said


def test_a_way_back_is_told_apart_and_a_step_without_a_title_has_its_number(seen: World) -> None:
    back = [line(row) for row in seen.events if row.heading is Heading.BACK]

    assert all("UTC back step " in each for each in back)
    assert any("on the way back" in each for each in back)


def test_people_are_told_by_name_what_they_asked_and_set(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        journal.put("soak", 90.0, "ann@ops")
        journal.note("gates", say("gate.frozen", by="ann", at="now"))
        rows = store.events(run.id)[-2:]
        lease.release()

    said = [line(row, None, {Heading.FORWARD: (say("step.guard"),) * 9}) for row in rows]
    assert said[0].endswith("ann@ops set soak to 90 s")
    assert ": note on gates: frozen by ann since now" in said[1]
