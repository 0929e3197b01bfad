"""A report on a terminal and in a file: every interruption named, no line padded, no word cut."""

from __future__ import annotations

import pytest

from tests.app.inspect.test_interruptions import killed
from tests.app.world import stored
from tests.cli.world import Terminal
from tests.store.world import make_plan


@pytest.fixture
def interrupted(terminal: Terminal) -> Terminal:
    """A terminal whose store has one run that was killed, taken over, paused and sent back."""
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        killed(store, clock, make_plan("e1"))
    return terminal


def test_a_report_names_who_died_who_took_over_and_who_paused(interrupted: Terminal) -> None:
    said = " ".join(interrupted.call("report").output.split())

    assert "died" in said
    assert "35 s" in said
    assert "pause by ann: lunch" in said
    assert "interrupted for 2 min 45 s of it" in said
    assert (
        "924 new connections to the balancer, answered by old 303, by new 619, side unknown 1; not answered 1" in said
    )


@pytest.mark.parametrize("command", ["report", "list", "status", "events"])
def test_no_line_ends_in_blanks_nor_in_a_cut_word(interrupted: Terminal, command: str) -> None:
    lines = interrupted.call(command).output.splitlines()

    assert [line for line in lines if line != line.rstrip() or line.endswith("…")] == []


def test_the_list_says_which_run_nobody_watches_and_which_plan_is_ready_since_when(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        killed(store, clock, make_plan("e1"))
        store.save_plan(make_plan("e2"))
    said = " ".join(terminal.call("list").output.split())

    assert "nobody watches" in said
    assert "e2 istio-ingress 2026-" in said
    assert "ready" in said
