"""The demonstration: a lab under load, a migration by the production command line, and the account of every request.

It believes nothing that migrator says about lost requests; the clients' ledger and the balancer's counters decide.
"""

import logging
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.lab.demo.account import MOST_NEEDED, Account
from migrator.lab.demo.command_line import Production, fresh_store, plan_for, with_prometheus
from migrator.lab.demo.gateway_faults import Strikes, Trouble
from migrator.lab.demo.loading import Load, loaded, until_enough
from migrator.lab.demo.person import obey, orders
from migrator.lab.demo.progress import Progress
from migrator.lab.demo.shares import Split, Watch, achieved
from migrator.lab.demo.tale import Tale
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import (
    BALANCERS,
    DEMONSTRATED,
    DERIVED,
    NODE_PORT,
    USUAL_PARTS,
    Layout,
    Scenario,
)
from migrator.lab.ground.manifests import Json
from migrator.lab.process import NotReady, stop
from migrator.lab.starts.start import start_of
from migrator.lab.world import lifecycle
from migrator.lab.world.parts import Workspace
from migrator.lab.world.record import Record

log = logging.getLogger(__name__)

AFTERWARDS = 2.0
MORE_LOAD = 30.0
"""The most seconds for which the load goes on after a quick run, until enough was sent to say anything."""

HARD_STOP = 360.0
HOLDS_FOR = 60.0
"""Seconds without a step or a share after a fault struck, after which the run counts as held: it waits for a person."""

LEAVES_WITHIN = 10.0
"""Seconds that a run may take to be left in good order."""

STRIKE_AT = 50.0
_TICK = 0.25
_STRIKE_AGAIN = 1.0
PLANS = {BALANCERS[0]: Path("plans/lab.yaml"), **{kind: Path(f"plans/lab-{kind}.yaml") for kind in BALANCERS[1:]}}
"""The plan file by balancer, where the new side is derived."""

OTHER_PLANS = {way: Path(f"plans/lab-{way}.yaml") for way in DEMONSTRATED if way != DERIVED}
"""The plan file by any other way."""

PARTS = USUAL_PARTS

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A lab under load, ready for a migration."""

    record: Record
    workspace: Workspace
    load: Load
    watch: Watch
    cluster: Cluster

    @property
    def layout(self) -> Layout:
        return Layout(self.record.net)


def demonstrate(scenario: Scenario, folder: Path, fault: str | None, say: Say) -> Account:
    """Run the whole story and return its account; `NotReady` and `Unexpected` say why there is none."""
    stop_at = time.monotonic() + HARD_STOP
    with staged(scenario, folder, say) as stage:
        production = Production(fresh_store(folder / "demo.db"), folder / "run.log")
        stage.watch.look()
        progress = planned(production, stage, scenario, say)
        trouble = trouble_of(fault, stage, scenario) if fault else None
        say("migrating: `migrator run --yes`; what it prints is in " + str(production.log))
        code = migrate(stage, production, trouble, progress, stop_at, say)
        hold(stage, AFTERWARDS)
        go_on_until_enough(stage)
        stage.load.finish()  # it lets what is in flight end, up to 8 s; meanwhile migrator tells its side
        answers = answers_of(production)
        summary = stage.load.end()
        rows = list(stage.load.rows()) if fault else []
    return Account(
        fault=fault,
        exit_code=code,
        began=progress.began,
        struck=progress.struck,
        bad_nodes=trouble.nodes if trouble else (),
        summary=summary,
        answers=answers,
        achieved=tuple(achieved(stage.watch.splits)),
        held=is_held(progress),
        logged=errors_in(production.log),
        rows=tuple(
            row for row in rows if row["outcome"] != "answered" or _slow(row) or _by_new(row, stage.workspace.scenario)
        ),
    )


def trouble_of(fault: str, stage: Stage, scenario: Scenario) -> Trouble:
    """Return the fault that strikes this stage's new gateways."""
    start = start_of(scenario)
    supervisor = stage.record.supervisor.pid
    return Trouble(
        fault, stage.workspace.scenario.receiving, stage.cluster, supervisor, scenario.taking, start.namespace, start
    )


def planned(production: Production, stage: Stage, scenario: Scenario, say: Say) -> Progress:
    """Plan the migration of a lab, with a Prometheus as second opinion where there is one."""
    prometheus = f"http://{stage.layout.prometheus}" if shutil.which("prometheus") else None
    say(
        f"judging by the gateways' counters{f' and Prometheus at {prometheus}' if prometheus else '; no Prometheus here'}"
    )
    folder = stage.workspace.folder
    wanted = OTHER_PLANS.get(scenario.way, PLANS[scenario.balancer])
    template = with_prometheus(wanted, prometheus, folder / "template.yaml")
    path = Path(stage.record.kubeconfig)
    file = plan_for(stage.record.net, path, template, folder / "plan.yaml", kubeconfig.current_context(path))
    say(f"planning {file}")
    plan = production.plan(file)
    progress = Progress(time.time(), [row["achieved"] for row in plan["shares"]])
    progress.titles["forward"] = plan["steps"]
    progress.orders += orders(plan)
    return progress


