"""The map of the house: every folder of the package is named in docs/architecture.md, and every path that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "migrator"
MOST_MODULES, MOST_LINES = 14, 300


def folders() -> list[Path]:
    """Give every folder of the package that holds modules."""
    return sorted({file.parent for file in PACKAGE.rglob("*.py") if file.parent != PACKAGE})


def names(folder: Path) -> tuple[str, ...]:
    """Give the names by which the map may have a folder: its path; the lab's rooms and the drivers have a line together."""
    parts = folder.relative_to(PACKAGE).parts
    path = "/".join(parts)
    if parts[0] == "lab" and len(parts) > 1:
        return (parts[1],)
    if parts[:2] == ("adapters", "balancers"):
        return ("adapters/balancers",)
    return path, f"migrator/{path}"


@pytest.mark.parametrize("folder", [pytest.param(f, id=str(f.relative_to(PACKAGE))) for f in folders()])
def test_a_folder_of_the_package_is_named_on_the_map(folder: Path) -> None:
    assert any(f"`{name}`" in MAP for name in names(folder))


def test_every_path_on_the_map_exists() -> None:
    named = {word for word in re.findall(r"`([a-z_]+(?:/[a-z_]+)*/[a-z_]*(?:\.py)?)`", MAP) if "<" not in word}
    roots = (ROOT, PACKAGE)

    assert named
    assert {word for word in named if not any((root / word).exists() for root in roots)} == set()


@pytest.mark.parametrize("folder", [pytest.param(f, id=str(f.relative_to(PACKAGE))) for f in folders()])
def test_a_folder_has_about_a_dozen_modules_at_its_top(folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) - 1 <= MOST_MODULES


def test_a_file_holds_one_idea() -> None:
    long = {
        str(file.relative_to(ROOT))
        for file in PACKAGE.rglob("*.py")
        if len(file.read_bytes().splitlines()) > MOST_LINES
    }

    assert long == set()
