"""What a shell is offered between two keystrokes, and what a mistyped command is answered with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from migrator.cli.commands.completion import SHELLS
from migrator.cli.main import COMMANDS, cli
from tests.app.world import stored, walked

CALL = "from migrator.cli.main import main; import sys; sys.argv[0] = 'migrator'; main()"


def offered(folder: Path, *words: str) -> list[str]:
    """Give what bash is offered for the last of these words."""
    line = " ".join(("migrator", *words))
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        env={
            **os.environ,
            "MIGRATOR_STORE": str(folder / "migrator.db"),
            "_MIGRATOR_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words)),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return [row.partition(",")[2] for row in done.stdout.splitlines() if row]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script_that_asks_the_command(shell: str) -> None:
    done = CliRunner().invoke(cli, ["completion", shell])

    assert done.exit_code == 0
    assert "_MIGRATOR_COMPLETE" in done.stdout


def test_commands_keys_codes_and_options_are_completed(tmp_path: Path) -> None:
    assert offered(tmp_path, "comp") == ["compare-answers", "completion"]
    assert "spec.traffic.soak" in offered(tmp_path, "explain", "spec.traffic.so")
    assert "arithmetic.pdb-" in "".join(offered(tmp_path, "plan", "--waive", "arithmetic.pdb"))
    assert "--watch" in offered(tmp_path, "status", "--w")


def test_runs_and_plans_of_the_store_are_completed(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)

    assert offered(tmp_path, "status", str(run.id)) == [str(run.id)]
    assert run.name in offered(tmp_path, "report", run.name[:2])
    assert offered(tmp_path, "run", run.plan_id[:4]) == [run.plan_id]


def test_a_store_that_is_not_there_offers_nothing_and_says_nothing(tmp_path: Path) -> None:
    assert offered(tmp_path / "none", "status", "1") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("staus", "status"), ("Rollback", "rollback"), ("comapre-answers", "compare-answers"), ("aprove", "approve")],
)
def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(typed: str, meant: str) -> None:
    done = CliRunner().invoke(cli, [typed])

    assert done.exit_code == 2
    assert f"Did you mean '{meant}'?" in done.stderr


def test_a_word_that_is_like_no_command_is_answered_without_a_guess() -> None:
    done = CliRunner().invoke(cli, ["xyzzy"])

    assert done.exit_code == 2
    assert "No such command 'xyzzy'." in done.stderr
    assert "mean" not in done.stderr


def test_every_command_of_the_table_can_be_loaded() -> None:
    context = click.Context(cli)

    assert all(cli.get_command(context, name) for name in COMMANDS)  # type: ignore[attr-defined]  # it is a group


def test_who_watches_before_a_run_has_begun_waits_and_says_so(tmp_path: Path) -> None:
    """A run begins while somebody watches already: it is shown until it ends."""
    watching = subprocess.Popen(
        [sys.executable, "-c", CALL, "status", "--watch", "--output", "json"],
        env={**os.environ, "MIGRATOR_STORE": str(tmp_path / "migrator.db"), "LANG": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert watching.stderr is not None
        said = watching.stderr.readline()
        with stored(tmp_path) as (store, clock):
            run = walked(store, clock)
        shown, _ = watching.communicate(timeout=60)
    finally:
        watching.kill()
        watching.wait(10)

    assert "No run has begun yet" in said
    assert f'"id": {run.id}' in shown
