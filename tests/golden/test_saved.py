"""What commit 0730ce6 saved is read: every plan file opens, and every command that only reads a store answers."""

from __future__ import annotations

import gzip
import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrator.app.plan.planfiles import read
from migrator.cli.main import cli
from migrator.domain.planning.resting.facts import moved, resting_on
from migrator.store import Store
from migrator.store.codec.codec import to_data
from tests.fakes.clock import FakeClock
from tests.fakes.rebuilt import of_plan
from tests.golden.saved import FOLDER, FROM_THE_LAB, Left, left, plan_files
from tests.store.codec.test_codec import said

COMMANDS = ("status", "events", "report", "list")
READ = [
    pytest.param(e, id=e.name, marks=[pytest.mark.slow] if "-in-" in e.name else []) for e in (*left(), FROM_THE_LAB)
]


@pytest.mark.parametrize("name", plan_files())
def test_a_saved_plan_file_opens_and_says_all_that_it_said(tmp_path: Path, name: str) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(plan_files()[name])

    assert said(json.loads(file.read_text())["plan"], to_data(read(str(file))))


def test_a_plan_file_of_an_older_commit_opens_that_knew_fewer_fields(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(gzip.decompress((FOLDER.parent / "decad82" / "plan.json.gz").read_bytes()))

    assert read(str(file)).id == "5bb65ccc671f"


@pytest.mark.parametrize("name", ["canary", "gateway-istio", "gateway-none", "pool", "node-port"])
def test_a_saved_plan_still_holds_in_the_world_that_it_saw(tmp_path: Path, name: str) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(plan_files()[name])
    plan = read(str(file))
    now = of_plan(plan).plan(plan.spec).seen.facts

    assert moved(resting_on(plan), now) == ()


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
def test_every_value_of_a_store_is_read_by_the_process_that_goes_on(tmp_path: Path, saved: Left) -> None:
    with closing(Store.open(saved.put(tmp_path), FakeClock())) as store:
        for run in store.runs():
            plan = store.plan(run.plan_id)
            assert store.route(run.id, run.heading)[run.cursor].title
            assert store.verify_chain(run.id) is None
            assert store.past(run, plan).weights or run.state == "planned"
            assert [record.look for record in store.process_records(run.id)] or run.state in ("planned", "cancelled")
