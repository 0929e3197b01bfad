"""What commit 0730ce6 saved is read: every plan file opens, and every command that only reads a store answers."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrator.app.plan.digest import digest
from migrator.app.plan.planfiles import read
from migrator.cli.main import cli
from migrator.domain.planning import make_plan as planning
from migrator.store import Store
from migrator.store.codec.codec import to_data
from tests.fakes.clock import FakeClock
from tests.fakes.rebuilt import of_plan
from tests.golden.saved import FROM_THE_LAB, Left, left, plan_files

COMMANDS = ("status", "events", "report", "list")
READ = [
    pytest.param(e, id=e.name, marks=[pytest.mark.slow] if "-in-" in e.name else []) for e in (*left(), FROM_THE_LAB)
]


@pytest.mark.parametrize("name", plan_files())
def test_a_saved_plan_file_opens_and_says_all_that_it_said(tmp_path: Path, name: str) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(plan_files()[name])

    assert to_data(read(str(file))) == json.loads(file.read_text())["plan"]


@pytest.mark.parametrize("name", ["canary", "gateway-istio", "gateway-none", "pool"])
def test_a_saved_plan_still_holds_in_the_world_that_it_saw(tmp_path: Path, name: str) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(plan_files()[name])
    plan = read(str(file))
    now = planning.facts(plan.spec, of_plan(plan).look(plan.spec), digest)

    assert planning.moved(plan.seen.facts, now) == ()


@pytest.mark.parametrize("saved", READ)
def test_every_reading_command_answers_from_a_stored_run(tmp_path: Path, saved: Left) -> None:
    store = saved.put(tmp_path)

    for command in COMMANDS:
        words = [command] if command == "list" else [command, str(saved.run)]
        for output in ("human", "json"):
            done = CliRunner().invoke(cli, [*words, "--output", output], env={"MIGRATOR_STORE": str(store)})
            assert done.exit_code == saved.exits.get(command, 0), done.output
            assert done.exception is None or isinstance(done.exception, SystemExit)
            assert "Traceback" not in done.output
            assert output == "human" or json.loads(done.stdout)


@pytest.mark.parametrize("saved", READ)
def test_every_value_of_a_store_is_read_and_written_as_it_was(tmp_path: Path, saved: Left) -> None:
    with closing(Store.open(saved.put(tmp_path), FakeClock())) as store:
        for run in store.runs():
            plan = store.plan(run.plan_id)
            assert store.route(run.id, run.heading)[run.cursor].title
            assert store.verify_chain(run.id) is None
            assert store.past(run, plan).weights or run.state == "planned"
            assert [record.look for record in store.process_records(run.id)] or run.state in ("planned", "cancelled")
