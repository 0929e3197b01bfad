"""A disk that fills up stops the way forward, whichever thread's write has freed the room of the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.app.run.execution import require_room, with_room
from migrator.domain.messages.errors import StoreError
from migrator.domain.model.runs import RequestKind
from migrator.store.file.reserve import free_all
from tests.app.world import stored
from tests.fakes.harness import Harness, Life
from tests.fakes.world import quick
from tests.store.world import make_plan
from tests.words import refused


def test_a_run_does_not_go_forward_once_its_room_is_gone_and_goes_back_all_the_same(tmp_path: Path) -> None:
    plan = make_plan("d1")
    with stored(tmp_path) as (store, _clock):
        run = store.create_run(plan)
        with_room(store, run, plan)
        require_room(store, run, plan)
        free_all(store.file)  # as the heartbeat's write does

        with refused(StoreError, "store.disk-full-with-room"):
            require_room(store, run, plan)

        store.ask_run(run.id, RequestKind.ROLLBACK, "ann@ops")
        require_room(store, run, plan)


def test_a_live_run_ends_its_process_at_its_share_and_is_rolled_back_by_the_next(tmp_path: Path) -> None:
    harness = Harness(tmp_path, spec=quick())
    with harness.store() as store:
        with_room(store, harness.run, harness.plan)
        file = store.file

    class Checked(Life):
        def over(self) -> bool:
            if harness.world.share >= 50.0:
                free_all(file)
            require_room(self._store, harness.run, harness.plan)
            return super().over()

    harness.life = Checked
    with pytest.raises(StoreError):
        harness.process()
    assert harness.world.share == 50.0

    harness.ask(RequestKind.ROLLBACK)
    harness.process()

    assert harness.world.weights == harness.world.originals
