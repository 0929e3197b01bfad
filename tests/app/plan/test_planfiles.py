"""A saved plan comes back as it was, by whichever version it was saved; one that somebody has changed is not run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from migrator.app.plan.planfiles import read, write
from migrator.domain.messages.errors import MigratorError, UsageError
from migrator.store.codec.codec import to_data
from migrator.store.codec.seals import first_seal, seal
from tests.store.codec.golden import said
from tests.store.world import make_plan
from tests.words import refused

FIRST = Path(__file__).parents[2] / "golden" / "0730ce6" / "plan.json"
"""A saved plan of format 1, as commit 0730ce6 wrote it."""


def saved(file: Path, data: Any, made_by: str = "9.9.9", **more: Any) -> str:
    """Save the JSON of a plan as a version of migrator would, which seals what it writes; return the path."""
    found = {"format": "migrator saved plan", "version": 2, "madeBy": made_by, "seal": seal(data), "plan": data, **more}
    file.write_text(json.dumps(found), encoding="utf-8")
    return str(file)


def without_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Return the plan's JSON as it was before the classes of a backend and a spec had their newest fields."""
    older = json.loads(json.dumps(data))
    del older["spec"]["follow"], older["seen"]["scattered"], older["seen"]["old"][0]["backend"]["ref"]
    return dict(older)


def test_a_saved_plan_comes_back_as_it_was_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    plan, file = make_plan("a1"), tmp_path / "ingress.plan"
    write(plan, str(file))

    assert read(str(file)) == plan
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"weight": 100', '"weight": 1', id="a weight"),
        pytest.param('"gw-ds"', '"other"', id="a name"),
        pytest.param('"severity": "warn"', '"severity": "info"', id="a finding"),
        pytest.param('"kind": "plan"', '"kind": "spec"', id="a kind"),
        pytest.param('"version": 2', '"version": 1', id="an older format"),
        pytest.param('"version": 2', '"version": 3', id="a later format"),
    ],
)
def test_a_saved_plan_that_was_changed_is_refused(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "ingress.plan"
    write(make_plan("a1"), str(file))
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")

    with refused(
        UsageError, "plan.file-of-other-version" if after == '"version": 3' else "plan.file-changed", file=str(file)
    ):
        read(str(file))


def test_a_saved_plan_of_commit_0730ce6_opens() -> None:
    data = json.loads(FIRST.read_text(encoding="utf-8"))["plan"]

    assert said({**data, "way": "forward"}, to_data(read(str(FIRST))))  # the way was not written then


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"weight": 100', '"weight": 1', id="a weight"),
        pytest.param('"strategy": "canary"', '"strategy": "blue-green"', id="the strategy"),
        pytest.param('"kind": "drain"', '"kind": "detach"', id="another kind of step"),
        pytest.param('"hostNetwork": true', '"hostNetwork": false', id="a manifest"),
    ],
)
def test_a_saved_plan_of_commit_0730ce6_that_was_changed_is_refused(tmp_path: Path, before: str, after: str) -> None:
    text, file = FIRST.read_text(encoding="utf-8"), tmp_path / "plan.json"
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")

    with refused(UsageError, "plan.file-of-other-version" if "kind" in before else "plan.file-changed", file=str(file)):
        read(str(file))


def test_a_saved_plan_opens_after_its_classes_gained_fields_with_defaults(tmp_path: Path) -> None:
    plan = make_plan("a1")
    data = without_defaults(to_data(plan))

    assert read(saved(tmp_path / "two", data)).id == "a1"
    assert read(saved(tmp_path / "one", data, version=1, seal=first_seal(data))).id == "a1"


def test_spaces_and_the_order_of_keys_are_no_change_of_a_saved_plan(tmp_path: Path) -> None:
    plan, file = make_plan("a1"), tmp_path / "ingress.plan"
    write(plan, str(file))
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")), sort_keys=True), encoding="utf-8")

    assert read(str(file)) == plan


def test_a_saved_plan_that_this_version_cannot_read_is_refused_by_the_version_that_made_it(tmp_path: Path) -> None:
    plan = to_data(make_plan("a1"))
    newer = {
        "a field": {**plan, "colour": "red"},
        "a step": {**plan, "steps": [{"kind": "teleport"}]},
        "no plan": {"kind": "voyage"},
    }

    for data in newer.values():
        with refused(UsageError, "plan.file-of-other-version", maker="9.9.9"):
            read(saved(tmp_path / "plan", data))
        with refused(UsageError, "plan.file-of-other-version", maker=""):
            read(saved(tmp_path / "plan", data, made_by="", version=1, seal="of older classes"))


def test_a_saved_plan_of_a_later_format_is_refused_by_the_version_that_made_it(tmp_path: Path) -> None:
    file = saved(tmp_path / "plan", {"anything": 1}, version=3, seal={"by": "other means"})

    with refused(UsageError, "plan.file-of-other-version", maker="9.9.9", format="3"):
        read(file)


@pytest.mark.parametrize("text", ["", "spec: {}", "[]", "{}", json.dumps({"format": "other"}), "[" * 100_000])
def test_what_is_no_saved_plan_is_refused_with_the_command_to_type(tmp_path: Path, text: str) -> None:
    file = tmp_path / "my.yml"
    file.write_text(text, encoding="utf-8")

    with refused(UsageError, "plan.file-not-saved-plan", file=str(file)):
        read(str(file))


def test_a_plan_that_cannot_be_written_is_still_in_the_store(tmp_path: Path) -> None:
    with refused(MigratorError, "plan.not-written", plan="a1"):
        write(make_plan("a1"), str(tmp_path / "no" / "such" / "folder"))


def test_no_name_that_a_plan_is_written_by_can_be_foreseen(tmp_path: Path) -> None:
    """In a directory of several users somebody may have put links at every name that a process id would make."""
    prey = tmp_path / "prey"
    prey.write_text("kept")
    for number in (os.getpid(), *range(50)):
        (tmp_path / f"plan.{number}.new").symlink_to(prey)
    (tmp_path / "plan").symlink_to(prey)
    write(make_plan("a1"), str(tmp_path / "plan"))

    assert prey.read_text() == "kept"
    assert read(str(tmp_path / "plan")).id == "a1"
    assert not list(tmp_path.glob(".plan*"))


def test_a_disk_that_is_full_leaves_nothing_beside_the_plan(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()  # what cannot be replaced
    with refused(MigratorError, "plan.not-written", plan="a1"):
        write(make_plan("a1"), str(tmp_path / "plan"))

    assert [file.name for file in tmp_path.iterdir()] == ["plan"]
