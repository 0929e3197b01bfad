"""`judge --retrospective`: what it is asked in words that nobody can read is refused in its own, without a defect."""

from __future__ import annotations

import pytest

from tests.cli.world import Terminal

PLAN = "plans/full.yaml"


@pytest.fixture
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Somebody with a folder of their own."""
    return Terminal(tmp_path_factory.mktemp("past"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(["--from", "soon"], "judge.no-moment", id="no moment"),
        pytest.param(["--from", "2026-11-30T10:00"], "judge.no-moment", id="a moment without its offset"),
        pytest.param(["--from", "99999999999d"], "judge.no-moment", id="before all calendars"),
        pytest.param(
            ["--from", "6h", "--to", "0001-01-01T00:00+14:00"], "judge.moments", id="an end before its beginning"
        ),
        pytest.param(["--from", "6h", "--every", "0s"], "option.no-duration", id="no time between two moments"),
        pytest.param(["--from", "6h", "--every", "5"], "option.no-duration", id="no unit"),
        pytest.param(["--from", "6h", "--window", "0s"], "option.no-duration", id="a window of no time"),
        pytest.param(["--from", "6h", "--hold", "nan%"], "judge.no-percent", id="no percentage"),
        pytest.param(["--from", "6h", "--hold", "9%", "--abort", "8%"], "judge.limits-crossed", id="limits that cross"),
    ],
)
def test_what_cannot_be_read_is_refused(terminal: Terminal, words: list[str], code: str) -> None:
    said = terminal.refused("judge", PLAN, "--retrospective", *words, "--output", "json", code=2)

    assert f'"code": "{code}"' in said
