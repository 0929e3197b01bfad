"""The preflight as a whole: a sound world passes it, every check is run, and every code has its section in the docs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from migrator.adapters.balancers import DRIVERS, unknown_code
from migrator.domain import gateways
from migrator.domain.gateways import PROFILES
from migrator.domain.messages.codes import CODES
from migrator.domain.messages.findings import Severity, blocking
from migrator.domain.planning import checks
from migrator.domain.planning.checks import REGISTER, preflight
from migrator.domain.planning.checks.apart.register import OF_TWO, of_two
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, world
from tests.fakes.world import SPEC as FAKE
from tests.fakes.world import FakeWorld
from tests.wording.used import Use, codes_of, escaping, uses
from tests.words import text

ROOT = Path(__file__).parents[4]
UNDER_WAY = (
    "migrator/domain/steps",
    "migrator/domain/turn",
    "migrator/domain/gates",
    "migrator/domain/weights",
    "migrator/workflow",
)
"""The rooms whose findings halt a run that is under way: nobody waives those. What any other room says can be waived, so that a
new room has nothing to add itself to."""

OF_A_FILE = {"planfile.invalid"}
"""Of a plan file that cannot be read: there is no plan yet, in which it could be waived."""

LINT = "lint."
SEVERITIES = {str(severity) for severity in Severity}


def documented() -> set[str]:
    """Give the codes that docs/checks.md has a section for."""
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    return set(re.findall(r"^### `([a-z][a-z-]*\.[a-z0-9-]+)`", text, re.MULTILINE))


def is_under_way(use: Use) -> bool:
    """Say whether a finding halts a run, and is none of those that are told before it."""
    return f"migrator/{use.where}".startswith(UNDER_WAY)


def written() -> set[str]:
    """Give the codes that stand in the source of everything that finds something before a run."""
    return {use.code.partition(":")[0] for use in uses() if use.is_finding and not is_under_way(use)} - OF_A_FILE


def test_every_code_has_a_section_in_the_docs() -> None:
    assert {code for code in written() if not code.startswith(LINT)} - documented() == set()


@pytest.mark.parametrize("provider", DRIVERS)
def test_every_code_that_any_room_says_before_a_run_can_be_waived(provider: str) -> None:
    assert {code for code in written() if unknown_code(code, provider) is not None} == set()


def test_what_halts_a_run_under_way_has_a_code_that_is_not_taken_for_one_that_can_be_waived() -> None:
    halting = {use.code.partition(":")[0] for use in uses() if use.is_finding and is_under_way(use)}

    assert halting
    assert halting & CODES == set()


def test_a_finding_is_made_by_a_plain_call_with_its_code_in_it_so_that_no_code_escapes_these_tests() -> None:
    assert [use.where for use in uses() if use.is_finding and not use.code] == []
    assert list(escaping()) == []


def test_every_section_in_the_docs_is_of_a_code_that_exists() -> None:
    assert documented() - written() == set()


def check_modules() -> list[ModuleType]:
    """Give every module below the packages that hold checks: planning's own, and those of the gateway kinds."""
    found = [
        module
        for package in (checks, gateways)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return [importlib.import_module(module.name) for module in found]


def test_every_check_of_every_module_is_registered_once() -> None:
    public = [
        function
        for module in check_modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and _is_check(function)
        if function is not of_two  # which runs those of two clusters
    ]
    registered = [*OF_TWO, *(check for check, _ in REGISTER)]
    registered += [check for profile in PROFILES.values() for check, _ in profile.checks]

    assert [check.__name__ for check in public if registered.count(check) != 1] == []
    assert len(public) == len(registered)


def _is_check(function: object) -> bool:
    return inspect.get_annotations(function).get("return") == "Iterable[Finding]"  # type: ignore[arg-type]


def test_a_check_takes_the_proposal_alone_and_says_why_it_matters() -> None:
    own = [row for profile in PROFILES.values() for row in profile.checks]
    for check, _ in (*REGISTER, *own):
        assert list(inspect.signature(check).parameters) in (["proposal"], ["planned"]), check
        assert inspect.getdoc(check), check


def graded() -> dict[str, set[str]]:
    """Give the severities with which each code stands in the source of the checks."""
    found: dict[str, set[str]] = {}
    for module in check_modules():
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                code = call.args[0]
                for name in codes_of(code) if call.func.id in SEVERITIES else ():
                    found.setdefault(name.partition(":")[0], set()).add(call.func.id)
    return found


def test_the_docs_name_the_severity_that_a_code_has() -> None:
    """Codes whose severity depends on what was seen are told with a local name, and their page says on what."""
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^### `([a-z][a-z-]*\.[a-z0-9-]+)`\n+\*\*(.*?)\*\*", text, re.MULTILINE))
    wrong = {code: grades for code, grades in graded().items() if not grades <= set(told[code].split())}

    assert wrong == {}


def test_a_sound_world_has_nothing_that_blocks_or_warns() -> None:
    found = [row for row in preflight(propose(world(), SPEC)) if row.severity is not Severity.INFO]

    assert found == []


def test_the_world_of_the_other_tests_has_nothing_that_blocks() -> None:
    assert blocking(FakeWorld().checks(FAKE)) == ()


def test_without_a_source_no_check_raises_and_the_plan_is_blocked() -> None:
    found = preflight(propose(replace(world(), source=None), SPEC))

    assert "source.missing" in {row.code for row in blocking(found)}


def test_where_the_old_workload_is_not_found_nobody_is_told_to_remove_the_backends_that_serve() -> None:
    here = world()
    mistyped = replace(here, source=None, old=replace(here.old, uid="", pods=()))

    found = {row.code for row in preflight(propose(mistyped, SPEC))}

    assert found >= {"source.missing", "balancer.no-old-backend"}
    assert "balancer.foreign-backend" not in found


def test_every_finding_that_stops_a_run_says_what_to_do() -> None:
    from tests.domain.planning.checks.nodes.test_host_network import upstream

    found = preflight(propose(replace(world(upstream()), source=None, nodes=(), targets=()), SPEC))

    assert all(text(row.remedy) for row in blocking(found))
