"""The view for people: plain, short, coloured where the terminal can. Each answer is drawn in a module of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from migrator.cli.views.echo import echo
from migrator.cli.views.forms import asks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
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
    from migrator.cli.views.view import Titles
    from migrator.domain.answers.parity import AnswerParity
    from migrator.domain.balancers.calibration import Calibration
    from migrator.domain.hardening import Hardening
    from migrator.domain.messages.findings import Finding, Waiver
    from migrator.domain.messages.message import Message
    from migrator.domain.model.manifests import Manifest
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.advice import Advice
    from migrator.domain.planning.checklist.items import Tick
    from migrator.domain.planning.matrix import Audit
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.port_conflicts import WayOut
    from migrator.lab.world.lifecycle import Ending
    from migrator.lab.world.record import Record
    from migrator.store import Event, PlanSummary
    from migrator.workflow.progress import Tell


class HumanView:
    """Shows values to people."""

    def plan(self, plan: Plan, ways: Sequence[WayOut] = ()) -> None:
        from migrator.cli.views.human.plan import page

        page.show(plan, ways)

    def workload_diff(self, plan: Plan) -> None:
        from migrator.cli.views.human.plan import page

        page.workload_diff(plan)

    def plans_apart(self, plan: Plan, other: Plan) -> None:
        from migrator.cli.views.human.plan import page

        page.apart(plan, other)

    def brief(self, plan: Plan, earlier: Message | None = None) -> None:
        from migrator.cli.views.human.plan import page

        page.brief(plan, earlier)

    def restart(self, plan: Plan) -> None:
        from migrator.cli.views.human.plan import restart

        restart.show(plan)

    def findings(self, findings: Sequence[Finding], waivers: Sequence[Waiver], audit: Audit | None = None) -> None:
        from migrator.cli.views.human import findings as of_findings

        of_findings.show(findings, waivers)
        if audit is not None:
            from migrator.cli.views.audit import table

            table.show(audit)

    def advice(self, rows: Sequence[Advice]) -> None:
        from migrator.cli.views.human import advice

        advice.show(rows)

    def hardening(self, found: Hardening) -> None:
        from migrator.cli.views.forms import human

        human.show(found)

    def explained(self, found: Explained) -> None:
        from migrator.cli.views.human.plan import codes

        codes.explained(found)

    def begun(self, begun: Begun) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.begun(begun))

    def versions(self, found: Versions) -> None:
        from migrator.cli.views.human import outcome

        echo(outcome.versions(found))

    def roles(self, *of: Any) -> None:  # Any: the page of objects says what it takes
        from migrator.cli.views.human import objects

        echo(objects.roles(*of))

    def installation(self, objects: Sequence[Manifest], labels: Mapping[str, str]) -> None:
        from migrator.cli.views.human import objects as of_objects

        echo(of_objects.installation(objects, labels), nl=False)

    def manifests(self, *of: Any) -> None:  # Any: the page of objects says what it takes
        from migrator.cli.views.human import objects

        echo(objects.manifests(*of), nl=False)

    def by_hand(self, back: HandBack) -> None:
        from migrator.cli.views.forms import by_hand

        echo(by_hand.script(back), nl=False)

    def live(self, plan: Plan, keys: Keys | None = None) -> AbstractContextManager[Tell]:
        from migrator.cli.views.human import journeys

        return journeys.shown(plan.journey()).live(plan, keys)

    def left(self, left: Left) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.left(left))

    def detached(self, run: Run, holder: str, log: str) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.detached(run, holder, log))

    def asked(self, asked: Asked) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.asked(asked))

    def ended(self, run: Run) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.ended(run))

    def status(self, status: Status) -> None:
        from migrator.cli.views.human import status as of_status

        of_status.show(status)

    def remark(self, said: Message) -> None:
        from migrator.wording.render import render

        echo(render(said), err=True)

    def job(self, manifest: Manifest) -> None:
        from migrator.cli.views.human import objects

        echo(objects.manifest(manifest), nl=False)

    def awaiting(self) -> None:
        from migrator.cli.views.human import outcome

        echo(outcome.awaiting(), err=True)

    @contextmanager
    def watching(self, keys: Keys | None = None) -> Iterator[Callable[[Status], None]]:
        from migrator.cli.views.live import watching

        with watching.until_told(), watching.for_people(keys) as show:
            yield show

    def runs(self, runs: Sequence[Listed], plans: Sequence[PlanSummary]) -> None:
        from migrator.cli.views.human import runs as of_runs

        of_runs.show(runs, plans)

    def events(self, run: Run, rows: Sequence[Event], titles: Titles | None = None) -> None:
        for row in rows:
            self.event(row, titles)

    def event(self, row: Event, titles: Titles | None = None) -> None:
        from migrator.cli.views.human import events

        echo(events.line(row, events.room(), titles))

    def report(self, report: Report) -> None:
        from migrator.cli.views.human import report as of_report

        of_report.show(report)

    def told(self, told: Sequence[Told]) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.told(told))

    def frozen(self, changed: Changed) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.frozen(changed))

    def serving(self, url: str, what: str) -> None:
        from migrator.cli.views.human import outcome
        from migrator.cli.views.wrap import show

        show(outcome.serving(url, what))

    def beside(self, found: Beside) -> None:
        from migrator.cli.views.human.comparison import parity

        parity.show(found)

    def ticked(self, plan: str, line: str, tick: Tick, run: Run | None = None) -> None:
        from migrator.cli.views.console import console
        from migrator.cli.views.wrap import wrapped
        from migrator.domain.messages.message import say
        from migrator.wording import render

        of_run = say("view.run", run=run.id, name=run.name) if run else None
        kept = say("checklist.kept", run=of_run, plan=plan, line=line, by=tick.by, at=tick.at, note=tick.note or None)
        wrapped(console(), render(kept), 0)

    def aimed(self, aim: Aim, bounds: Bounds) -> None:
        from migrator.cli.views.human.comparison import load as of_load

        of_load.aimed(aim, bounds)

    def load(self, account: Account, beside: bool = False) -> None:
        from migrator.cli.views.human.comparison import load as of_load

        of_load.show(account)

    def answers(self, parity: AnswerParity, waivers: Sequence[Waiver]) -> None:
        from migrator.cli.views.human.comparison import answers as of_answers

        of_answers.show(parity, waivers)

    def leftover(self, weights: str) -> None:
        from migrator.cli.views.human import calibration
        from migrator.cli.views.wrap import show

        show(calibration.leftover(weights))

    def offer(self, offer: Offer) -> None:
        from migrator.cli.views.human import calibration
        from migrator.cli.views.wrap import show

        show(calibration.offer(offer))

    def retrospect(self, found: Retrospect) -> None:
        from migrator.cli.views.human.comparison import retrospect as of_retrospect
        from migrator.cli.views.wrap import show

        show(of_retrospect.text(found))

    def calibration(self, calibration: Calibration, kept: bool) -> None:
        from migrator.cli.views.human import calibration as of_calibration
        from migrator.cli.views.wrap import show

        show(of_calibration.text(calibration, kept))

    def lab(self, record: Record) -> None:
        from migrator.lab.world import view

        echo(view.text(record))

    def lab_ended(self, folder: Path, ending: Ending) -> None:
        echo(f"the lab in {folder} is down: {ending.told} processes ended, {ending.killed} had to be killed")

    def lab_faults(self, shown: Mapping[str, Any]) -> None:
        from migrator.lab.world import view

        echo(view.faults(shown))

    def failure(self, failure: Failure) -> None:
        if failure.words:
            from migrator.cli.views.wrap import whole

            echo(whole(failure.words), err=True)

    apart = asks.apart
