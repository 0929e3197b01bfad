"""What people tick is kept beside the store, by plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.app.checklist import ticks
from migrator.app.checklist.ticks import LARGEST, of_plan, of_run, plan_of, tick, ticked
from migrator.domain.messages.errors import NotFound, StoreError
from migrator.domain.model.runs import State
from migrator.domain.planning.checklist.items import to_tick
from migrator.store.file.lock import Lock
from tests.app.one_run.test_gateway_lease import created
from tests.app.world import stored
from tests.store.world import make_plan


def test_a_tick_is_kept_with_who_and_when_and_the_others_stay(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        made = tick(store, "3f2a", "alarms", "a link")
        tick(store, "3f2a", "documents")
        tick(store, "other", "alarms")

        assert ticked(store, "3f2a") == {"alarms": made, "documents": ticked(store, "3f2a")["documents"]}
    assert made.note == "a link"
    assert made.by
    assert made.at


@pytest.mark.parametrize("content", ["", "[]", "{", '{"3f2a": 5}', '{"3f2a": {"alarms": 5, "strange": {}}}'])
def test_what_cannot_be_read_was_not_ticked(tmp_path: Path, content: str) -> None:
    with stored(tmp_path) as (store, _):
        Path(store.file).with_name("migrator-ticks.json").write_text(content)

        assert ticked(store, "3f2a") == {}
        tick(store, "3f2a", "alarms")
        assert set(ticked(store, "3f2a")) == {"alarms"}


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        Path(store.file).with_name("migrator-ticks.json").mkdir()

        with pytest.raises(StoreError):
            tick(store, "3f2a", "alarms")


def test_a_file_that_somebody_else_is_changing_is_waited_for_and_then_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two ticks at once would lose one: each reads all, adds its own, and writes all."""
    monkeypatch.setattr(ticks, "AGAIN", 0.0)
    with stored(tmp_path) as (store, _):
        busy = Lock.take(Path(store.file).with_name("migrator-ticks.json.lock"))
        assert busy is not None
        with pytest.raises(StoreError):
            tick(store, "3f2a", "alarms")
        busy.release()
        tick(store, "3f2a", "alarms")

        assert set(ticked(store, "3f2a")) == {"alarms"}


def test_a_plan_is_named_by_itself_by_its_run_or_not_at_all(tmp_path: Path) -> None:
    plan = make_plan()
    with stored(tmp_path) as (store, _):
        with pytest.raises(NotFound):
            plan_of(store, None)
        store.save_plan(plan)
        assert plan_of(store, None) == plan_of(store, plan.id[:6]) == (plan.id, None)
        run = created(store, State.COMPLETED, plan)

        assert plan_of(store, str(run.id)) == plan_of(store, None) == (plan.id, run)


def test_a_run_has_its_plans_ticks(tmp_path: Path) -> None:
    plan = make_plan()
    with stored(tmp_path) as (store, _):
        run = created(store, State.PLANNED, plan)
        assert to_tick(of_plan(store, plan)) == ("alarms", "documents")
        tick(store, plan.id, "alarms")

        assert to_tick(of_run(store, run, plan)) == ("documents",)


def test_what_others_ticked_is_never_lost_to_a_tick_that_would_not_fit_or_that_cannot_look(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        made = tick(store, "3f2a", "alarms")
        with pytest.raises(StoreError):
            tick(store, "3f2a", "documents", "x" * LARGEST)

        assert ticked(store, "3f2a") == {"alarms": made}
        file = Path(store.file).with_name("migrator-ticks.json")
        file.unlink()
        file.mkdir()
        with pytest.raises(StoreError):
            tick(store, "3f2a", "documents")
        assert ticked(store, "3f2a") == {}