@contextmanager
def staged(scenario: Scenario, folder: Path, say: Say) -> Iterator[Stage]:
    """Start a lab and its load; end both."""
    with ExitStack() as stack:
        say("starting the lab")
        record = stack.enter_context(lifecycle.running(scenario, folder))
        workspace = Workspace(replace(scenario, net=record.net), folder)
        cluster = Cluster(stack.enter_context(kubeconfig.connect(Path(record.kubeconfig))))
        watch = Watch(workspace.scenario.layout, workspace.scenario.arrives_at, workspace.scenario.way == NODE_PORT)
        stack.callback(watch.close)
        load = stack.enter_context(loaded(workspace))
        say(f"the lab is up at {record.net}, its gateways serve {workspace.scenario.layout.vip}")
        yield Stage(record, workspace, load, watch, cluster)


def migrate(
    stage: Stage, production: Production, trouble: Strikes | None, progress: Progress, stop_at: float, say: Say
) -> int:
    """Run migrator to its end, watching, and striking where there is trouble to make; return its exit code."""
    run, tale = production.run(), Tale(say, progress.began)
    try:
        with journal(production, run) as rows:
            while run.poll() is None:
                if time.monotonic() > stop_at:
                    raise NotReady(f"the demonstration was not over after {HARD_STOP:g} s; see {production.log}")
                split = stage.watch.look()
                for at, step in progress.steps(rows(progress), lambda _: production.read("status")["run"]["steps"]):
                    progress.moved = time.monotonic()
                    tale.add(at, step)
                if progress.is_last_but_one:
                    _obey(stage, progress, tale)
                if is_held(progress):
                    tale.end()
                    say(f"nothing has moved for {HOLDS_FOR:g} s: {asked(production)}")
                    break
                if split is not None:
                    _strike(split, trouble, progress, tale)
                    _show(split, stage, progress, tale)
                tale.tell()
                time.sleep(_TICK)
    finally:
        tale.end()
        code = stop(run, LEAVES_WITHIN)
    return code


def is_held(progress: Progress) -> bool:
    """Say whether the run has held for a minute since the fault struck."""
    return progress.struck is not None and time.monotonic() - progress.moved > HOLDS_FOR


def asked(production: Production) -> str:
    """Return what the run waits for, or asks a person, as `migrator status` says it."""
    run = production.read("status").get("run", {})
    return str(" ".join(run.get("held") or []) or run.get("why") or run.get("step") or "the run does not say why")


def _obey(stage: Stage, progress: Progress, tale: Tale) -> None:
    """Type what the plan asks a person for: the step before the last one waits for it."""
    for order in progress.orders:
        tale.add(time.time(), f"as the run asks: {order.line}")
        obey(order, stage.cluster)
    progress.orders.clear()


@contextmanager
def journal(production: Production, run: "subprocess.Popen[bytes]") -> Iterator[Callable[[Progress], list[Json]]]:
    """Follow the run's journal for the length of a block; what is given returns the rows that have come since."""
    followers: list[subprocess.Popen[bytes]] = []

    def rows(progress: Progress) -> list[Json]:
        if production.has_begun and run.poll() is None and all(follower.poll() is not None for follower in followers):
            followers.append(production.follow())
            progress.read = 0
        fresh, progress.read = production.rows(progress.read)
        return fresh

    try:
        yield rows
    finally:
        for follower in followers:
            stop(follower)


def hold(stage: Stage, seconds: float) -> None:
    """Watch for `seconds` while nothing is done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stage.watch.look()
        time.sleep(_TICK)


def go_on_until_enough(stage: Stage) -> None:
    """Let the load go on until enough requests were sent to say anything, or for `MORE_LOAD` seconds."""
    until_enough(stage.load, MOST_NEEDED, MORE_LOAD, lambda: hold(stage, _TICK))


def answers_of(production: Production) -> Json:
    """What migrator says about its run: {"status": {"run": ...}, "report": {"run": ...}}, as its commands give them."""
    return {name: production.read(name) for name in ("status", "report")}


def errors_in(log: Path) -> tuple[str, ...]:
    """Give the lines of a run's log that are errors: a run that goes well has none."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    return tuple(line for line in lines if " ERROR " in line)


def _strike(split: Split, trouble: Strikes | None, progress: Progress, tale: Tale) -> None:
    if trouble is None or (progress.struck is None and (split.share or 0) < STRIKE_AT - 0.5):
        return
    if progress.struck is None:
        progress.struck = time.time()
        tale.add(progress.struck, trouble.told())
        trouble.strike()
    elif trouble.kind == "crash" and time.time() - progress.struck_last > _STRIKE_AGAIN:
        trouble.strike()
    else:
        return
    progress.struck_last = time.time()


def _show(split: Split, stage: Stage, progress: Progress, tale: Tale) -> None:
    if split.share in (None, progress.share):
        return
    progress.share, progress.moved = split.share, time.monotonic()
    live = stage.load.live()
    harmed = ", ".join(f"{live.get(name, 0)} {name}" for name in ("lost", "bad", "wrong"))
    counts = f"{live.get('sent', 0)} requests sent, {harmed}"
    way = progress.on_the_way(split.share)
    tale.add(split.at, f"new side at {split.share:.3g} % of new connections{way}", counts)


def _slow(row: Json) -> bool:
    return float(row["t_end"]) - float(row["t_start"]) > 1.0


def _by_new(row: Json, scenario: Scenario) -> bool:
    return str(row["gateway"]).startswith(scenario.arrives_at)
