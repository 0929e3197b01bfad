"""A report as a page: the same facts as on the terminal, escaped, without network, for any run that was ever stored."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from click.testing import CliRunner

from migrator.app.inspect.report import report
from migrator.cli.main import cli
from migrator.cli.views.page import html, markdown
from migrator.cli.views.page.axis import WIDTH
from migrator.cli.views.page.chart import charts
from migrator.cli.views.page.events import Mark
from migrator.cli.views.page.filed import Filed, filed
from migrator.cli.views.page.sheet import Table
from migrator.domain.messages.message import say
from migrator.store import StoreReader
from tests.fakes.clock import FakeClock
from tests.golden.saved import FROM_THE_LAB
from tests.words import text

NOW = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> | `x` \x1b[2J **b** \u202e"


def page(tmp_path: Path, form: str) -> str:
    """Print the report of the lab's stored run."""
    store = FROM_THE_LAB.put(tmp_path)
    words = ["report", str(FROM_THE_LAB.run), "--output", form]
    done = CliRunner().invoke(cli, words, env={"MIGRATOR_STORE": str(store)})
    assert done.exit_code == 0, done.output
    return done.stdout


def saved(tmp_path: Path) -> Filed:
    with StoreReader.opened(FROM_THE_LAB.put(tmp_path), FakeClock()) as store:
        return filed(report(store, store.run(FROM_THE_LAB.run)), "9.9")


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_page_says_what_a_rehearsed_share_is(tmp_path: Path, form: str) -> None:
    assert text(say("shown.rehearsal-share"))[:40] in page(tmp_path, form)


class Reader(HTMLParser):
    """Collects the tags with what they have, and sees that they close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_needs_no_network_and_runs_nothing(tmp_path: Path) -> None:
    text = page(tmp_path, "html")
    tags = Reader(text).tags

    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in tags}
    assert not [attrs for _, attrs in tags if {"src", "href", "onclick", "onload"} & attrs.keys()]
    assert not re.search(r"url\(|@import|https?://", text)
    policy = next(attrs["content"] for tag, attrs in tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_page_has_a_head_steps_shares_and_a_chart(tmp_path: Path) -> None:
    text = page(tmp_path, "html")

    for words in ("<h2>Run</h2>", "<h2>Steps</h2>", "<h2>Shares</h2>", "outcome", "balancer", "migrator"):
        assert words in text
    svg = text[text.index("<svg") : text.index("</svg>") + len("</svg>")]
    line = next(part for part in fromstring(svg) if part.get("class") == "curve new")
    assert str(line.get("d")).count("H") > 2


def test_markdown_has_the_same_tables(tmp_path: Path) -> None:
    text = page(tmp_path, "markdown")

    assert text.startswith("# Run ")
    assert [line for line in text.splitlines() if line.startswith("## ")][:3] == ["## Run", "## Steps", "## Shares"]
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1


def test_text_is_what_people_see_on_the_terminal(tmp_path: Path) -> None:
    assert page(tmp_path, "text") == page(tmp_path, "human")


def hostile() -> Filed:
    table = Table(HOSTILE, (HOSTILE,), ((HOSTILE,),))
    marks = (Mark(NOW, HOSTILE, "bad"),)
    return Filed(
        title=HOSTILE,
        state=HOSTILE,
        tables=(table,),
        remarks=(HOSTILE,),
        points=((NOW, 0.0), (NOW, 50.0)),
        marks=marks,
        until=NOW,
    )


@pytest.mark.parametrize("form", [html.page, markdown.page])
def test_what_others_wrote_makes_no_markup_and_is_not_obeyed(form: Any) -> None:
    text = form(hostile())

    assert "<script>" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\x1b" in text


def test_a_cell_of_markdown_cannot_begin_a_column_or_a_row() -> None:
    text = markdown.page(hostile())

    assert "\\|" in text
    assert "\\`x\\`" in text
    assert "\\*\\*b\\*\\*" in text


def test_the_chart_of_shares_steps_with_the_weights_that_were_read_back(tmp_path: Path) -> None:
    drawn = charts(saved(tmp_path))

    assert drawn is not None
    (share,) = drawn.drawn
    (curve,) = share.curves
    across = [float(x) for x in re.findall(r"H([\d.]+)", curve.path)]
    assert across == sorted(across)
    assert max(across) <= WIDTH
    assert all(0 <= float(y) <= share.height for y in re.findall(r"V([\d.]+)", curve.path))


def test_a_run_that_changed_no_weight_and_measured_nothing_has_no_chart(tmp_path: Path) -> None:
    still = Filed(title="t", state="s", tables=(), points=((NOW, 0.0),), marks=(), until=NOW)

    assert charts(still) is None
    assert "<svg" not in html.page(still)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_page_of_a_run_that_kept_no_measurements_says_so(tmp_path: Path, form: str) -> None:
    assert "kept no measurements" in page(tmp_path, form)


def test_the_checklists_are_tables_and_a_run_without_interruptions_has_no_column_for_them(tmp_path: Path) -> None:
    said = saved(tmp_path)
    tables = {table.title: table for table in said.tables}

    assert [sign for sign, _ in tables["During the switch"].rows] == ["[x]", "[x]", "[ ]", "[ ]"]
    assert [row for row in said.remarks if row.startswith("[")] == []
    assert {len(row) for row in tables["Steps"].rows} == {len(tables["Steps"].columns)} == {4}
