"""What is installed: the product alone brings no test tools, both programs start, and editors find the plan files' schema."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import migrator
from migrator.app.begin.writing import SCHEMA
from migrator.cli.views.forms.planfile import SERVER
from tests.app.plan import keys_page

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PLANS = sorted((ROOT / "plans").glob("*.yaml"))


def names(requirements: list[str]) -> set[str]:
    """Give the names of what is required."""
    return {re.split(r"[\[<>=;]", requirement, maxsplit=1)[0] for requirement in requirements}


def test_the_product_requires_no_tool_of_its_tests_and_nothing_of_the_lab() -> None:
    extras = PROJECT["optional-dependencies"]

    assert names(PROJECT["dependencies"]) & (names(extras["dev"]) | names(extras["lab"])) == set()


def test_the_demonstration_installs_the_lab_alone() -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    (needs,) = re.findall(r"^demo: +(\S+)", rules, re.M)
    (recipe,) = re.findall(r"^\$\(LAB\):.*\n((?:\t.*\n)+)", rules, re.M)

    assert needs == "$(LAB)"
    assert "'.[lab]'" in recipe
    assert "dev" not in recipe


@pytest.mark.parametrize("program", ["migrator", "kubectl-migrator"])
def test_a_program_has_a_function_that_starts_it(program: str) -> None:
    module, _, name = PROJECT["scripts"][program].partition(":")

    assert callable(getattr(importlib.import_module(module), name))


def given_like_a_module() -> list[tuple[str, str]]:
    """Give (package, name) where a package gives something that is called as one of its modules is."""
    packages = [each.name for each in pkgutil.walk_packages(migrator.__path__, "migrator.") if each.ispkg]
    loaded = [(name, importlib.import_module(name)) for name in packages]
    return [
        (name, module.name)
        for name, package in loaded
        for module in pkgutil.iter_modules(package.__path__)
        if not isinstance(getattr(package, module.name, package), ModuleType)
    ]


def test_loading_a_module_replaces_nothing_that_its_package_gives_by_that_name() -> None:
    """Python binds a module in its package when it is first loaded: a function of that name, which loads it, works once."""
    named = given_like_a_module()
    for package, name in named:
        importlib.import_module(f"{package}.{name}")

    assert named
    assert [pair for pair in named if isinstance(getattr(sys.modules[pair[0]], pair[1]), ModuleType)] == []


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_a_plan_file_names_its_schema_to_editors(plan: Path) -> None:
    assert plan.read_text(encoding="utf-8").splitlines()[0] == SERVER


def test_the_schema_beside_the_plan_files_is_the_published_one() -> None:
    written = (ROOT / "plans" / SCHEMA).read_text(encoding="utf-8")

    assert written == keys_page.text_of_schema(), "run python -m tests.app.plan.keys_page"
