"""One round: clients, a plan, a run, and the events that strike while it goes on."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from migrator.lab.demo.command_line import Production, Unexpected
from migrator.lab.demo.loading import loaded, until_enough
from migrator.lab.demo.shares import Watch
from migrator.lab.ground.manifests import Json
from migrator.lab.process import NotReady, stop
from migrator.lab.soak.draw import Draw
from migrator.lab.soak.events import World
from migrator.lab.soak.harm import apart, not_right
from migrator.lab.soak.record import Round
from migrator.lab.soak.striking import Striking
from migrator.lab.world.parts import Workspace

THERE, BACK = "there", "back"
RUN_WITHIN = 300.0
ASK_EVERY = 2.0
SLOWEST = 100.0
"""Requests per second below which a round stops waiting for more of them."""

_TICK = 0.25
COUNTS = ("sent", "answered", "lost", "bad", "wrong", "cut")
_NO_ACCOUNT = (NotReady, Unexpected, httpx.HTTPError, KeyError, subprocess.TimeoutExpired)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a round needs of a lab."""

    workspace: Workspace
    world: World
    watch: Watch
    production: Production


def one(
    ground: Ground, way: str, number: int, draws: tuple[Draw, ...], least: int, plan: Callable[[], object]
) -> Round:
    """Run one round and return its account, whatever becomes of it."""
    problem, code, run = "", 1, {}
    questions: list[str] = []
    gains = _new_share if way == THERE else _old_share
    striking = Striking(ground.world, ground.watch, ground.production, gains, list(draws))
    with loaded(ground.workspace) as load:
        try:
            plan()
            striking.began = time.monotonic()
            code = _carried_out(ground.production, striking, questions)
            run = ground.production.read("status")["run"]
            until_enough(load, least, least / SLOWEST, lambda: time.sleep(_TICK))
        except _NO_ACCOUNT as error:
            problem = f"{type(error).__name__}: {str(error)[-600:]}"
        seconds = time.monotonic() - striking.began
        load.finish()
        totals = load.end()["totals"]
        rows = not_right(load.rows())
    _keep(rows, ground.workspace.ledger.parent / f"not-right-{number}.jsonl")
    return Round(
        number=number,
        way=way,
        state=str(run.get("state", "unknown")),
        exit_code=code,
        seconds=round(seconds, 1),
        **{name: totals[name] for name in COUNTS},
        struck=tuple(striking.struck),
        questions=tuple(questions),
        problem=problem,
        apart=apart(rows, striking.struck),
    )


def _keep(rows: list[Json], file: Path) -> None:
    """Keep what was lost or wrong: the next round in this lab writes its own ledger over it."""
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def _new_share(percent: float) -> float:
    return percent


def _old_share(percent: float) -> float:
    return 100.0 - percent


def _carried_out(production: Production, striking: Striking, questions: list[str]) -> int:
    """Run migrator to its end while events strike; every question of it is answered with yes."""
    run = production.run()
    asked_at = time.monotonic()
    try:
        while run.poll() is None:
            now = time.monotonic()
            if now - striking.began > RUN_WITHIN:
                raise NotReady(f"the run was not over after {RUN_WITHIN:g} s; see {production.log}")
            striking.look()
            if now - asked_at > ASK_EVERY:
                asked_at = now
                questions += _answered(production)
            time.sleep(_TICK)
    finally:
        code = stop(run)
        striking.end()
    return code


def _answered(production: Production) -> Iterator[str]:
    """Say yes where the run waits for a person; yield the question."""
    run: Json = production.read("status").get("run", {})
    if run.get("state") == "waiting":
        production.ask("approve")
        yield str(run.get("why", ""))
