"""One value of everything that a command shows, taken from the fake world and from a store with runs, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from migrator.app.adopt.by_hand import HandBack
from migrator.app.adopt.guard_job import job_of
from migrator.app.begin.begun import Begun
from migrator.app.inspect import status as inspect
from migrator.app.inspect.parity import Beside
from migrator.app.inspect.report import Report, report
from migrator.app.inspect.versions import versions
from migrator.app.judging.retrospect import Bars, Retrospect, Stretch, Tried
from migrator.app.load.account import Account
from migrator.app.plan.codes import looked_up
from migrator.app.run.control import Asked
from migrator.app.run.freezing import Changed
from migrator.app.telling.notify import Told
from migrator.cli.views.failure import of_error
from migrator.cli.views.view import View
from migrator.domain.answers.compare import Difference, Unstable
from migrator.domain.answers.parity import AnswerParity, Excused
from migrator.domain.balancers.calibration import Calibration, HealthTimes, Timed, Way
from migrator.domain.gateways.audit import Reach, Reached, merge_at
from migrator.domain.hardening import harden
from migrator.domain.messages.errors import LeaseHeld
from migrator.domain.messages.findings import Severity, Waiver, worded
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PodRef, Register
from migrator.domain.model.answers import Concern, Protocol, Question
from migrator.domain.model.balancer import Health, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Do, Wait
from migrator.domain.model.freeze import Freeze
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Request, RequestKind, Run, State
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.domain.model.spec import Limits
from migrator.domain.model.target import PortConflict
from migrator.domain.observation.shown import BackendSeen
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.advice import Advice, Table
from migrator.domain.planning.checklist.items import Tick
from migrator.domain.planning.isolating.isolation import outline
from migrator.domain.planning.matrix import Audit
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.port_conflicts import WayOut
from migrator.domain.planning.survival.by_hand import Stage
from migrator.domain.steps.isolating.captive import Captive
from migrator.domain.steps.isolating.set_aside import SetAside
from migrator.lab.faults.orders import Faults
from migrator.lab.world.lifecycle import Ending
from migrator.lab.world.record import Part, Process, Record
from migrator.store import Event, PlanSummary
from migrator.workflow.progress import Progress
from tests.app.inspect.test_interruptions import killed
from tests.app.world import HOLDER, seen, stored, walked
from tests.cli.measured import measured
from tests.domain.hardening.ground import ground
from tests.domain.planning.isolating.ground import ground as of_pods
from tests.domain.planning.restarting.test_restart import made as restart
from tests.domain.planning.timeline.test_timeline import CANARY, made
from tests.fakes.world import SPEC, on
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
AUDIT = Audit(
    (
        Reached(
            ObjectRef("networking.istio.io/v1", "Gateway", "edge", "public"),
            Reach.OLD,
            say("reach.selector", labels=("version=v1",)),
            merge_at({"version": None}, "spec", "selector"),
            steers=True,
        ),
        Reached(ObjectRef("networking.istio.io/v1alpha3", "EnvoyFilter", "edge", "one-pod"), Reach.NEW, by_part=True),
        Reached(ObjectRef("policy/v1", "PodDisruptionBudget", "edge", "gw"), Reach.OLD, meant=True),
        Reached(ObjectRef("v1", "Service", "edge", "gw"), Reach.BOTH, say("reach.selector", labels=("app=gw",))),
        Reached(ObjectRef("networking.istio.io/v1", "Sidecar", "edge", "default"), Reach.APART),
        Reached(ObjectRef("security.istio.io/v1", "AuthorizationPolicy", "shop", "orders"), Reach.NONE),
    ),
    ("EnvoyFilter",),
    ("Novelty.networking.istio.io",),
)
FAULTS = Faults({"api": True, "balancer": True})
FAULTS.order({"target": "api", "kind": "status", "status": 401, "share": 0.05, "path": "/api", "count": 3})
FAULTS.order({"target": "gateways", "kind": "late", "writes": True})
ADVICE = Advice(
    Table.EXPOSING, say("advice.high"), say("advice.daemonset"), say("advice.high-why"), True, say("advice.no-rate")
)
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

SHOP = Question("https", "shop.example.com", "/cart", query=("id",), protocol=Protocol.HTTP2)
ANSWERS = AnswerParity(
    1.0,
    4.6,
    asked=42,
    questions=5,
    differences=(Difference(SHOP, Concern.STATUS, "", ("200",), ("404",), ("gw-new-1",)),),
    unstable=(Unstable(SHOP, Concern.BODY, "", ("a1", "b2")),),
    unproved=("http://api.example.com",),
    inside=(Side.NEW,),
    excused=(Excused(Concern.UNPROVED, "http://old.example.com", "goes in June"),),
    left=(SHOP,),
)


HAND_BACK = HandBack(
    3,
    "edge",
    (
        Stage(say("hand.raise"), ("tccli clb BatchModifyTargetWeight --region eu-1 --LoadBalancerId lb-1",)),
        Stage(say("hand.drain", seconds=20.0)),
    ),
    say("look.cluster-late"),
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


LINE = say(
    "config.differs", unit="route/http.80", path="virtual_hosts[a].timeout", old="1", new="2", by="VirtualService a/b"
)
BESIDE = Beside(
    ("old.json", "edge/gw-1"),
    {8080: 80},
    (LINE,),
    (say("config.allowed", line=LINE, place="route/http.80", reason="known"),),
    (),
    (say("unsettled.inactive", name="0.0.0.0_80"),),
    (say("parity.no-runtime"),),
)


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
        status = replace(inspect.status(store, run), look=LOOK, pending=(asked,), answers=ANSWERS)
        cut = {"side": "old", "connections": 3}
        read = replace(
            report(store, run), shares=shares, cut=cut, waived=(FINDING,), answers=ANSWERS, samples=measured(START)
        )
        left, events = inspect.where(store, run), store.events(run.id)
        return World(plan, run, status, left, read, events, inspect.listed(store), store.plans(), lab)


def following(world: World) -> Progress:
    """Give a turn of a run that looks after nodes."""
    run, words = replace(world.run, state=State.RUNNING), say("follow.register", addresses=("10.1.0.4",))
    return Progress(run, (say("step.follow"),), Do(Register(()), words), None, words)


def planned() -> Plan:
    """Give a plan with one of everything that a plan shows."""
    return replace(made(CANARY), findings=(FINDING,), changes=(CHANGE,))


RESTART = restart()
OUTLINE = outline(on(SPEC, "l-1"), of_pods(), START, "ann@ops")

LOADED = Account(1200, 1198, 2, 1, 3, 1, 700, 480, 18, 60.0, (("reset", 2),))

RETROSPECT = Retrospect(
    START,
    START + timedelta(minutes=1),
    15.0,
    (
        Tried(
            Bars(Limits(), 60.0),
            ((Ruling.PASS, 3), (Ruling.ABORT, 2)),
            (
                Stretch(START, START + timedelta(seconds=30), Ruling.PASS, say("judge.no-request")),
                Stretch(
                    START + timedelta(seconds=45), START + timedelta(minutes=1), Ruling.ABORT, say("judge.no-request")
                ),
            ),
        ),
        Tried(
            Bars(Limits(0.1, 0.2), 60.0),
            ((Ruling.PASS, 5),),
            (Stretch(START, START, Ruling.PASS, say("judge.silent")),),
        ),
    ),
)

SHOWN: dict[str, Callable[[World, View], object]] = {
    "init": lambda w, view: view.begun(
        Begun("edge.yaml", "migrator.schema.json", (say("init.found-source", ready=3, kind="istio"),))
    ),
    "plan": lambda w, view: view.plan(planned(), (WAY,)),
    "show": lambda w, view: view.plan(planned()),
    "show --diff": lambda w, view: view.workload_diff(planned()),
    "show --diff OTHER": lambda w, view: view.plans_apart(planned(), made(CANARY)),
    "verify": lambda w, view: view.findings((FINDING,), (Waiver(FINDING.code, "known"),)),
    "verify --matrix": lambda w, view: view.findings((FINDING,), (), AUDIT),
    "status": lambda w, view: view.status(w.status),
    "status --watch": lambda w, view: watched(w, view),
    "list": lambda w, view: view.runs(w.listed, w.plans),
    "events": lambda w, view: view.events(w.run, w.events),
    "events --follow": lambda w, view: view.event(w.events[0]),
    "report": lambda w, view: view.report(w.report),
    "rollback --by-hand": lambda w, view: view.by_hand(HAND_BACK),
    "pause": lambda w, view: view.asked(Asked(w.run, RequestKind.PAUSE, HOLDER)),
    "cancel": lambda w, view: view.ended(w.run),
    "run --detach": lambda w, view: view.detached(w.run, HOLDER, "/var/log/run.log"),
    "run": lambda w, view: view.left(w.left),
    "follow": lambda w, view: followed(w, view),
    "isolate": lambda w, view: set_apart(w, view),
    "restart": lambda w, view: restarted(w, view),
    "notify": lambda w, view: view.told(
        (Told(1, "ops", 2, None), Told(1, "sre", 0, say("notify.not-taken", channel="sre")))
    ),
    "freeze": lambda w, view: view.frozen(Changed("/x/freeze.json", Freeze("", "ann@ops", "now", "why"), True)),
    "unfreeze": lambda w, view: view.frozen(Changed("/x/freeze.json", None, True)),
    "serve": lambda w, view: view.serving("http://127.0.0.1:8088/", "pages"),
    "manifests": lambda w, view: view.manifests(w.run, ({"kind": "Deployment"},), w.plan.changes, w.plan.spec),
    "judge --retrospective": lambda w, view: view.retrospect(RETROSPECT),
    "guard --job": lambda w, view: view.job(job_of("edge", "gw", "migrator:1")),
    "follow --print-manifests": lambda w, view: view.installation(({"kind": "Deployment"},), {"a": "on"}),
    "rbac": lambda w, view: view.roles(
        ({"kind": "Role"},), {"version": "2.0"}, "tencent", "docs/tencent.md", ("istio-system",)
    ),
    "harden": lambda w, view: view.hardening(harden(ground())),
    "advise": lambda w, view: view.advice((ADVICE,)),
    "tick": lambda w, view: view.ticked("3f2a", "alarms", Tick("ann@ops", "now", "a link")),
    "load": lambda w, view: view.load(LOADED),
    "compare-answers": lambda w, view: view.answers(ANSWERS, ()),
    "version": lambda w, view: view.versions(versions()),
    "explain": lambda w, view: view.explained(looked_up("spec.traffic.soak")),
    "explain CODE": lambda w, view: view.explained(looked_up("stand.missing")),
    "parity": lambda w, view: view.beside(BESIDE),
    "calibrate": lambda w, view: view.calibration(CALIBRATION, True),
    "error": lambda w, view: view.failure(
        of_error(LeaseHeld(verbatim("Run 1 is carried out by ann. Nothing was changed.")))
    ),
    "lab status": lambda w, view: view.lab(w.lab),
    "lab fault": lambda w, view: view.lab_faults(FAULTS.shown),
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


def of_pod(world: World, plan: Plan) -> Progress:
    """Give a turn of a run that sets one gateway apart: both sides are seen, and the rows are one pod's."""
    pod = PodRef("edge", "gw-1", "u-1", OLD.address)
    step = SetAside(Captive(pod, (Weighted(OLD, 100),)), {})
    rows = (
        BackendSeen(OLD, Side.OLD, "n-1", 0, 0, Health.HEALTHY, 3),
        BackendSeen(NEW, Side.NEW, "n-2", 100, 100, Health.HEALTHY, 9),
    )
    run, words = replace(world.run, state=State.RUNNING, cursor=0), say("aside.settling")
    look = replace(LOOK, backends=rows)
    return Progress(run, (step.title,), Wait(words, 2.0), seen(0, 100), words, None, look, (step,))


def set_apart(world: World, view: View) -> None:
    """Show what a yes to setting a pod apart means, one turn of it, and how it was left."""
    view.apart(OUTLINE)
    with view.live(replace(world.plan, way="isolate")) as tell:
        tell(of_pod(world, world.plan))
    view.ended(world.run)


def restarted(world: World, view: View) -> None:
    """Show what a yes to a restart means, one turn of it, and how it ended."""
    view.restart(RESTART)
    with view.live(replace(world.plan, way="restart")) as tell:
        tell(following(world))
    view.ended(world.run)
