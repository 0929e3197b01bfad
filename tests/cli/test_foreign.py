"""Text that others wrote is shown, never obeyed: on a terminal, in JSON, in a log, and inside a sentence."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from migrator.cli.diagnostics import log_to
from migrator.cli.views.audit.command import command
from migrator.cli.views.console import Harmless
from migrator.cli.views.echo import as_json, echo
from migrator.cli.views.human.view import HumanView
from migrator.domain.gateways.audit import Reach, Reached, merge_at
from migrator.domain.hardening import harden
from migrator.domain.messages.findings import Severity, block, worded
from migrator.domain.messages.foreign import harmless, in_a_line
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.planning.matrix import Audit
from migrator.wording import evidence, render
from tests.cli.samples import BESIDE
from tests.domain.hardening.ground import ground

CLEARED = "ok\x1b[2J\x1b]0;title\x07 \x9b31m \u202edesrever\u2069\r"
OBEYED = set(map(chr, [*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)])) | set("\u061c\u200e\u200f\ufeff")
BIDI = {chr(number) for span in ((0x202A, 0x202F), (0x2066, 0x206A)) for number in range(*span)}


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not set(harmless(text)) & (OBEYED | BIDI)
    assert not set(in_a_line(text)) & (OBEYED | BIDI | {"\n", "\t"})


@given(st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_what_people_write_is_left_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_sequence_is_shown_as_what_it_is() -> None:
    assert harmless("a\x1b[2Jb\x9bc\u202ed\ne") == "a\\x1b[2Jb\\x9bc\\u202ed\ne"


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_says_exactly_the_same_and_holds_nothing_that_is_obeyed(value: object) -> None:
    text = as_json(value)

    assert json.loads(text) == value
    assert not set(text) & (OBEYED | BIDI)


def test_a_console_shows_its_own_styles_and_nobody_elses() -> None:
    out = io.StringIO()
    console = Harmless(file=out, force_terminal=True, color_system="standard", markup=False, width=200)
    console.print(Text(CLEARED, style="red"))

    assert "\x1b[31m" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()
    assert "ok\\x1b[2J" in out.getvalue()


def test_plain_output_shows_them_too(capsys: pytest.CaptureFixture[str]) -> None:
    echo(CLEARED)

    assert not set(capsys.readouterr().out) & (OBEYED | BIDI)


def test_the_log_shows_them_too(tmp_path: Path) -> None:
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    log_to(tmp_path / "log")
    try:
        logging.getLogger("migrator.x").warning("the cloud says %s", CLEARED)
    finally:
        for handler in [handler for handler in root.handlers if handler not in before]:
            root.removeHandler(handler)
            handler.close()
    written = (tmp_path / "log").read_text(encoding="utf-8")

    assert "the cloud says ok\\x1b[2J" in written
    assert not set(written) & (OBEYED | BIDI)


def test_a_name_with_a_line_feed_cannot_begin_a_line_of_its_own() -> None:
    said = render(say("planfile.no-such-key", key="x\nEverything is fine", meant=("a\nb",)))

    assert "\n" not in said
    assert "x\\nEverything is fine" in said


def test_what_an_older_version_stored_keeps_its_lines() -> None:
    assert render(verbatim("one\ntwo")) == "one\ntwo"
    assert evidence(worded("a.code", Severity.BLOCK, "x", "problem", "one\ntwo")) == "one\ntwo"


NAME = "gw\nPlan is fine"
REF = ObjectRef("v1", "Service", "edge", NAME)
PATCH = merge_at({"a": None}, "spec", "selector")
AUDIT_OF_STRANGERS = Audit(
    (Reached(REF, Reach.OLD, None, PATCH, steers=True), Reached(REF, Reach.NEW)), (NAME,), (NAME,)
)
HARDENED = harden(ground())


def shown(show: Callable[[HumanView], object], capsys: pytest.CaptureFixture[str]) -> list[str]:
    show(HumanView())
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "show",
    [
        pytest.param(lambda view: view.findings([block("deploy.refused", NAME, answer=NAME)], ()), id="a finding"),
        pytest.param(lambda view: view.findings((), (), AUDIT_OF_STRANGERS), id="the matrix and its commands"),
        pytest.param(
            lambda view: view.hardening(replace(HARDENED, measures=(replace(HARDENED.measures[0], place=NAME),))),
            id="hardening",
        ),
        pytest.param(lambda view: view.beside(replace(BESIDE, names=(NAME, NAME))), id="two gateways"),
    ],
)
def test_a_name_of_somebody_elses_begins_no_line_of_its_own(
    show: Callable[[HumanView], object], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(show, capsys)

    assert any("gw\\nPlan is fine" in line for line in lines)
    assert not any(line.startswith("Plan is fine") for line in lines)


def test_a_command_to_copy_holds_a_strange_name_in_quotes() -> None:
    assert command(ObjectRef("v1", "Service", "a;b", "$(reboot)"), PATCH).startswith(
        "kubectl patch service '$(reboot)' -n 'a;b' --type"
    )
