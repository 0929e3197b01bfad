"""`--log json`: every row of the journal and every record is one line of JSON, with nothing in it that a terminal obeys."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from migrator.cli.journal_lines import journal_lines
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import State
from tests.app.world import HOLDER, stored
from tests.store.world import make_plan

HOSTILE = "two\nlines \x1b[2J \u202e"


def test_rows_and_records_are_a_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with stored(tmp_path) as (store, _):
        run = store.create_run(make_plan("a9"))
        journal = store.journal(run.id, store.acquire(run.id, HOLDER))
        with journal_lines(store, run):
            logging.getLogger("migrator.test").warning("odd %s", HOSTILE)
            run = journal.move(run, state=State.RUNNING)
            journal.note("nodes", verbatim(HOSTILE))

    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["kind"] for line in lines if line["logger"] == "journal"] == ["moved", "moved", "noted"]
    assert {line["run"] for line in lines} == {run.id}
    assert next(line for line in lines if line["logger"] == "migrator.test")["message"] == f"odd {HOSTILE}"
    assert not {"\x1b", "\u202e"} & set(said)


def test_a_run_that_goes_on_is_not_told_from_its_beginning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with stored(tmp_path) as (store, _):
        run = store.create_run(make_plan("aa"))
        journal = store.journal(run.id, store.acquire(run.id, HOLDER))
        run = journal.move(run, state=State.RUNNING)
        with journal_lines(store, run):
            journal.move(run, state=State.PAUSED)

    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["data"]["state"] == "paused"
