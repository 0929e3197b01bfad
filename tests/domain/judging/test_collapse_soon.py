"""A collapse that has just begun is told by short windows, and these make the judge no quicker to blame scanners on a side."""

from __future__ import annotations

from math import exp
from random import Random

import pytest

from migrator.domain.judging.judge import Evidence, Seen, judge, ruling
from migrator.domain.judging.window import window
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Delta, Rate, Ruling
from migrator.domain.model.spec import JudgeSpec

NOW = 1000.0
SOON = JudgeSpec()
WORLDS = 300


def second(side: Side, age: int, requests: int, refused: int, connections: int | None = 30, live: int = 20) -> Delta:
    """Give one second of a side's only gateway."""
    name = f"{side.value}-0"
    return Delta(
        name, side, NOW - age, 1.0, requests, 0, None, connections, classes=Classes(refused, 0), connections=live
    )


def begun(ago: int, refused: float = 1.0, connections: int | None = 30, of_old: int = 30) -> tuple[Delta, ...]:
    """Give eight seconds, of which the newest `ago` are such that the new side refuses this part of everything."""
    new = [second(Side.NEW, age, 200, round(200 * refused) if age < ago else 0, connections) for age in range(8)]
    return (*new, *(second(Side.OLD, age, 200, 2, of_old) for age in range(8)))


@pytest.mark.parametrize(
    ("deltas", "said"),
    [
        pytest.param(begun(2), Ruling.ABORT, id="two whole seconds"),
        pytest.param(begun(1), Ruling.PASS, id="one is not enough"),
        pytest.param(begun(2, 0.6), Ruling.PASS, id="a part of the answers takes the long window"),
        pytest.param(begun(2, connections=5), Ruling.PASS, id="on few new connections"),
        pytest.param(begun(2, of_old=5), Ruling.PASS, id="beside few new connections of the old side"),
        pytest.param(begun(2, connections=None), Ruling.PASS, id="nobody counts connections"),
    ],
)
def test_a_whole_collapse_is_told_after_two_short_windows(deltas: tuple[Delta, ...], said: Ruling) -> None:
    verdict = judge(SOON, Evidence(deltas, NOW))

    assert verdict.ruling is said
    assert verdict.reason.code == ("judge.collapse" if said is Ruling.ABORT else "judge.numbers")


def test_samples_that_come_seldom_leave_short_windows_empty() -> None:
    deltas = tuple(delta for delta in begun(2) if round(NOW - delta.at) % 2 == 0)

    assert judge(SOON, Evidence(deltas, NOW)).ruling is not Ruling.ABORT


def test_short_windows_turn_no_side_back_that_only_gets_the_scanners() -> None:
    """Bursts and streams of scanners that fall to the sides by chance, beside visits and pooled clients, in 300 worlds."""
    worlds = [Evidence(scanned(Random(seed)), NOW, Rate()) for seed in range(WORLDS)]
    blamed = [
        seed
        for seed, world in enumerate(worlds)
        if judge(SOON, world).ruling is Ruling.ABORT and by_long_windows(world) is not Ruling.ABORT
    ]

    assert blamed == []


def by_long_windows(world: Evidence) -> Ruling:
    """Give the ruling of the judge's own window, now and a second look earlier."""
    now, second_look = (window(world.deltas, end, 5.0) for end in (NOW, NOW - 0.5))
    return ruling(SOON, Seen(now, second_look)).ruling


def scanned(chance: Random) -> tuple[Delta, ...]:
    """Give nine seconds of a world in which nobody but scanners is refused, and every connection falls to a side by chance."""
    share, pooled, visits = chance.choice([0.1, 0.5, 0.9]), chance.choice([0, 50, 1000]), chance.choice([0, 5, 50])
    asked, stream = chance.choice([1, 5, 30, 100]), chance.choice([None, 1, 5, 20, 60])
    rows = []
    for age in range(9):
        scanners = chance.choice([0, 0, 0, 5, 30, 120]) if stream is None else stream
        counts = {Side.OLD: [pooled, 0, 0], Side.NEW: [0, 0, 0]}
        for number, refused in ((poisson(chance, scanners), True), (poisson(chance, visits), False)):
            for _ in range(number):
                row = counts[Side.NEW if chance.random() < share else Side.OLD]
                requests = max(1, poisson(chance, asked)) if refused else 3
                row[:] = row[0] + requests, row[1] + requests * refused, row[2] + 1
        for side, (requests, refusals, connections) in counts.items():
            live = chance.choice([2, 5, 20]) + (pooled // 10 if side is Side.OLD else 0)
            rows.append(second(side, age, requests, refusals, connections, live))
    return tuple(rows)


def poisson(chance: Random, mean: float) -> int:
    """Give a number of arrivals."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, mean**0.5)))
    count, left, least = 0, chance.random(), exp(-mean)
    while left > least:
        count, left = count + 1, left * chance.random()
    return count
