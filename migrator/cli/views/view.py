"""How commands show their values: one interface with two views, for people and for programs. `--output` chooses one, once.

A command parses, calls the application and hands a value to its view; nobody asks again which view it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from migrator.app.calibrate.session import Offer
    from migrator.app.inspect.report import Report
    from migrator.app.inspect.status import Left, Listed, Status
    from migrator.app.run.control import Asked
    from migrator.cli.views.failure import Failure
    from migrator.domain.balancers.calibration import Calibration
    from migrator.domain.messages.findings import Finding, Waiver
    from migrator.domain.model.change import Change
    from migrator.domain.model.manifests import Json, Manifest
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.advice import Advice
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.port_conflicts import WayOut
    from migrator.lab.world.lifecycle import Ending
    from migrator.lab.world.record import Record
    from migrator.store import Event, PlanSummary
    from migrator.workflow.progress import Tell

HUMAN, JSON = "human", "json"


class View(Protocol):
    """What a command can show. The answer goes to stdout; progress, questions and messages go to stderr."""

    def plan(self, plan: Plan, ways: Sequence[WayOut] = ()) -> None:
        """Show a plan, and the ways out of a port conflict that were asked for."""

    def brief(self, plan: Plan) -> None:
        """Show what a yes to a plan means, before the question."""

    def findings(self, findings: Sequence[Finding], waivers: Sequence[Waiver]) -> None:
        """Show what the checks found."""

    def advice(self, rows: Sequence[Advice]) -> None:
        """Show which way of exposing the gateway fits."""

    def roles(self, roles: Sequence[Manifest], policy: Json, provider: str, page: str) -> None:
        """Show the least roles in the cluster, the policy of the balancer's provider, and the page of its driver."""

    def manifests(self, run: Run, objects: Sequence[Manifest], changes: Sequence[Change]) -> None:
        """Show the old side's objects as they were before the run, and what undoes what the run changed in others."""

    def live(self, plan: Plan) -> AbstractContextManager[Tell]:
        """Return, for as long as a run is carried out here, the function that shows each of its turns."""

    def left(self, left: Left) -> None:
        """Show how a run ended, or where this process left it."""

    def detached(self, run: Run, holder: str, log: str) -> None:
        """Show which process carries the run out now, and how to watch it."""

    def asked(self, asked: Asked) -> None:
        """Show that a request was written, and which process will obey it."""

    def ended(self, run: Run) -> None:
        """Show that a run was ended."""

    def status(self, status: Status) -> None:
        """Show where a run stands."""

    def watching(self) -> AbstractContextManager[Callable[[Status], None]]:
        """Return, for as long as somebody watches, the function that shows where the run stands now."""

    def runs(self, runs: Sequence[Listed], plans: Sequence[PlanSummary]) -> None:
        """Show the runs and the plans."""

    def events(self, run: Run, rows: Sequence[Event]) -> None:
        """Show a journal."""

    def event(self, row: Event) -> None:
        """Show one row of a journal that is followed."""

    def report(self, report: Report) -> None:
        """Show what a run was."""

    def leftover(self, weights: str) -> None:
        """Show, before the question, which weights an earlier calibration has left behind."""

    def offer(self, offer: Offer) -> None:
        """Show, before the question, what a calibration would do."""

    def calibration(self, calibration: Calibration, kept: bool) -> None:
        """Show what was measured; `kept`: plans reckon with it from now on."""

    def lab(self, record: Record) -> None:
        """Show the lab and its parts."""

    def lab_ended(self, folder: Path, ending: Ending) -> None:
        """Show how the lab ended."""

    def failure(self, failure: Failure) -> None:
        """Show why a command did not do what it was asked for."""


def chosen(output: str) -> View:
    """Return the view of an `--output`; the other one is not imported."""
    if output == JSON:
        from migrator.cli.views.json.view import JsonView

        return JsonView()
    from migrator.cli.views.human.view import HumanView

    return HumanView()
