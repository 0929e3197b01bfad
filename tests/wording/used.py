"""Which codes the source uses, and with which values: read from its syntax trees, so that nothing has to be run for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import migrator

ROOT = Path(migrator.__file__).parent
MESSAGES = frozenset({"say"})
FINDINGS = frozenset({"finding", "block", "warn", "info", "halt"})
HOMES = ("migrator.domain.messages.message", "migrator.domain.messages.findings", "migrator.domain.steps.step")
"""The functions that make a message or a finding of a code: their first argument, told literally. Others have their names."""


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a code is used. `names` are the values given; `open` when more are given that cannot be read here."""

    code: str
    names: frozenset[str]
    open: bool
    where: str
    is_finding: bool


@cache
def uses() -> tuple[Use, ...]:
    """Give every use in the source of migrator; a code that cannot be read has the code "". Read once: it takes seconds."""
    return tuple(_read())


def _read() -> Iterator[Use]:
    for path in sorted(ROOT.rglob("*.py")):
        if "lab" in path.relative_to(ROOT).parts[:1]:
            continue
        is_home = f"migrator.{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}" in HOMES
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = _imported(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
                found = _of(node, node.func.id in FINDINGS, f"{path.relative_to(ROOT)}:{node.lineno}")
                yield from (use for use in found if use.code or not is_home)


def escaping() -> Iterator[str]:
    """Give every place that makes a finding so that `uses` cannot read it: under another name, or by a function passed on."""
    for path in sorted(ROOT.rglob("*.py")):
        where = path.relative_to(ROOT)
        if "lab" in where.parts[:1] or f"migrator.{'.'.join(where.with_suffix('').parts)}" in HOMES:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = _imported(tree) & FINDINGS
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in HOMES:
                yield from (f"{where}:{node.lineno}" for name in node.names if name.name in FINDINGS and name.asname)
            if isinstance(node, ast.Name) and node.id in imported and id(node) not in called:
                yield f"{where}:{node.lineno}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                yield f"{where}:{node.lineno}"


def _imported(tree: ast.Module) -> frozenset[str]:
    """Give which of the functions a module imports."""
    return frozenset(
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in HOMES
        for name in node.names
        if name.name in MESSAGES | FINDINGS
    )


def _of(node: ast.Call, is_finding: bool, where: str) -> Iterator[Use]:
    names = frozenset(word.arg for word in node.keywords if word.arg is not None)
    more = any(word.arg is None for word in node.keywords)
    for code in codes_of(node.args[0]):
        yield Use(code, names, more, where, is_finding)


def codes_of(node: ast.expr) -> list[str]:
    """Give the literal codes of an argument: a text, or one of two texts."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*codes_of(node.body), *codes_of(node.orelse)]
    return [""]
