"""The JSON of every command keeps the keys that it has ever had: `json_keys.json` records them. New keys may be added."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from migrator.cli.views.failure import of_error
from migrator.cli.views.json.values import decision_name, write_name
from migrator.cli.views.view import JSON, chosen
from migrator.domain.messages.errors import (
    IllegalMove,
    LeaseHeld,
    LeaseLost,
    MigratorError,
    NotFound,
    PlanFileInvalid,
    PlanRefused,
    Refused,
    StoreError,
    Unreachable,
    UnsafeAction,
    UsageError,
)
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Action
from migrator.domain.model.decisions import Decision
from tests.cli.samples import SHOWN, World, world

RECORD = Path(__file__).with_name("json_keys.json")
BY_NAME = {
    *(
        ".plan.nodes",
        ".plan.old",
        ".plan.new_now",
        ".plan.manifests[]",
        ".plan.shares[].weights",
        ".plan.ways_out[].target",
    ),
    *(".plan.differences[].was", ".plan.differences[].now"),
    *(f".plan.changes[].{patch}" for patch in ("patch", "undo", "after", "back", "last")),
    *(
        ".run.weights",
        ".run.meant",
        ".events[].data",
        ".data",
        ".manifests[]",
        ".undo[].patch",
        ".roles[]",
        ".cloud_policy",
    ),
}
"""Where somebody else's object stands, or a table by name: what is inside is not ours to promise."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("store"))


def keys(value: Any, path: str = "") -> set[str]:
    """Give the path of every key; the elements of a list share one."""
    if path in BY_NAME:
        return set()
    if isinstance(value, list):
        return set().union(*(keys(row, f"{path}[]") for row in value))
    if not isinstance(value, dict):
        return set()
    return {f"{path}.{key}" for key in value}.union(*(keys(inner, f"{path}.{key}") for key, inner in value.items()))


def recorded() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("command", SHOWN)
def test_the_json_of_a_command_loses_no_key(command: str, shown: World, capsys: pytest.CaptureFixture[str]) -> None:
    SHOWN[command](shown, chosen(JSON))
    now = keys(json.loads(capsys.readouterr().out))

    assert set(recorded()[command]) - now == set()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MigratorError(verbatim("x")), "migrator-error"),
        (Unreachable(verbatim("x")), "unreachable"),
        (Refused(verbatim("x")), "refused"),
        (StoreError(verbatim("x")), "store-error"),
        (LeaseLost(verbatim("x")), "lease-lost"),
        (UnsafeAction(verbatim("x")), "unsafe-action"),
        (UsageError(verbatim("x")), "usage-error"),
        (NotFound(verbatim("x")), "not-found"),
        (IllegalMove(verbatim("x")), "illegal-move"),
        (LeaseHeld(verbatim("x")), "lease-held"),
        (PlanFileInvalid(verbatim("x")), "plan-file-invalid"),
        (PlanRefused(verbatim("x")), "plan-refused"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_keeps_the_kind_by_which_programs_know_it(error: MigratorError, kind: str) -> None:
    assert of_error(error).kind == kind


def test_writes_and_decisions_keep_the_names_by_which_programs_know_them() -> None:
    writes = {"Register", "SetWeights", "Deregister", "ApplyObject", "PatchObject", "DeleteObject", "Tell"}
    decisions = {"do", "settle", "fail", "wait", "ask", "withdraw", "done", "halt", "turnback", "obey", "grant"}

    assert {write_name(kind) for kind in get_args(Action)} == writes
    assert {decision_name(kind) for kind in get_args(Decision)} == decisions


def record() -> None:
    """Write the keys down: `python -m tests.cli.test_json_keys`, when a key was added."""
    import contextlib
    import io
    import tempfile

    found: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        told = world(Path(folder))
        for command, show in SHOWN.items():
            with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
                show(told, chosen(JSON))
            found[command] = sorted(keys(json.loads(out.getvalue())))
    RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(record())
