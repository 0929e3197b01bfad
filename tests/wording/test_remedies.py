"""Every refusal says what to do next: a command, an option, a key of the plan file, or a plain request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from migrator.domain.messages import errors
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.findings import REMEDY
from migrator.wording.catalogue import catalogue
from tests.wording.languages import EVERY_LANGUAGE
from tests.wording.used import ROOT, codes_of

REFUSALS = frozenset(
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, UsageError)
)
"""The classes of what a command refuses: their words are all that a person gets."""

CARRIED = re.compile(r"\{(by|why|faults|reasons|instead)\b")
"""Values that say what to do themselves: findings, reasons, and who has moved something."""

NEXT = {
    "en": re.compile(
        r"`[^`]+`|--[a-z]|docs/|\b(Add|Check|Choose|Deploy|Fix|Free|Give|Grant|Install|Leave|Let|Log in|Look|Make|Name|Plan"
        r"|Print|Put|Remove|Repeat|Restore|Say|See|Set|Stop|Take|Use|Wait|Write|use|install|Known|Calibrate|End|needed"
        r"|Apply|name|plan anew)\b"
    ),
    "zh": re.compile(r"`[^`]+`|--[a-z]|docs/|请|可用|写法|已知|需要|用 "),
}


def refused() -> Iterator[tuple[str, str]]:
    """Give the code of every refusal that is made of a message at once, and where."""
    for path in sorted(ROOT.rglob("*.py")):
        if "lab" in path.relative_to(ROOT).parts[:1]:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in REFUSALS
                and node.args
            ):
                said = node.args[0]
                if isinstance(said, ast.Call) and isinstance(said.func, ast.Name) and said.func.id == "say":
                    yield from ((code, f"{path.relative_to(ROOT)}:{node.lineno}") for code in codes_of(said.args[0]))


@EVERY_LANGUAGE
def test_every_refusal_says_what_to_do_next(language: str) -> None:
    texts = catalogue(language).texts
    silent = [
        f"{code} ({where}): {texts[code]}"
        for code, where in refused()
        if code in texts and not NEXT[language].search(texts[code]) and not CARRIED.search(texts[code])
    ]

    assert silent == []


@pytest.mark.parametrize("code", ["plan.blocked", "run.unknown", "restart.image"])
def test_refusals_are_found_in_the_source(code: str) -> None:
    assert code in {found for found, _ in refused()}


def blocking() -> Iterator[tuple[str, str]]:
    """Give the code of every finding that can block, and where it is made."""
    for path in sorted(ROOT.rglob("*.py")):
        if "lab" in path.relative_to(ROOT).parts[:1]:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            graded = node.func.id == "finding" and len(node.args) > 1 and "BLOCK" in ast.dump(node.args[1])
            if node.func.id in ("block", "halt") or graded:
                yield from ((code, str(path.relative_to(ROOT))) for code in codes_of(node.args[0]) if code)


@EVERY_LANGUAGE
def test_every_finding_that_can_block_says_what_to_do_next(language: str) -> None:
    texts, found = catalogue(language).texts, dict(blocking())
    silent = [f"{code} ({where})" for code, where in found.items() if not texts.get(f"{code}{REMEDY}")]

    assert silent == []
    assert len(found) > 200, "the search finds nothing any more"
