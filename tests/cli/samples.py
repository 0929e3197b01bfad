"""One value of everything that a command shows, taken from the fake world and from a store with runs, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.app.inspect import status as inspect
from migrator.app.inspect.report import Report, report
from migrator.app.run.control import Asked
from migrator.cli.views import failed, show
from migrator.cli.views.human import advice as plan_advice
from migrator.cli.views.human import calibration, manifests
from migrator.cli.views.human import roles as plan_access
from migrator.cli.views.live import nodes, watching
from migrator.domain.model.actions import Register
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.calibration import Calibration, HealthTimes, Timed, Way
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Do
from migrator.domain.model.errors import LeaseHeld
from migrator.domain.model.findings import Finding, Severity, Waiver
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Request, RequestKind, Run, State
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.domain.model.spec import PortConflict
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.advice import Advice
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.port_conflicts import WayOut
from migrator.store import Event, PlanSummary
from migrator.workflow.progress import Progress
from tests.app.inspect.test_interruptions import killed
from tests.app.world import HOLDER, stored, walked
from tests.domain.planning.timeline.test_timeline import CANARY, made
from tests.store.world import NEW, OLD, START, make_plan

FINDING = Finding("pool.foreign", Severity.BLOCK, "lbl-80", "a stranger is registered", "10.9.9.9:80", "take it off")
VERDICT = Verdict(Ruling.PASS, "fine", "gateway counters", Rate(1253, 0), Rate(145, 3))
LOOK = Snapshot(START, 89.9, (Weighted(OLD, 11), Weighted(NEW, 98)), VERDICT, START, troubles=("the API was silent",))
CHANGE = Change(
    ObjectRef("v1", "Service", "edge", "gw"), "u-1", {"spec": {"a": 1}}, {"spec": {"a": 2}}, "would catch new pods"
)
ADVICE = Advice("one gateway per node", "DaemonSet", "it is fastest", True, "5 nodes")
WAY = WayOut(PortConflict.PORTS, "other ports", "", "a new listener", {"portConflict": "ports"})
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


def world(folder: Path) -> World:
    """Give it, from a store in `folder`."""
    with stored(folder) as (store, clock):
        shares = report(store, walked(store, clock)).shares
        run = killed(store, clock, make_plan("e1"))
        plan = replace(store.plan(run.plan_id), findings=(FINDING,))
        asked = Request(9, RequestKind.PAUSE, "ann@ops", START, "lunch")
        status = replace(inspect.status(store, run), look=LOOK, pending=(asked,))
        read = replace(report(store, run), shares=shares, cut={"side": "old", "connections": 3}, waived=(FINDING,))
        left, events = inspect.where(store, run), store.events(run.id)
        return World(plan, run, status, left, read, events, inspect.listed(store), store.plans())


def following(world: World) -> Progress:
    """Give a turn of a run that looks after nodes."""
    run = replace(world.run, state=State.RUNNING)
    return Progress(run, ("Follow nodes",), Do(Register(()), "x"), None, "register 10.1.0.4 at weight 0")


def planned() -> Plan:
    """Give a plan with one of everything that a plan shows."""
    return replace(made(CANARY), findings=(FINDING,), changes=(CHANGE,))


SHOWN: dict[str, Callable[[World, str], object]] = {
    "plan": lambda w, output: show.plan(planned(), output, ways=(WAY,)),
    "verify": lambda w, output: show.findings((FINDING,), (Waiver(FINDING.code, "known"),), output),
    "status": lambda w, output: show.status(w.status, output),
    "status --watch": lambda w, output: watching._Blocks(output)(w.status),
    "list": lambda w, output: show.runs(w.listed, w.plans, output),
    "events": lambda w, output: show.events(w.run, w.events, output),
    "events --follow": lambda w, output: show.event(w.events[0], output),
    "report": lambda w, output: show.report(w.report, output),
    "pause": lambda w, output: show.asked(Asked(w.run, RequestKind.PAUSE, HOLDER), output),
    "cancel": lambda w, output: show.ended(w.run, output),
    "run --detach": lambda w, output: show.detached(w.run, HOLDER, "/var/log/run.log", output),
    "run": lambda w, output: show.left(w.left, output),
    "follow": lambda w, output: nodes.to_stdout(output)(following(w)),
    "manifests": lambda w, output: manifests.show(w.run, w.plan, output),
    "rbac": lambda w, output: plan_access.show(({"kind": "Role"},), {"version": "2.0"}, "tencent", output),
    "advise": lambda w, output: plan_advice.show((ADVICE,), output),
    "calibrate": lambda w, output: calibration.show(CALIBRATION, True, output),
    "error": lambda w, output: failed.show(LeaseHeld("Run 1 is carried out by ann. Nothing was changed."), output),
}
"""Whatever commands show, by the command: each can be shown for people and as JSON."""
