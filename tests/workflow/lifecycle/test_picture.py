"""The documentation's pictures of the lifecycle are those of the machine that runs use."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from migrator.workflow.lifecycle import picture
from migrator.workflow.lifecycle.machine import MACHINE

ROOT = Path(__file__).parents[3]
PAGES = {"README.md": ["diagram"], "docs/lifecycle.md": ["diagram", "table"]}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_the_lifecycle_that_the_machine_has(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    assert [found[1] for found in picture.MARKED.finditer(text)] == PAGES[page]
    assert picture.drawn(text) == text, f"python -m migrator.workflow.lifecycle.picture {page}"


def test_the_diagram_has_every_transition_of_the_machine() -> None:
    diagram = picture.diagram()
    transitions = MACHINE.get_transitions()

    for transition in transitions:
        arrow = f"{transition.source} --> {transition.dest.replace('-', '_')}: "
        [line] = [line for line in diagram.splitlines() if arrow in line]
        assert transition.source in line


def test_drawing_changes_what_stands_between_the_marks_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- lifecycle:table -->\nold\n<!-- /lifecycle -->\nafter\n", encoding="utf-8")
    picture.main([str(page)])
    once = page.read_text(encoding="utf-8")
    picture.main([str(page)])

    assert page.read_text(encoding="utf-8") == once
    assert once.startswith("before\n<!-- lifecycle:table -->\n| the run is |")
    assert once.endswith("|\n<!-- /lifecycle -->\nafter\n")
    assert "old\n" not in once


def test_the_module_draws_in_the_files_that_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- lifecycle:table -->\n<!-- /lifecycle -->\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["picture", str(page)])
    monkeypatch.delitem(sys.modules, "migrator.workflow.lifecycle.picture")
    runpy.run_module("migrator.workflow.lifecycle.picture", run_name="__main__")

    assert picture.table() in page.read_text(encoding="utf-8")
