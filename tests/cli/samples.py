"""One value of everything that a command shows, taken from the fake world and from a store with runs, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.app.inspect import status as inspect
from migrator.app.inspect.report import Report, report
from migrator.app.run.control import Asked
from migrator.cli.views.failure import of_error
from migrator.cli.views.view import View
from migrator.domain.balancers.calibration import Calibration, HealthTimes, Timed, Way
from migrator.domain.messages.errors import LeaseHeld
from migrator.domain.messages.findings import Severity, Waiver, worded
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Register
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Do
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Request, RequestKind, Run, State
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.domain.model.target import PortConflict
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.advice import Advice
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.port_conflicts import WayOut
from migrator.lab.world.lifecycle import Ending
from migrator.lab.world.record import Part, Process, Record
from migrator.store import Event, PlanSummary
from migrator.workflow.progress import Progress
from tests.app.inspect.test_interruptions import killed
from tests.app.world import HOLDER, stored, walked
from tests.domain.planning.timeline.test_timeline import CANARY, made
from tests.store.world import NEW, OLD, START, make_plan

FINDING = worded("pool.foreign", Severity.BLOCK, "lbl-80", "a stranger is registered", "10.9.9.9:80", "take it off")
VERDICT = Verdict(Ruling.PASS, say("judge.no-request"), "gateway counters", Rate(1253, 0), Rate(145, 3))
LOOK = Snapshot(START, 89.9, (Weighted(OLD, 11), Weighted(NEW, 98)), VERDICT, START, troubles=(say("look.not-yet"),))
CHANGE = Change(
    ObjectRef("v1", "Service", "edge", "gw"),
    "u-1",
    {"spec": {"a": 1}},
    {"spec": {"a": 2}},
    say("change.narrowed", service="gw"),
)
ADVICE = Advice(say("advice.high"), "DaemonSet", say("advice.high-why"), True, say("advice.no-rate"))
WAY = WayOut(
    PortConflict.PORTS, say("way.ports", ports=("80 -> 10080",)), None, say("way.ports-cost"), {"portConflict": "ports"}
)
CALIBRATION = Calibration(
    START,
    "ann@ops",
    Way.OWN_LISTENER,
    "lbl-2",
    50.0,
    500,
    0,
    (Timed(NEW, True, 0.1, 0.4, 0.8, 0.02), Timed(NEW, False, 0.1, 0.4, 0.9, 0.02)),
    HealthTimes(1.0, 1.2, 2.0, None),
)


@dataclass(frozen=True, slots=True)
class World:
    """What a store with a completed run and one that was killed, paused and sent back has to tell."""

    plan: Plan
    run: Run
    status: inspect.Status
    left: inspect.Left
    report: Report
    events: list[Event]
    listed: list[inspect.Listed]
    plans: list[PlanSummary]
    lab: Record


def world(folder: Path) -> World:
    """Give it, from a store in `folder`."""
    lab = Record(
        "127.77",
        "up",
        Process(1, 1),
        str(folder / "kubeconfig"),
        {"api": "http://127.77.0.1:6443"},
        (Part("api", Process(1, 1), "api.log"),),
    )
    with stored(folder) as (store, clock):
        shares = report(store, walked(store, clock)).shares
        run = killed(store, clock, make_plan("e1"))
        plan = replace(store.plan(run.plan_id), findings=(FINDING,))
        asked = Request(9, RequestKind.PAUSE, "ann@ops", START, "lunch")
        status = replace(inspect.status(store, run), look=LOOK, pending=(asked,))
        read = replace(report(store, run), shares=shares, cut={"side": "old", "connections": 3}, waived=(FINDING,))
        left, events = inspect.where(store, run), store.events(run.id)
        return World(plan, run, status, left, read, events, inspect.listed(store), store.plans(), lab)


def following(world: World) -> Progress:
    """Give a turn of a run that looks after nodes."""
    run, words = replace(world.run, state=State.RUNNING), say("follow.register", addresses=("10.1.0.4",))
    return Progress(run, (say("step.follow"),), Do(Register(()), words), None, words)


def planned() -> Plan:
    """Give a plan with one of everything that a plan shows."""
    return replace(made(CANARY), findings=(FINDING,), changes=(CHANGE,))


SHOWN: dict[str, Callable[[World, View], object]] = {
    "plan": lambda w, view: view.plan(planned(), (WAY,)),
    "verify": lambda w, view: view.findings((FINDING,), (Waiver(FINDING.code, "known"),)),
    "status": lambda w, view: view.status(w.status),
    "status --watch": lambda w, view: watched(w, view),
    "list": lambda w, view: view.runs(w.listed, w.plans),
    "events": lambda w, view: view.events(w.run, w.events),
    "events --follow": lambda w, view: view.event(w.events[0]),
    "report": lambda w, view: view.report(w.report),
    "pause": lambda w, view: view.asked(Asked(w.run, RequestKind.PAUSE, HOLDER)),
    "cancel": lambda w, view: view.ended(w.run),
    "run --detach": lambda w, view: view.detached(w.run, HOLDER, "/var/log/run.log"),
    "run": lambda w, view: view.left(w.left),
    "follow": lambda w, view: followed(w, view),
    "manifests": lambda w, view: view.manifests(w.run, ({"kind": "Deployment"},), w.plan.changes),
    "rbac": lambda w, view: view.roles(({"kind": "Role"},), {"version": "2.0"}, "tencent", "docs/tencent.md"),
    "advise": lambda w, view: view.advice((ADVICE,)),
    "calibrate": lambda w, view: view.calibration(CALIBRATION, True),
    "error": lambda w, view: view.failure(of_error(LeaseHeld("Run 1 is carried out by ann. Nothing was changed."))),
    "lab status": lambda w, view: view.lab(w.lab),
    "lab down": lambda w, view: view.lab_ended(Path("build/lab"), Ending(9, 1)),
}
"""Whatever commands show, by the command: each can be shown for people and as JSON."""


def watched(world: World, view: View) -> None:
    """Show one look of somebody who watches."""
    with view.watching() as show:
        show(world.status)


def followed(world: World, view: View) -> None:
    """Show one turn of a run that looks after nodes."""
    with view.live(replace(world.plan, way="follow")) as tell:
        tell(following(world))
