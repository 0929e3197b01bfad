"""Measure what a shift of 1,000 backends costs each driver: write calls, read calls, the least possible, and seconds.

Run it: `python tests/bench/bench_drivers.py [--backends 1000]`. The vendors' sides are those of the contract: our emulator,
a real HAProxy, small programs. Seconds are ours and the emulator's; a cloud adds its own. IPVS takes one server per process,
so it is measured with fewer backends unless `--ipvs` says how many.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[2]))

from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.actions import Op, Register, SetWeights
from migrator.domain.model.balancer import Pools, Side, Weighted, pools
from migrator.domain.weights.planner import next_chunk, pending, wanted
from tests.contracts.balancer import Can, Driver, Ground, Rig, batches, finished
from tests.contracts.rigs import KINDS

SHARES = (10.0, 50.0, 90.0, 100.0)
MOST_WAITS = 60
PATIENCE = 600.0
"""Seconds for one batch: TKE's controller changes one pod after the other, and is slow on a machine that others use."""
T = TypeVar("T")


def main() -> None:
    """Print one JSON line per driver and share."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backends", type=int, default=1000)
    parser.add_argument("--ipvs", type=int, default=60)
    parser.add_argument("--only", default="", help="one kind")
    options = parser.parse_args()
    rows = 0
    for kind in KINDS:
        if options.only not in ("", kind.name):
            continue
        if why := kind.missing():
            _say({"driver": kind.name, "skipped": why})
            continue
        rows += 1
        count = options.ipvs if kind.name == "ipvs" else options.backends
        with kind.open() as ground, _crowd(ground, count) as rig:
            _walk(kind.name, rig, count)
    if not rows:
        parser.error(f"no such driver: {options.only}; there are {', '.join(kind.name for kind in KINDS)}")


@contextmanager
def _crowd(ground: Ground, count: int) -> Iterator[Rig]:
    """Give a rig with two listeners, on each of them as many backends at weight 10 as at 0.

    Where a whole group has a weight the new ones are registered in a group of their own, as a run does it.
    """
    quarter = count // 4
    if Can.ALONE in ground.can:
        with ground.rig(((10,) * quarter + (0,) * quarter) * 2, 0) as rig:
            yield rig
        return
    with ground.rig((10,) * quarter * 2, quarter * 2) as rig:
        driver = rig.driver()
        for batch in batches(driver, rig.spare):
            _done(driver, _patiently(partial(driver.register, Register(batch))), rig)
        yield rig


def _walk(name: str, rig: Rig, count: int) -> None:
    """Walk up the shares as a run would: one chunk, read back, the next chunk."""
    driver = rig.driver()
    began = {target.backend: target.weight for target in _patiently(driver.targets)}
    originals = [Weighted(backend, weight) for backend, weight in began.items()]
    for share in SHARES:
        now = _seen(driver, began)
        rows = wanted(now, originals, share).rows
        changed, before, start, reading = len(pending(now, rows)), len(rig.sent()), time.monotonic(), 0.0
        for _ in range(changed + 1):
            if not (chunk := next_chunk(now, rows)):
                break
            _done(driver, _patiently(partial(driver.set_weights, SetWeights(chunk))), rig)
            looked = time.monotonic()
            now = _seen(driver, began)
            reading += time.monotonic() - looked
        batch = driver.capabilities().batch
        found = {"driver": name, "backends": count, "share": share, "rows": changed, "batch": batch}
        calls = {
            "calls": len(rig.sent()) - before,
            "least": -(-changed // batch),
            "reached": round(now.share() or 0, 2),
        }
        _say(found | calls | {"seconds": round(time.monotonic() - start, 2), "reading": round(reading, 2)})


def _done(driver: Driver, op: Op, rig: Rig) -> None:
    finished(driver, op, PATIENCE)
    rig.rest()


def _patiently(ask: Callable[[], T]) -> T:
    """Ask, and wait as a run does while the vendor says "not now"; any other trouble ends the measurement."""
    for _ in range(MOST_WAITS):
        try:
            return ask()
        except Unreachable as error:
            if error.retry_after is None:
                raise
            time.sleep(error.retry_after)
    return ask()


def _seen(driver: Driver, began: dict[object, int]) -> Pools:
    targets = _patiently(driver.targets)
    of = {each.backend: Side.OLD if began[each.backend] else Side.NEW for each in targets}
    return pools(targets, of, driver.capabilities())


def _say(found: dict[str, object]) -> None:
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
