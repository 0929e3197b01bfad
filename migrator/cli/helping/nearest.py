"""Which words were probably meant, by how many letters lie between. Pure; where none is near enough it gives none."""

from __future__ import annotations

from collections.abc import Sequence


def nearest(typed: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the known words that are nearest: all that are equally near, and off by a third of their letters at most."""
    off = [distance(typed.lower(), word) for word in known]
    least = min(off, default=0)
    return tuple(
        word for far, word in zip(off, known, strict=True) if far == least <= max(1, min(len(typed), len(word)) // 3)
    )


def distance(typed: str, word: str) -> int:
    """Return how many letters have to be changed, left out, put in, or exchanged with the next one."""
    before: list[int] = []
    above = list(range(len(word) + 1))
    for row, letter in enumerate(typed, 1):
        line = [row]
        for column, other in enumerate(word, 1):
            best = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == word[column - 2] and typed[row - 2] == other:
                best = min(best, before[column - 2] + 1)
            line.append(best)
        before, above = above, line
    return above[-1]
