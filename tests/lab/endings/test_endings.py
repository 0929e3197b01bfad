"""The table of endings: what counts as expected, and one event for real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrator.lab.endings import carry_out
from migrator.lab.endings.way import WAYS, Event, Result, Way, as_expected, as_json

BAD, GOOD = Way("bad", "as it stands", loses=True), Way("good", "hardened", ())


def row(way: Way, lost: int = 0, problem: str = "") -> Result:
    return Result(way, Event.EVICTION, sent=100, lost=lost, problem=problem)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([row(BAD, 2), row(GOOD)], True, id="loss before, none after"),
        pytest.param([row(BAD, 2), row(BAD), row(GOOD)], True, id="one event shows the loss"),
        pytest.param([row(BAD), row(GOOD)], False, id="a lab that shows no loss proves nothing"),
        pytest.param([row(BAD, 2), row(GOOD, 1)], False, id="loss after"),
        pytest.param([row(BAD, 2), row(GOOD, problem="NotReady")], False, id="no account"),
        pytest.param([row(GOOD)], True, id="a hardened way alone"),
    ],
)
def test_only_what_was_seen_counts(rows: list[Result], expected: bool) -> None:
    assert as_expected(rows) is expected


def test_the_written_account_names_ways_and_events() -> None:
    written = json.loads(json.dumps(as_json([row(GOOD)])))

    assert (written["rows"][0]["way"], written["rows"][0]["event"]) == ("good", "eviction")
    assert written["terms"]["one_way_delay_seconds"] == 0.05
    assert len({way.name for way in WAYS}) == len(WAYS)


@pytest.mark.lab
@pytest.mark.matrix
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_each_way_is_as_expected(way: Way, tmp_path: Path) -> None:
    found = carry_out.prove("auto", tmp_path, [way], lambda _: None)

    assert as_expected(found), found
