"""Carry trials out: a lab with doors, migrator's own command line through them, and the account of its clients."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from migrator.lab.demo import demonstration
from migrator.lab.demo.command_line import Production, Unexpected, fresh_store, with_prometheus
from migrator.lab.demo.demonstration import PLANS, Stage, staged
from migrator.lab.demo.progress import Progress
from migrator.lab.ground.layout import DOORS, Layout, Scenario
from migrator.lab.process import NotReady
from migrator.lab.trials.trial import PLAN_WITHIN, STRIKES, Row, Trial, Tried
from migrator.lab.world import doors

PARTS = (*demonstration.PARTS, DOORS)
RUN_WITHIN = 240.0
Say = Callable[[str], None]


def table(scenario: Scenario, folder: Path, which: Sequence[Trial], runs: bool, say: Say) -> list[Row]:
    """Plan once for each trial, and run where that is wanted; give a row for each."""
    rows = list(plans(scenario, folder, which, say))
    return [replace(row, run=run(scenario, folder, row.trial, say)) for row in rows] if runs else rows


def plans(scenario: Scenario, folder: Path, which: Sequence[Trial], say: Say) -> Iterator[Row]:
    """Plan once for each trial, in one lab, the fault in force from before the plan to its end."""
    with staged(scenario, folder, say) as stage:
        production = Production(fresh_store(folder / "plans.db"), folder / "plan.log")
        file = through(stage, scenario)
        for trial in which:
            say(f"planning while {trial.name}")
            doors.ask(stage.layout, "POST", trial.order)
            yield Row(trial, plan=planned(production, file))
            doors.ask(stage.layout, "DELETE")


def run(scenario: Scenario, folder: Path, trial: Trial, say: Say) -> Tried:
    """Run a whole migration in a lab of its own; the fault strikes at 50 % of new connections, for `STRIKES` seconds."""
    began = time.monotonic()
    with staged(scenario, folder, say) as stage:
        production = Production(fresh_store(folder / "run.db"), folder / "run.log")
        plan = production.plan(through(stage, scenario))
        progress = Progress(time.time(), [row["achieved"] for row in plan["shares"]])
        progress.titles["forward"] = plan["steps"]
        passing = Passing(trial, stage.layout)
        try:
            code = demonstration.migrate(stage, production, passing, progress, began + RUN_WITHIN, say)
        except NotReady:
            code = None
        finally:
            passing.end()
        stage.load.finish()
        state = str(production.read("status").get("run", {}).get("state", "unknown"))
        totals = stage.load.end()["totals"]
    errors = demonstration.errors_in(production.log)
    defect = errors[0] if errors else ""
    return Tried(code, time.monotonic() - began, "", state, totals["lost"], totals["bad"], defect)


class Passing:
    """A trial's fault as a run meets it: it strikes once, and passes by itself."""

    def __init__(self, trial: Trial, layout: Layout) -> None:
        self.kind = trial.kind
        self._trial, self._layout = trial, layout
        self._clears: threading.Timer | None = None

    def told(self) -> str:
        """Say in a line what is about to be done."""
        return f"now {self._trial.name} for {STRIKES:g} s"

    def strike(self) -> None:
        """Order the fault, and its end."""
        doors.ask(self._layout, "POST", self._trial.order)
        self._clears = threading.Timer(STRIKES, doors.ask, (self._layout, "DELETE"))
        self._clears.start()

    def end(self) -> None:
        """Wait for the fault to have passed."""
        if self._clears is not None:
            self._clears.join()


def through(stage: Stage, scenario: Scenario) -> Path:
    """Write the plan file of the demonstration, led through the doors."""
    folder = stage.workspace.folder
    prometheus = f"http://{stage.layout.prometheus}" if shutil.which("prometheus") else None
    template = with_prometheus(PLANS[scenario.balancer], prometheus, folder / "template.yaml")
    file = folder / "plan.yaml"
    file.write_text(doors.fitted(template.read_text(encoding="utf-8"), stage.layout, folder), encoding="utf-8")
    return file


def planned(production: Production, file: Path) -> Tried:
    """Plan, and say how that ended."""
    began = time.monotonic()
    try:
        code, said = production.tried("plan", str(file), within=PLAN_WITHIN)
    except Unexpected as error:
        return Tried(None, time.monotonic() - began, defect=str(error)[-300:])
    took, failure = time.monotonic() - began, said.get("error")
    if failure:
        defect = str(failure["message"])[:300] if failure["kind"] == "Defect" else ""
        said_code = failure.get("messages", {}).get("message", {}).get("code")
        return Tried(code, took, str(said_code or failure["kind"]), defect=defect)
    rows = said["plan"]["findings"]
    blocks = sorted({row["code"] for row in rows if row["severity"] == "block" and not row["waived"]})
    return Tried(code, took, ", ".join(blocks))
