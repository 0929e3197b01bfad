"""What is said of a request says what really becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.adapters.clock import SystemClock
from migrator.app.run.control import ask
from migrator.cli.views.human import outcome
from migrator.domain.messages.message import say
from migrator.domain.model.runs import RequestKind
from migrator.store import Store
from tests.store.world import make_plan
from tests.words import text


@pytest.mark.parametrize(
    ("kind", "code"),
    [(RequestKind.PAUSE, "view.stands-anyway"), (RequestKind.ROLLBACK, "view.applied-later")],
)
def test_a_pause_of_a_run_that_nobody_carries_out_is_not_said_to_be_applied_later(
    tmp_path: Path, kind: RequestKind, code: str
) -> None:
    with Store.open(tmp_path / "migrator.db", SystemClock()) as store:
        run = store.create_run(make_plan("d1"))

        said = outcome.asked(ask(store, str(run.id), kind, ""))

    assert text(say(code, run=run.id)) in said
