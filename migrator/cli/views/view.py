"""How commands show their values: one interface with two views, for people and for programs. `--output` chooses one, once.

A command parses, calls the application and hands a value to its view; nobody asks again which view it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from migrator.app.adopt.by_hand import HandBack
    from migrator.app.begin.begun import Begun
    from migrator.app.calibrate.session import Offer
    from migrator.app.inspect.parity import Beside
    from migrator.app.inspect.report import Report
    from migrator.app.inspect.status import Left, Listed, Status
    from migrator.app.inspect.versions import Versions
    from migrator.app.judging.retrospect import Retrospect
    from migrator.app.load.account import Account
    from migrator.app.load.aim import Aim, Bounds
    from migrator.app.plan.codes import Explained
    from migrator.app.run.control import Asked
    from migrator.app.run.freezing import Changed
    from migrator.app.telling.notify import Told
    from migrator.cli.views.failure import Failure
    from migrator.cli.views.live.screen import Keys
    from migrator.domain.answers.parity import AnswerParity
    from migrator.domain.balancers.calibration import Calibration
    from migrator.domain.hardening import Hardening
    from migrator.domain.messages.findings import Finding, Waiver
    from migrator.domain.messages.message import Message
    from migrator.domain.model.change import Change
    from migrator.domain.model.manifests import Json, Manifest
    from migrator.domain.model.runs import Heading, Run
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.advice import Advice
    from migrator.domain.planning.checklist.items import Tick
    from migrator.domain.planning.isolating.isolation import Outline
    from migrator.domain.planning.matrix import Audit
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.port_conflicts import WayOut
    from migrator.lab.world.lifecycle import Ending
    from migrator.lab.world.record import Record
    from migrator.store import Event, PlanSummary
    from migrator.workflow.progress import Tell

HUMAN, JSON, YAML = "human", "json", "yaml"
PROGRAMS = (JSON, YAML)
"""For programs: the same values in two forms."""

TEXT, MARKDOWN, HTML = "text", "markdown", "html"
PAGES = (MARKDOWN, HTML)
"""What a report can be printed as besides: a page that one can file."""

PATCH, KUSTOMIZE, HELM = "patch", "kustomize", "helm"
FORMS = (PATCH, KUSTOMIZE, HELM)
"""What a change of a workload can be printed as besides: the form in which its owner applies it."""


Titles: TypeAlias = "Mapping[Heading, Sequence[Message]]"
"""The titles of the steps of both routes of a run; a route that was never made has none."""


class View(Protocol):
    """What a command can show. The answer goes to stdout; progress, questions and messages go to stderr."""

    def plan(self, plan: Plan, ways: Sequence[WayOut] = ()) -> None:
        """Show a plan, and the ways out of a port conflict that were asked for."""

    def workload_diff(self, plan: Plan) -> None:
        """Show how the new workload's spec differs from the old one's."""

    def plans_apart(self, plan: Plan, other: Plan) -> None:
        """Show how a plan differs from another one."""

    def brief(self, plan: Plan, earlier: Message | None = None) -> None:
        """Show what a yes to a plan means, before the question, and what became of an `earlier` run of it."""

    def restart(self, plan: Plan) -> None:
        """Show what a yes to a restart means, before the question."""

    def findings(self, findings: Sequence[Finding], waivers: Sequence[Waiver], audit: Audit | None = None) -> None:
        """Show what the checks found, and with `audit` who gets each resource that chooses pods."""

    def advice(self, rows: Sequence[Advice]) -> None:
        """Show which way of exposing the gateway fits."""

    def hardening(self, found: Hardening) -> None:
        """Show what to change in a workload so that its pods end without losing anything."""

    def apart(self, outline: Outline) -> None:
        """Show what a yes to setting a pod apart or putting it back means, before the question."""

    def explained(self, found: Explained) -> None:
        """Show what a key of the plan file means, or a code."""

    def begun(self, begun: Begun) -> None:
        """Show which plan file was written, and what was found for it."""

    def versions(self, found: Versions) -> None:
        """Show which versions speak here."""

    def roles(
        self,
        roles: Sequence[Manifest],
        policy: Json,
        provider: str,
        page: str,
        absent: Sequence[str],
        context: str | None = None,
    ) -> None:
        """Show the least roles in the cluster (`context`: of two), the policy of the balancer's provider, and its driver's
        page."""

    def installation(self, objects: Sequence[Manifest], labels: Mapping[str, str]) -> None:
        """Show what has a follower in the cluster, and the labels that its namespace must have."""

    def manifests(self, run: Run, objects: Sequence[Manifest], changes: Sequence[Change], spec: Spec) -> None:
        """Show the old side's objects as they were before the run, and what undoes what the run changed in others; `spec` says
        where they are."""

    def by_hand(self, back: HandBack) -> None:
        """Show the commands by which a person goes back without migrator."""

    def live(self, plan: Plan, keys: Keys | None = None) -> AbstractContextManager[Tell]:
        """Return, for as long as a run is carried out here, the function that shows each of its turns; keys are for people."""

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

    def remark(self, said: Message) -> None:
        """Say a line beside the answer, on stderr: what a guard hears, what was chosen because nobody named it."""

    def job(self, manifest: Manifest) -> None:
        """Show a Job, for kubectl."""

    def awaiting(self) -> None:
        """Show that somebody who watches waits for a run to begin."""

    def watching(self, keys: Keys | None = None) -> AbstractContextManager[Callable[[Status], None]]:
        """Return, for as long as somebody watches, the function that shows where the run stands now; keys are for people."""

    def runs(self, runs: Sequence[Listed], plans: Sequence[PlanSummary]) -> None:
        """Show the runs and the plans."""

    def events(self, run: Run, rows: Sequence[Event], titles: Titles | None = None) -> None:
        """Show a journal."""

    def event(self, row: Event, titles: Titles | None = None) -> None:
        """Show one row of a journal that is followed."""

    def report(self, report: Report) -> None:
        """Show what a run was."""

    def told(self, told: Sequence[Told]) -> None:
        """Show what channels were told, and which could not be."""

    def frozen(self, changed: Changed) -> None:
        """Show what became of a freeze."""

    def serving(self, url: str, what: str) -> None:
        """Show where something is served from now on."""

    def beside(self, found: Beside) -> None:
        """Show how two gateways' configurations differ."""

    def ticked(self, plan: str, line: str, tick: Tick, run: Run | None = None) -> None:
        """Show that a line of a plan's checklists was ticked."""

    def aimed(self, aim: Aim, bounds: Bounds) -> None:
        """Show where requests of our own are about to go, before the question."""

    def load(self, account: Account, beside: bool = False) -> None:
        """Show what came of requests of our own, sent `beside` a run or alone."""

    def answers(self, parity: AnswerParity, waivers: Sequence[Waiver]) -> None:
        """Show how both sides answer."""

    def leftover(self, weights: str) -> None:
        """Show, before the question, which weights an earlier calibration has left behind."""

    def offer(self, offer: Offer) -> None:
        """Show, before the question, what a calibration would do."""

    def retrospect(self, found: Retrospect) -> None:
        """Show what the judge would have said of the past."""

    def calibration(self, calibration: Calibration, kept: bool) -> None:
        """Show what was measured; `kept`: plans reckon with it from now on."""

    def lab(self, record: Record) -> None:
        """Show the lab and its parts."""

    def lab_ended(self, folder: Path, ending: Ending) -> None:
        """Show how the lab ended."""

    def lab_faults(self, shown: Mapping[str, Any]) -> None:
        """Show the faults in force at the lab's doors."""

    def failure(self, failure: Failure) -> None:
        """Show why a command did not do what it was asked for."""


LOGS = (TEXT, JSON)
"""In which form a process that carries a run out logs."""


def is_in_lines(log: str | None) -> bool:
    """Return whether what is logged is printed as values, a line each, in place of the live view."""
    return log == JSON


def asked_for(words: Sequence[str]) -> str:
    """Return which view for programs a command line names, HUMAN where it names none: nobody has read its options yet."""
    named = {word.removeprefix("--output=") for word in words}
    return next((output for output in PROGRAMS if output in named), HUMAN)


def chosen(output: str) -> View:
    """Return the view of an `--output`; the other one is not imported."""
    if output in PROGRAMS:
        from migrator.cli.views.json.printed import AS_JSON, of_yaml
        from migrator.cli.views.json.view import JsonView

        return JsonView(AS_JSON if output == JSON else of_yaml())
    if output in PAGES:
        from migrator.cli.views.page.view import PageView

        return PageView(output)
    if output in FORMS:
        from migrator.cli.views.forms.view import FormView

        return FormView(output)
    from migrator.cli.views.human.view import HumanView

    return HumanView()
