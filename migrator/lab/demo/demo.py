"""The demonstration: a lab under load, a migration by the production command line, and the account of every request.

It believes nothing that migrator says about lost requests; the clients' ledger and the balancer's counters decide.
"""

import logging
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.lab.demo.account import Account
from migrator.lab.demo.loading import Load, loaded
from migrator.lab.demo.production import Production, fresh_store, plan_for, with_prometheus
from migrator.lab.demo.trouble import Trouble
from migrator.lab.demo.watching import Split, Watch, achieved
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import USUAL_PARTS, Layout, Scenario
from migrator.lab.ground.manifests import Json
from migrator.lab.process import NotReady, stop
from migrator.lab.world import lifecycle
from migrator.lab.world.parts import Place
from migrator.lab.world.record import Record

log = logging.getLogger(__name__)

AFTERWARDS = 2.0
HARD_STOP = 240.0
STRIKE_AT = 50.0
_TICK = 0.25
_STRIKE_AGAIN = 1.0
_STEP = re.compile(r"\S+ \[(\d+/\d+)\] \S+ ([^:]+):")
_SHARE = re.compile(r"Shift (\S+) %")
PLANS = {
    "tencent": Path("plans/lab.yaml"),
    "tencent-l7": Path("plans/lab-tencent-l7.yaml"),
    "tke": Path("plans/lab-tke.yaml"),
    "aliyun-clb": Path("plans/lab-aliyun-clb.yaml"),
    "aliyun-nlb": Path("plans/lab-aliyun-nlb.yaml"),
    "aws": Path("plans/lab-aws.yaml"),
    "haproxy": Path("plans/lab-haproxy.yaml"),
}
PARTS = USUAL_PARTS

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A lab under load, ready for a migration."""

    record: Record
    place: Place
    load: Load
    watch: Watch
    cluster: Cluster

    @property
    def layout(self) -> Layout:
        return Layout(self.record.net)


@dataclass(slots=True)
class Progress:
    """What the demonstration has seen so far; times are the wall clock, `read` the bytes of the run's log."""

    began: float
    struck: float | None = None
    struck_last: float = 0.0
    share: float | None = None
    step: str | None = None
    read: int = 0


def demonstrate(scenario: Scenario, folder: Path, fault: str | None, say: Say) -> Account:
    """Run the whole story and give its account; `NotReady` and `Unexpected` say why there is none."""
    stop_at = time.monotonic() + HARD_STOP
    with staged(scenario, folder, say) as stage:
        production = Production(fresh_store(folder / "demo.db"), folder / "run.log")
        second = f"http://{stage.layout.prometheus}" if shutil.which("prometheus") else None
        say(
            "judging by the gateways' counters" + (f" and Prometheus at {second}" if second else "; no Prometheus here")
        )
        template = with_prometheus(PLANS[scenario.balancer], second, folder / "template.yaml")
        plan = plan_for(stage.record.net, Path(stage.record.kubeconfig), template, folder / "plan.yaml")
        say(f"planning {plan}")
        stage.watch.look()
        production.plan(plan)
        progress = Progress(time.time())
        trouble = Trouble(fault, stage.layout, stage.cluster, stage.record.supervisor.pid) if fault else None
        say("migrating: `migrator run --yes`; what it prints is in " + str(production.log))
        code = migrate(stage, production, trouble, progress, stop_at, say)
        hold(stage, AFTERWARDS)
        stage.load.finish()  # it lets what is in flight end, up to 8 s; meanwhile migrator tells its side
        told = told_by(production)
        summary = stage.load.end()
        rows = list(stage.load.rows()) if fault else []
    return Account(
        fault=fault,
        exit_code=code,
        began=progress.began,
        struck=progress.struck,
        bad_nodes=trouble.nodes if trouble else (),
        summary=summary,
        told=told,
        achieved=tuple(achieved(stage.watch.splits)),
        rows=tuple(row for row in rows if row["outcome"] != "answered" or _slow(row) or _by_new(row, stage.layout)),
    )


