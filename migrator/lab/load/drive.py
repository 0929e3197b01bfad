"""Run one load from the first client to the written summary. It stops for nothing that the target does."""

import asyncio
import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from migrator.lab.load.client import Client, Target
from migrator.lab.load.kinds import RUN
from migrator.lab.load.ledger import Ledger
from migrator.lab.load.mix import Mix
from migrator.lab.load.pace import Pace
from migrator.lab.load.summary import Course, Json, live, summed

FINISH_SECONDS = 5.0
_LIVE_SECONDS = 0.25
_CLOSE_SECONDS = 0.05  # the last close frames and FINs leave before the loop does


async def drive(
    target: Target,
    mix: Mix,
    out: Path,
    stop: asyncio.Event,
    *,
    seconds: float | None = None,
    on_ready: Callable[[], None] = lambda: None,
    finish: float = FINISH_SECONDS,
) -> dict[str, Json]:
    """Load `target` with `mix` for `seconds`, or until `stop` is set, and return the summary.

    Writes `out`/ledger.jsonl (each request as it is settled), live.json (four times a second) and summary.json. `on_ready`
    is called once every client has connected once. What is in flight at the end has `finish` seconds; then it is lost.
    """
    out.mkdir(parents=True, exist_ok=True)
    clock = steady_wall_clock(asyncio.get_running_loop())
    started, cpu = clock(), _cpu_seconds()
    with (out / "ledger.jsonl").open("w", encoding="utf-8") as file:
        ledger = Ledger(clock, lambda row: file.write(row + "\n"))
        pace = Pace()
        clients = [Client(group, n, target, ledger, pace) for group in mix.groups for n in range(group.clients)]
        _call_when_met(clients, on_ready)
        tasks = [asyncio.create_task(RUN[client.group.kind](client), name=client.name) for client in clients]
        await _until_over(tasks, stop, seconds, lambda: _publish(ledger, clock(), out, file.flush))
        pace.stop()
        stopped = clock()
        await _finish(tasks, finish)
        ledger.abandon()
    summary = summed(ledger, mix, Course(started, stopped, clock(), _cpu_seconds() - cpu))
    _write(out / "live.json", live(ledger, clock()))
    _write(out / "summary.json", summary)
    return summary


def steady_wall_clock(loop: asyncio.AbstractEventLoop) -> Callable[[], float]:
    """Return a clock of wall clock seconds that never steps: read once, then counted on by the loop's clock."""
    anchor = time.time() - loop.time()
    return lambda: anchor + loop.time()


def _call_when_met(clients: Sequence[Client], on_ready: Callable[[], None]) -> None:
    strangers = set(clients)

    def met(client: Client) -> None:
        strangers.discard(client)
        if not strangers:
            on_ready()

    for client in clients:
        client.on_met = partial(met, client)


async def _until_over(
    tasks: Sequence["asyncio.Task[None]"], stop: asyncio.Event, seconds: float | None, publish: Callable[[], None]
) -> None:
    """Publish now and then until `stop`, or `seconds` have passed. A client that ends by itself is a defect: raise it."""
    loop = asyncio.get_running_loop()
    end = None if seconds is None else loop.time() + seconds
    stopping = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set() and (end is None or loop.time() < end):
            left = _LIVE_SECONDS if end is None else min(_LIVE_SECONDS, end - loop.time())
            done, _ = await asyncio.wait({stopping, *tasks}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopping}:
                task.result()
                raise RuntimeError(f"client {task.get_name()} ended before the load")
            publish()
    finally:
        stopping.cancel()


async def _finish(tasks: Sequence["asyncio.Task[None]"], seconds: float) -> None:
    """Let clients finish what is in flight; after `seconds` stop them. Raise what a client raised."""
    _, pending = await asyncio.wait(tasks, timeout=seconds)
    for task in pending:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(_CLOSE_SECONDS)
    for result in results:
        if isinstance(result, Exception):
            raise result


def _publish(ledger: Ledger, at: float, out: Path, flush: Callable[[], None]) -> None:
    flush()
    _write(out / "live.json", live(ledger, at))


def _write(path: Path, value: Json) -> None:
    """Replace `path` at once, so that a reader never sees half of it."""
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(value), encoding="utf-8")
    os.replace(draft, path)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
