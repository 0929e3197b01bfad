"""Durations are read in one place and told in one place."""

from __future__ import annotations

import pytest

from migrator.domain.messages.durations import in_words, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30.0), ("10m", 600.0), ("1h30m", 5400.0), ("500ms", 0.5), (" 1.5s ", 1.5), ("2d", 172_800.0), ("0s", 0.0)],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "30", 30, None, "-1s", "1 m", "1y", "s", "1m30"])
def test_a_duration_without_units_or_with_a_sign_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="like 30s, 10m, 1h30m or 500ms"):
        seconds_of(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1.0, "0 s"),
        (0.352, "0.35 s"),
        (12.64, "12.6 s"),
        (90.0, "90 s"),
        (120.0, "2 min"),
        (150.0, "2 min 30 s"),
        (11_100.0, "3 h 5 min"),
        (90_000.0, "1 d 1 h"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_greatest_units(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
