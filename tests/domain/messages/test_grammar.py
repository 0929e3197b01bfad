"""A person reads `1 object`, never `1 objects`."""

from __future__ import annotations

import pytest

from migrator.domain.messages.grammar import number_of


@pytest.mark.parametrize(
    ("number", "nouns", "words"),
    [
        pytest.param(1, ("object",), "1 object", id="one"),
        pytest.param(0, ("object",), "0 objects", id="none"),
        pytest.param(3, ("object",), "3 objects", id="several"),
        pytest.param(1, ("entry", "entries"), "1 entry", id="one of an odd plural"),
        pytest.param(2, ("entry", "entries"), "2 entries", id="an odd plural"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, nouns: tuple[str, ...], words: str) -> None:
    assert number_of(number, *nouns) == words
