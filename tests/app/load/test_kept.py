"""The account of the requests beside a run is kept beside the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.app.load.account import Account
from migrator.app.load.kept import keep, of_run
from tests.app.world import stored

COUNTED = Account(12, 11, 1, 0, 0, 0, 5, 4, 2, 60.0, (("reset", 1),))


def test_what_was_counted_beside_a_run_is_read_back_and_of_another_run_there_is_none(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        keep(store, 7, COUNTED)

        assert of_run(store, 7) == COUNTED
        assert of_run(store, 8) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"errors": 5}', '{"errors": [], "strange": 1}'])
def test_what_cannot_be_read_was_not_counted(tmp_path: Path, content: str) -> None:
    with stored(tmp_path) as (store, _):
        Path(store.file).with_name("migrator-load-7.json").write_text(content)

        assert of_run(store, 7) is None
