"""Many rounds in labs that last for a pair of them: there and back. It goes on where an earlier process was cut off."""

from collections.abc import Callable, Iterator
from pathlib import Path

from migrator.lab.soak import record, rounds
from migrator.lab.soak.draw import drawn
from migrator.lab.soak.ground import Order, Say, lab, planned
from migrator.lab.soak.record import Round
from migrator.lab.soak.rounds import BACK, THERE, Ground

EVENTS_A_ROUND = 3
KEEP = "soak.json"


def soak(order: Order, folder: Path, say: Say) -> list[Round]:
    """Do the rounds that are not done yet, and return all of them."""
    file = folder / KEEP
    done = record.read(file)
    if done:
        say(f"{len(done)} of {order.rounds} rounds were done before")
    while len(done) < order.rounds:
        for row in _pair(order, folder, len(done), say):
            done.append(row)
            record.write(file, order.seed, done)
            say(told(row))
    return done


def told(row: Round) -> str:
    """Return one round as a line."""
    happened = "; ".join(struck.told for struck in row.struck)
    faults = "".join(f"\n      not as promised: {problem}" for problem in row.problems())
    lost = f"{row.lost} lost, {row.bad} bad (the events explain {row.apart or 0}), {row.wrong} wrong"
    counts = f"{row.sent} sent, {lost}, {row.cut} idle cut"
    return f"{row.number:4d} {row.way:5s} {row.state:11s} {row.seconds:6.1f} s  {counts}  [{happened}]{faults}"


def _pair(order: Order, folder: Path, done: int, say: Say) -> Iterator[Round]:
    """Yield the rounds of one lab: there, and back if the first was completed."""
    with lab(order, folder / f"lab-{done + 1}", say) as ground:
        plan = planned(ground, order, folder / f"lab-{done + 1}")
        there = _round(order, ground, THERE, done + 1, plan)
        yield there
        if there.state == "completed" and done + 1 < order.rounds:
            yield _round(order, ground, BACK, done + 2, ground.production.reverse)


def _round(order: Order, ground: Ground, way: str, number: int, plan: Callable[[], object]) -> Round:
    draws = drawn(order.seed, number, order.events, EVENTS_A_ROUND)
    return rounds.one(ground, way, number, draws, order.least, plan)
