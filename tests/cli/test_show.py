"""`show`: a saved plan once more: as it was printed, as Markdown for a review, as JSON, or the workload's diff alone."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from migrator.app.plan.planfiles import write
from migrator.cli.main import cli
from migrator.cli.views.page import markdown
from migrator.cli.views.page.planned import planned
from migrator.cli.views.page.sheet import Block, Sheet
from migrator.cli.views.plan_outline import _key, apart
from migrator.domain.messages.findings import Severity, Waiver, worded
from migrator.domain.model.spec import Spec
from migrator.store import StoreReader
from migrator.wording.keys import meanings
from tests.domain.planning.timeline.test_timeline import CANARY, made
from tests.fakes.clock import FakeClock
from tests.golden.saved import FROM_THE_LAB

BLOCKS = worded("pool.foreign", Severity.BLOCK, "lbl-80", "a stranger | is registered", "10.9.9.9:80", "take it off")


def shown(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["show", *words], env={"MIGRATOR_STORE": str(FROM_THE_LAB.put(folder))})


def stored_id(folder: Path) -> str:
    with StoreReader.opened(FROM_THE_LAB.put(folder), FakeClock()) as memory:
        return memory.plans()[0].id


def test_the_newest_plan_is_shown_and_one_that_is_named_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    plan = stored_id(tmp_path)
    newest, named = shown(tmp_path), shown(tmp_path, plan[:6])

    assert (newest.exit_code, named.exit_code) == (0, 0)
    assert newest.stdout == named.stdout
    assert newest.stdout.startswith(f"Plan {plan}")


def test_a_plan_as_json_is_what_plan_printed(tmp_path: Path) -> None:
    found = json.loads(shown(tmp_path, "--output", "json").stdout)

    assert found["plan"]["id"] == stored_id(tmp_path)


def test_the_diff_alone_holds_every_line_and_nothing_else(tmp_path: Path) -> None:
    human = shown(tmp_path, "--diff").stdout.splitlines()
    lines = json.loads(shown(tmp_path, "--diff", "--output", "json").stdout)["diff"]

    assert human[0].startswith("--- Deployment")
    assert len(human) == len(lines) + 1
    assert any(line.startswith("+") and "hostNetwork: true" in line for line in lines)


def test_a_plan_as_markdown_has_what_a_reviewer_decides_on(tmp_path: Path) -> None:
    text = shown(tmp_path, "--output", "markdown").stdout

    for words in ("# Plan ", "## Steps", "| Shift 50 %", "point of no return", "```diff", "hostNetwork: true"):
        assert words in text


def test_what_blocks_and_what_is_waived_stand_in_the_review_and_cannot_break_its_table() -> None:
    plan = replace(made(CANARY), findings=(BLOCKS,))
    waived = replace(plan, spec=replace(plan.spec, waivers=(Waiver("pool.foreign", "goes in June"),)))

    assert planned(plan).state == "blocked"
    assert planned(waived).state == "can be run"
    assert r"| block | pool.foreign | lbl-80 | a stranger \| is registered | take it off |" in markdown.page(
        planned(plan)
    )
    assert "| waived: goes in June | pool.foreign |" in markdown.page(planned(waived))


def test_a_block_of_code_cannot_be_ended_by_its_own_text() -> None:
    sheet = Sheet(title="t", state="s", tables=(), blocks=(Block("b", "diff", ("+ a", "````", "+ b")),))

    assert markdown.page(sheet).splitlines()[-5:] == ["`````diff", "+ a", "````", "+ b", "`````"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("nothing",), 2, id="an id that is none"),
        pytest.param(("no.yaml",), 2, id="a file that is not there"),
    ],
)
def test_what_is_no_plan_is_said_in_one_message(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    done = shown(tmp_path, *words)

    assert done.exit_code == code
    assert "Traceback" not in done.output
    assert done.stderr


def test_a_plan_against_another_one_names_what_is_wanted_seen_and_done_otherwise() -> None:
    plan = made(CANARY)
    other = replace(
        plan, spec=replace(plan.spec, traffic=replace(plan.spec.traffic, max_soak=77.0)), steps=plan.steps[1:]
    )
    lines = apart(plan, replace(other, findings=(BLOCKS,)))

    assert any(line.startswith("-") and "maxSoak: 77.0" in line for line in lines)
    assert any(line.startswith("+") and "Preflight" in line for line in lines)
    assert any(line.startswith("-") and "block pool.foreign" in line for line in lines)
    assert apart(plan, plan) == []


def test_the_parts_of_a_plan_are_called_as_in_the_plan_file() -> None:
    named = {f"spec.{_key(field.name)}" for field in fields(Spec)} - {"spec.name", "spec.second"}

    assert named <= meanings().keys()


def test_a_plan_and_the_other_one_may_come_from_files_and_standard_input(tmp_path: Path) -> None:
    plan = replace(made(CANARY), id="abc")
    write(plan, str(tmp_path / "plan.json"))
    store = {"MIGRATOR_STORE": str(FROM_THE_LAB.put(tmp_path))}
    words = ["show", "-", "--diff", str(tmp_path / "plan.json"), "--output"]
    text = (tmp_path / "plan.json").read_text()
    done = CliRunner().invoke(cli, [*words, "json"], env=store, input=text)
    page = CliRunner().invoke(cli, ["show", "--diff", "-", "--output", "markdown"], env=store, input=text)

    assert json.loads(done.stdout)["diff"] == []
    assert "```diff" in page.stdout


@pytest.mark.parametrize("words", [("rbac", "-"), ("lint", "-")])
def test_a_plan_file_may_come_by_standard_input(tmp_path: Path, words: tuple[str, ...]) -> None:
    text = (Path(__file__).parents[2] / "plans" / "lab.yaml").read_text(encoding="utf-8")
    done = CliRunner().invoke(cli, words, input=text, env={"MIGRATOR_STORE": str(tmp_path / "none.db")})

    assert done.exit_code == 0, done.output
