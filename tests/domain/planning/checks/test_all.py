"""The preflight as a whole: a sound world passes it, every check is run, and every code has its section in the docs."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

from migrator.domain.model.findings import Severity, blocking
from migrator.domain.planning import checks
from migrator.domain.planning.checks import CHECKS, CHECKS_BACK, preflight
from tests.domain.planning.checks.ground import SPEC, world
from tests.fakes.world import SPEC as FAKE
from tests.fakes.world import FakeWorld

ROOT = Path(__file__).parents[4]
SOURCES = ("migrator/domain/planning/checks", "migrator/domain/planning/derive", "migrator/adapters/balancers")
CODE = re.compile(r'"((?:[a-z]+)\.[a-z0-9]+(?:-[a-z0-9]+)*)"')
FAMILIES = (
    *(
        "after",
        "arithmetic",
        "balancer",
        "capacity",
        "cleanup",
        "client",
        "deploy",
        "derive",
        "exposure",
        "hostnetwork",
    ),
    *(
        "istio",
        "judge",
        "labels",
        "network",
        "nodes",
        "ownership",
        "permission",
        "ports",
        "probes",
        "return",
        "selectors",
    ),
    *("source", "strategy", "target", "termination", "waive", "witness"),
)


def documented() -> set[str]:
    """Give the codes that docs/checks.md has a section for."""
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    return set(re.findall(r"^### `([a-z]+\.[a-z0-9-]+)`", text, re.MULTILINE))


def written() -> set[str]:
    """Give the codes that stand in the source of the checks and the drivers."""
    files = [path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")]
    found = {code for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}
    return {code for code in found if code.split(".")[0] in FAMILIES}


def test_every_code_has_a_section_in_the_docs() -> None:
    assert written() - documented() == set()


def test_every_section_in_the_docs_is_of_a_code_that_exists() -> None:
    assert documented() - written() == set()


def test_every_check_of_every_module_is_run() -> None:
    modules = [module for _, module in inspect.getmembers(checks, inspect.ismodule)]
    public = {
        function
        for module in modules
        if module.__name__.startswith("migrator.domain.planning.checks.")
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and _is_check(function)
    }

    assert public - {*CHECKS, *CHECKS_BACK} == set()


def _is_check(function: object) -> bool:
    return inspect.get_annotations(function).get("return") == "Iterable[Finding]"  # type: ignore[arg-type]


def test_a_sound_world_has_nothing_that_blocks_or_warns() -> None:
    found = [row for row in preflight(world(), SPEC) if row.severity is not Severity.INFO]

    assert found == []


def test_the_world_of_the_other_tests_has_nothing_that_blocks() -> None:
    assert blocking(FakeWorld().checks(FAKE)) == ()


def test_without_a_source_no_check_raises_and_the_plan_is_blocked() -> None:
    found = preflight(replace(world(), source=None), SPEC)

    assert "source.missing" in {row.code for row in blocking(found)}


def test_every_finding_that_stops_a_run_says_what_to_do() -> None:
    from tests.domain.planning.checks.test_hostnetwork import upstream

    found = preflight(replace(world(upstream()), source=None, nodes=(), targets=()), SPEC)

    assert all(row.remedy for row in blocking(found))
