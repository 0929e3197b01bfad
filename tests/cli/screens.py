"""A run in the middle of its way as people watch it: two sides, one sick backend, a wait, a person's question; by the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from migrator.app.inspect.status import Status
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Health, Side, Weighted
from migrator.domain.model.runs import State
from migrator.domain.model.samples import Observed, Rate, Ruling, Verdict
from migrator.domain.observation.shown import BackendSeen, Times
from migrator.domain.observation.sides import WayBack
from migrator.domain.observation.sighting import Witnessed
from migrator.domain.observation.snapshot import Protection, Snapshot
from tests.cli.samples import world
from tests.store.world import START

OLD = Rate(1812, 3, 4, 1800, 12, 2, 0, 40, 31)
NEW = Rate(1753, 0, 1, 1740, 9, 1, 0, 44, 35)


def backends(count: int) -> tuple[BackendSeen, ...]:
    """Give rows of both sides, the worst first."""
    sick = BackendSeen(
        Backend("lbl-80", "10.0.9.9", 80),
        Side.NEW,
        "ip-10-0-9-9.eu-central-1.compute.internal",
        50,
        50,
        Health.UNHEALTHY,
        2,
        0.4,
        3,
        1,
        0,
    )
    moving = BackendSeen(
        Backend("lbl-80", "10.0.1.1", 30080), Side.OLD, "node-1", 100, 50, Health.HEALTHY, 31, 80.25, 0, 4
    )
    rest = (
        BackendSeen(
            Backend("lbl-80", f"10.0.1.{n}", 80), Side.NEW, f"node-{n}", 50, 50, Health.HEALTHY, 12, 33.0, 0, 2, 0
        )
        for n in range(2, count)
    )
    return (sick, moving, *rest)


def standing(folder: Path, count: int = 12, others: int = 0) -> Status:
    """Give a run that soaks while a process carries it out."""
    status = world(folder).status
    run = replace(status.run, state=State.RUNNING, why=None)
    verdict = Verdict(Ruling.PASS, say("judge.no-request"), "gateway counters", NEW, OLD)
    soak = say("soak.going-on", share=50.0, soaked=90.0, soak=120.0, judge=say("judge.silent"))
    look = Snapshot(
        START,
        50.0,
        (Weighted(Backend("lbl-80", "10.0.1.1", 30080), 100),),
        verdict,
        START,
        Witnessed(210, 104, 106),
        protection=Protection((say("eye.witness"), say("eye.health"))),
        looked_at=START,
        way_back=WayBack(8, 8, 1.0),
        backends=backends(count),
        others=others,
        observed=Observed(498, 1003, "gateway counters"),
        old=Times(0.012, 0.19),
        new=Times(0.011, 0.205),
        says=soak,
        until=START + timedelta(seconds=33),
    )
    return replace(
        status,
        run=run,
        look=look,
        newest=look,
        holder="ann@ops pid 4711",
        now=START + timedelta(seconds=3),
        left=372.0,
        answers=None,
        pending=(),
    )


def asking(folder: Path, holder: str | None) -> Status:
    """Give one that asks a person."""
    status = standing(folder)
    question = say("detach.ask", connections=5, side="old")
    run = replace(status.run, state=State.WAITING, why=question)
    look = replace(status.newest or Snapshot(), says=question, until=None)
    return replace(status, run=run, holder=holder, newest=look, look=look, left=None)
