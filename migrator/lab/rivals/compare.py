"""Run every way under the same load in a fresh lab each, and put the clients' accounts side by side.

It asserts no percentage: only that the lab can see loss where there is loss, and that migrator loses nothing.
"""

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from migrator.lab.demo import demonstration
from migrator.lab.demo.command_line import Production, Unexpected, fresh_store, plan_for
from migrator.lab.ground.cloud import Cloud, CloudError
from migrator.lab.ground.layout import DERIVED, IN_PLACE, Scenario
from migrator.lab.ground.manifests import Json
from migrator.lab.process import NotReady, stop
from migrator.lab.rivals.moves import NAIVE, STEP_SECONDS, Rival
from migrator.lab.rivals.stage import Stage

log = logging.getLogger(__name__)

DELAY = 0.05
HEALTH_INTERVAL = 5.0  # the document's: two failures, hence 10 s until a dead backend is out
MIX = "compare"
WARM_UP = 3.0
AFTERWARDS = 3.0
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Ours:
    """One way of migrator's: the lab it is tried in, and the most seconds it may take there."""

    title: str
    way: str
    within: float


MIGRATOR = {
    "migrator": Ours("migrator run", DERIVED, 170.0),
    "migrator-in-place": Ours("migrator run, in place", IN_PLACE, 400.0),
}
NAMES = (*(rival.name for rival in NAIVE), *MIGRATOR)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """One way's account. `seconds` is how long its author's recipe took; `problem` why there is no account."""

    name: str
    title: str
    loses: bool
    seconds: float
    sent: int = 0
    lost: int = 0
    bad: int = 0
    cut: int = 0
    lost_percent: float = 0.0
    errors: Json | None = None
    problem: str = ""

    @property
    def as_expected(self) -> bool:
        """Whether the naive way was seen to lose something, or migrator to lose nothing."""
        harmed = self.lost + self.bad > 0
        return not self.problem and (harmed if self.loses else not harmed)


def compare(net: str, folder: Path, only: str | None, say: Say) -> list[Result]:
    """Run the ways named `only`, or all; each in its own lab in a folder below `folder`.

    The naive ways run two at a time, each at a net of its own where `net` is `auto`; migrator runs alone, at the end.
    """
    naive = [rival.name for rival in NAIVE if only in (None, rival.name)]
    with ThreadPoolExecutor(AT_ONCE if net == "auto" else 1) as pool:  # a lab dies with its thread, which outlives it
        results = list(pool.map(lambda name: _one(name, net, folder / name, say), naive))
    return results + [_one(name, net, folder / name, say) for name in MIGRATOR if only in (None, name)]


def as_json(results: Iterable[Result]) -> Json:
    """Return what is written to `build/compare.json`."""
    terms = {
        "step_seconds": STEP_SECONDS,
        "step_seconds_of_the_document": 60,
        "health_check_seconds": HEALTH_INTERVAL,
        "one_way_delay_seconds": DELAY,
    }
    rows = [{**asdict(result), "as_expected": result.as_expected} for result in results]
    return {"version": 1, "terms": terms, "ways": rows}


def _one(name: str, net: str, folder: Path, say: Say) -> Result:
    scenario = Scenario(net=net, delay=DELAY, health_interval=HEALTH_INTERVAL, mix=MIX, parts=demonstration.PARTS)
    rival = next((rival for rival in NAIVE if rival.name == name), None)
    if rival is not None:
        scenario = replace(scenario, pre_stop=rival.pre_stop, direction=rival.direction, way=rival.way)
    else:
        scenario = replace(scenario, way=MIGRATOR[name].way)
    title, loses = (rival.title, rival.loses) if rival else (MIGRATOR[name].title, False)
    say(f"{name}: {title}")
    began = time.monotonic()
    try:
        with demonstration.staged(scenario, folder, lambda _: None) as stage:
            demonstration.hold(stage, WARM_UP)
            began = time.monotonic()
            _switch(rival, name, stage)
            took = time.monotonic() - began
            demonstration.hold(stage, AFTERWARDS)
            summary = stage.load.end()
    except (NotReady, Unexpected, CloudError, OSError) as error:
        return Result(name, title, loses, time.monotonic() - began, problem=f"{type(error).__name__}: {error}")
    return _result(name, title, loses, took, summary)


def _switch(rival: Rival | None, name: str, stage: demonstration.Stage) -> None:
    if rival is None:
        return _migrate(stage, MIGRATOR[name])
    layout = stage.layout
    return rival.switch(Stage(stage.workspace.scenario, stage.workspace.folder, stage.cluster, Cloud(layout.balancer)))


def _migrate(stage: demonstration.Stage, ours: Ours) -> None:
    folder = stage.workspace.folder
    production = Production(fresh_store(folder / "compare.db"), folder / "run.log")
    template = demonstration.OTHER_PLANS.get(ours.way, demonstration.PLANS["tencent"])
    plan = plan_for(stage.record.net, Path(stage.record.kubeconfig), template, folder / "plan.yaml")
    production.plan(plan)
    run = production.run()
    try:
        deadline = time.monotonic() + ours.within
        while run.poll() is None and time.monotonic() < deadline:
            stage.watch.look()
            time.sleep(0.25)
    finally:
        code = stop(run)
    if code != 0:
        raise Unexpected(f"`migrator run` ended with exit code {code}; see {production.log}")


def _result(name: str, title: str, loses: bool, took: float, summary: Json) -> Result:
    totals = summary["totals"]
    counts = {key: totals[key] for key in ("sent", "lost", "bad", "cut", "errors")}
    percent = 100 * (totals["lost"] + totals["bad"]) / max(1, totals["sent"])
    return Result(name, title, loses, round(took, 1), **counts, lost_percent=round(percent, 3))