@contextmanager
def staged(scenario: Scenario, folder: Path, say: Say) -> Iterator[Stage]:
    """Start a lab and its load; end both."""
    with ExitStack() as stack:
        say("starting the lab")
        record = stack.enter_context(lifecycle.running(scenario, folder))
        place = Place(replace(scenario, net=record.net), folder)
        cluster = Cluster(stack.enter_context(kubeconfig.connect(Path(record.kubeconfig))))
        watch = Watch(place.scenario.layout)
        stack.callback(watch.close)
        load = stack.enter_context(loaded(place))
        say(f"the lab is up at {record.net}, its gateways serve {place.scenario.layout.vip}")
        yield Stage(record, place, load, watch, cluster)


def migrate(
    stage: Stage, production: Production, trouble: Trouble | None, progress: Progress, stop_at: float, say: Say
) -> int:
    """Run migrator to its end, watching, and striking where there is trouble to make; give its exit code."""
    run = production.run()
    try:
        while run.poll() is None:
            if time.monotonic() > stop_at:
                raise NotReady(f"the demonstration was not over after {HARD_STOP:g} s; see {production.log}")
            split = stage.watch.look()
            if split is not None:
                _strike(split, trouble, progress, say)
                _show(split, stage, production, progress, say)
            time.sleep(_TICK)
    finally:
        code = stop(run)
    return code


def hold(stage: Stage, seconds: float) -> None:
    """Watch for `seconds` while nothing is done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stage.watch.look()
        time.sleep(_TICK)


def told_by(production: Production) -> Json:
    """What migrator says about its run: {"status": {"run": ...}, "report": {"run": ...}}, as its commands give them."""
    return {name: production.read(name) for name in ("status", "report")}


def _strike(split: Split, trouble: Trouble | None, progress: Progress, say: Say) -> None:
    if trouble is None or (progress.struck is None and (split.share or 0) < STRIKE_AT - 0.5):
        return
    if progress.struck is None:
        progress.struck = time.time()
        say(f"now {len(trouble.nodes)} new gateways turn bad: {trouble.kind} on {', '.join(trouble.nodes)}")
        trouble.strike()
    elif trouble.kind == "crash" and time.time() - progress.struck_last > _STRIKE_AGAIN:
        trouble.strike()
    else:
        return
    progress.struck_last = time.time()


def step_of(line: str) -> str | None:
    """Read `5/16 VerifyConfig` from a line of the run's progress; None where it names no step."""
    found = _STEP.match(line)
    return f"{found[1]} {found[2]}" if found else None


def _show(split: Split, stage: Stage, production: Production, progress: Progress, say: Say) -> None:
    after = f"{split.at - progress.began:6.1f} s "
    lines, progress.read = production.lines(progress.read)
    for step in filter(None, map(step_of, lines)):
        if step != progress.step:
            progress.step = step
            say(f"{after} {step}")
    if split.share not in (None, progress.share):
        progress.share = split.share
        live = stage.load.live()
        counts = f"{live.get('sent', 0)} requests sent, {live.get('lost', 0)} lost, {live.get('bad', 0)} bad"
        say(f"{after} new side at {split.share:.0f} % of new connections{on_the_way(split.share, progress)}; {counts}")


def on_the_way(share: float, progress: Progress) -> str:
    """Say of a share that no step asks for that it is one call of several towards the one the step asks for."""
    asked = _SHARE.search(progress.step or "")
    return f" (on the way to {asked[1]} %)" if asked and abs(share - float(asked[1])) > 1 else ""


def _slow(row: Json) -> bool:
    return float(row["t_end"]) - float(row["t_start"]) > 1.0


def _by_new(row: Json, layout: Layout) -> bool:
    return str(row["gateway"]).startswith(f"{layout.net}.1.")
