"""Every event once while the run goes on, once while it is paused, and once on its way back, each in a lab of its own."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

from migrator.lab.soak import record, rounds
from migrator.lab.soak.draw import Draw, Moment, story
from migrator.lab.soak.ground import Order, Say, lab, planned
from migrator.lab.soak.record import Round
from migrator.lab.soak.rounds import THERE
from migrator.lab.soak.soak import told

KEEP = "stories.json"


def stories(order: Order, folder: Path, say: Say) -> list[Round]:
    """Do the stories that are not done yet, and return all of them; `order.rounds` is the most of them."""
    file = folder / KEEP
    done = record.read(file)
    for number, draw in enumerate(all_of(order), 1):
        if number <= len(done):
            continue
        done.append(one(order, folder / f"story-{number}", number, draw, say))
        record.write(file, order.seed, done)
        say(told(done[-1]))
    return done


def one(order: Order, place: Path, number: int, draw: Draw, say: Say) -> Round:
    """Do one story in a lab of its own. An event that did not happen tells nothing: that is a problem of its own."""
    with lab(order, place, say) as ground:
        row = rounds.one(ground, THERE, number, (draw,), order.least, planned(ground, order, place))
    happened = any(struck.what for struck in row.struck)
    return row if happened or row.problem else replace(row, problem="its event did not happen")


def all_of(order: Order) -> Iterator[Draw]:
    """Yield every story in order."""
    pairs = list(product(order.events, Moment))[: order.rounds]
    return (story(order.seed, event, moment) for event, moment in pairs)
