"""What each event costs by itself: no migration, only a cloud controller that follows the old gateways' pods."""

import time
from pathlib import Path

import httpx

from migrator.lab.demo.loading import loaded
from migrator.lab.ground.cloud import Cloud
from migrator.lab.process import NotReady
from migrator.lab.soak import record
from migrator.lab.soak.controller import controlling
from migrator.lab.soak.draw import Moment
from migrator.lab.soak.events import EVENTS, Event
from migrator.lab.soak.ground import Order, Say, lab
from migrator.lab.soak.harm import apart, not_right
from migrator.lab.soak.record import Round, Struck
from migrator.lab.soak.rounds import COUNTS, Ground
from migrator.lab.soak.soak import told

KEEP = "baseline.json"
NO_RUN = "none"
BEFORE, AFTER = 4.0, 12.0
"""Seconds of load before the event, and after it: a restart of three pods, one after the other, takes about eight."""


def baseline(order: Order, folder: Path, say: Say) -> list[Round]:
    """Let each event happen that is not done yet, each in a lab of its own, and return all of them."""
    file = folder / KEEP
    done = record.read(file)
    for number, name in enumerate(tuple(order.events)[: order.rounds], 1):
        if number <= len(done):
            continue
        with lab(order, folder / f"baseline-{number}", say) as ground:
            done.append(_one(ground, number, EVENTS[name]))
        record.write(file, order.seed, done)
        say(told(done[-1]))
    return done


def _one(ground: Ground, number: int, event: Event) -> Round:
    what, problem = "", ""
    with loaded(ground.workspace) as load, controlling(ground.world.cluster, Cloud(ground.world.layout.balancer)):
        began = time.monotonic()
        time.sleep(BEFORE)
        at = time.time()
        try:
            what = event.strike(ground.world)
            time.sleep(event.lasts)
            event.mend(ground.world)
        except (NotReady, httpx.HTTPError) as error:
            problem = f"{type(error).__name__}: {error}"
        time.sleep(AFTER)
        load.finish()
        totals = load.end()["totals"]
        rows = not_right(load.rows())
    struck = Struck(event.name, what, 0.0, BEFORE, Moment.GOING_ON, round(at, 3))
    seconds = round(time.monotonic() - began, 1)
    counts = {name: totals[name] for name in COUNTS}
    return Round(
        number, NO_RUN, "no run", 0, seconds, **counts, struck=(struck,), problem=problem, apart=apart(rows, (struck,))
    )
