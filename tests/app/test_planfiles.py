"""A saved plan comes back as it was; one that somebody has changed is not run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrator.app.planfiles import read, write
from migrator.domain.errors import MigratorError, UsageError
from tests.store.world import make_plan


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
        pytest.param('"version": 1', '"version": 2', id="another format"),
    ],
)
def test_a_saved_plan_that_was_changed_is_refused(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "ingress.plan"
    write(make_plan("a1"), str(file))
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(UsageError, match="Nothing was changed"):
        read(str(file))


@pytest.mark.parametrize("text", ["", "spec: {}", "[]", "{}", json.dumps({"format": "other"}), "[" * 100_000])
def test_what_is_no_saved_plan_is_refused_with_the_command_to_type(tmp_path: Path, text: str) -> None:
    file = tmp_path / "my.yml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=r"First `migrator plan .*my\.yml`"):
        read(str(file))


def test_a_plan_that_cannot_be_written_is_still_in_the_store(tmp_path: Path) -> None:
    with pytest.raises(MigratorError, match="`migrator run a1`"):
        write(make_plan("a1"), str(tmp_path / "no" / "such" / "folder"))
