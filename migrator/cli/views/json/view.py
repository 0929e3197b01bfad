"""The view for programs: one versioned value on stdout for each answer, or one after the other for what goes on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from migrator.cli.views.echo import echo
from migrator.cli.views.forms import asks
from migrator.cli.views.json import values
from migrator.cli.views.json.printed import AS_JSON, Form
from migrator.cli.views.said import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
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
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.advice import Advice
    from migrator.domain.planning.checklist.items import Tick
    from migrator.domain.planning.matrix import Audit
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.port_conflicts import WayOut
    from migrator.lab.world.lifecycle import Ending
    from migrator.lab.world.record import Record
    from migrator.store import Event, PlanSummary
    from migrator.workflow.progress import Tell


class JsonView:
    """Shows values to programs. Questions and progress are for people all the same: they go to stderr."""

    apart = asks.apart

    def __init__(self, form: Form = AS_JSON) -> None:
        self._form = form

    def plan(self, plan: Plan, ways: Sequence[WayOut] = ()) -> None:
        from migrator.cli.views.json import plan as of_plan

        self._form.answer(plan={**of_plan.plan(plan), "ways_out": of_plan.ways(ways)})

    def workload_diff(self, plan: Plan) -> None:
        from migrator.cli.views.plan_diff import diff

        self._form.answer(diff=diff(plan))

    def plans_apart(self, plan: Plan, other: Plan) -> None:
        from migrator.cli.views.plan_outline import apart

        self._form.answer(plan=plan.id, other=other.id, diff=apart(plan, other))

    def brief(self, plan: Plan, earlier: Message | None = None) -> None:
        from migrator.cli.views.human.plan import page

        page.brief(plan, earlier, err=True)

    def restart(self, plan: Plan) -> None:
        from migrator.cli.views.human.plan import restart

        restart.show(plan, err=True)

    def findings(self, findings: Sequence[Finding], waivers: Sequence[Waiver], audit: Audit | None = None) -> None:
        from migrator.cli.views.audit import values as of_audit

        shown = {"matrix": of_audit.matrix(audit)} if audit is not None else {}
        self._form.answer(findings=[values.finding(finding, waivers) for finding in findings], **shown)

    def advice(self, rows: Sequence[Advice]) -> None:
        from migrator.cli.views.json import plan as of_plan

        self._form.answer(advice=[of_plan.advice(row) for row in rows])

    def hardening(self, found: Hardening) -> None:
        from migrator.cli.views.json import hardening

        self._form.answer(hardening=hardening.of(found))

    def explained(self, found: Explained) -> None:
        from migrator.cli.views.json import plan as of_plan

        of_code = {"code": of_plan.code(found.code)} if found.code is not None else {}
        self._form.answer(**({"key": of_plan.key(found.key)} if found.key is not None else {}), **of_code)

    def begun(self, begun: Begun) -> None:
        from migrator.cli.views.said import texts

        self._form.answer(init={"file": begun.file, "schema": begun.schema, "found": texts(begun.found)})

    def versions(self, found: Versions) -> None:
        from dataclasses import asdict

        self._form.answer(versions=asdict(found))

    def roles(
        self,
        roles: Sequence[Manifest],
        policy: Json,
        provider: str,
        page: str,
        absent: Sequence[str],
        context: str | None = None,
    ) -> None:
        self._form.answer(
            roles=list(roles), cloud_policy=policy, page=page, absent_namespaces=list(absent), context=context
        )

    def installation(self, objects: Sequence[Manifest], labels: Mapping[str, str]) -> None:
        self._form.answer(manifests=list(objects), namespace_labels=dict(labels))

    def manifests(self, run: Run, objects: Sequence[Manifest], changes: Sequence[Change], spec: Spec) -> None:
        undo = [{"object": str(change.ref), "patch": change.original, **said(why=change.why)} for change in changes]
        self._form.answer(run=values.run(run), manifests=list(objects), undo=undo)

    def by_hand(self, back: HandBack) -> None:
        stages = [{**said(title=stage.title), "commands": list(stage.lines)} for stage in back.stages]
        self._form.answer(by_hand={"run": back.run, "name": back.name, "stages": stages, **said(unseen=back.unseen)})

    def live(self, plan: Plan, keys: Keys | None = None) -> AbstractContextManager[Tell]:
        from migrator.cli.views.json import journeys

        return journeys.shown(plan.journey()).live(self._form)

    def left(self, left: Left) -> None:
        from migrator.cli.views.json import journeys
        from migrator.cli.views.json import status as of_status

        printed = self._form.line if journeys.shown(left.journey).streams else self._form.answer
        printed(run=of_status.left(left))

    def detached(self, run: Run, holder: str, log: str) -> None:
        self._form.answer(run=values.run(run), holder=holder, log=log)

    def asked(self, asked: Asked) -> None:
        run, question = values.run(asked.run), said(question=asked.question)
        self._form.answer(run=run, request=asked.kind.value, holder=asked.holder, already=asked.already, **question)

    def ended(self, run: Run) -> None:
        self._form.answer(run=values.run(run))

    def status(self, status: Status) -> None:
        from migrator.cli.views.json import status as of_status

        self._form.answer(run=of_status.status(status))

    def remark(self, said: Message) -> None:
        from migrator.wording.render import render

        echo(render(said), err=True)

    def job(self, manifest: Manifest) -> None:
        self._form.answer(job=manifest)

    def awaiting(self) -> None:
        from migrator.cli.views.human import outcome

        echo(outcome.awaiting(), err=True)

    @contextmanager
    def watching(self, keys: Keys | None = None) -> Iterator[Callable[[Status], None]]:
        from migrator.cli.views.json import status as of_status
        from migrator.cli.views.live.watching import Values, until_told

        with until_told():
            yield Values(lambda status: self._form.text_of_line(run=of_status.status(status)))

    def runs(self, runs: Sequence[Listed], plans: Sequence[PlanSummary]) -> None:
        self._form.answer(
            runs=[{**values.run(row.run), "watched": row.watched} for row in runs],
            plans=[values.summary(plan) for plan in plans],
        )

    def events(self, run: Run, rows: Sequence[Event], titles: object = None) -> None:
        self._form.answer(run=run.id, events=[values.event(row) for row in rows])

    def event(self, row: Event, titles: object = None) -> None:
        self._form.line(**values.event(row))

    def report(self, report: Report) -> None:
        from migrator.cli.views.json import report as of_report

        self._form.answer(run=of_report.report(report))

    def told(self, told: Sequence[Told]) -> None:
        self._form.answer(
            told=[{"run": t.run, "channel": t.channel, "sent": t.sent, **said(trouble=t.trouble)} for t in told]
        )

    def frozen(self, changed: Changed) -> None:
        freeze = changed.freeze
        by = None if freeze is None else {"by": freeze.by, "at": freeze.at, "reason": freeze.reason}
        self._form.answer(freeze={"place": changed.place, "frozen": by, "new": changed.new})

    def serving(self, url: str, what: str) -> None:
        self._form.line(serving=what, url=url)

    def beside(self, found: Beside) -> None:
        from migrator.cli.views.json import parity

        self._form.answer(parity=parity.beside(found))

    def ticked(self, plan: str, line: str, tick: Tick, run: Run | None = None) -> None:
        number = run.id if run else None
        self._form.answer(
            tick={"run": number, "plan": plan, "line": line, "by": tick.by, "at": tick.at, "note": tick.note}
        )

    def aimed(self, aim: Aim, bounds: Bounds) -> None:
        from migrator.cli.views.human.comparison import load as of_load

        of_load.aimed(aim, bounds)

    def load(self, account: Account, beside: bool = False) -> None:
        from migrator.cli.views.human.comparison.load import show
        from migrator.cli.views.json.values import loaded

        if beside:  # the run's own answer is the one value on stdout
            return show(account, err=True)
        self._form.answer(load=loaded(account))

    def answers(self, parity: AnswerParity, waivers: Sequence[Waiver]) -> None:
        from migrator.cli.views.json import answers as of_answers

        self._form.answer(answers=of_answers.parity(parity, waivers))

    def leftover(self, weights: str) -> None:
        from migrator.cli.views.human import calibration

        echo(calibration.leftover(weights), err=True)

    def offer(self, offer: Offer) -> None:
        from migrator.cli.views.human import calibration

        echo(calibration.offer(offer), err=True)

    def retrospect(self, found: Retrospect) -> None:
        from migrator.cli.views.json import retrospect as of_retrospect

        self._form.answer(retrospect=of_retrospect.retrospect(found))

    def calibration(self, calibration: Calibration, kept: bool) -> None:
        from migrator.cli.views.json import calibration as of_calibration

        self._form.answer(calibration=of_calibration.calibration(calibration, kept))

    def lab(self, record: Record) -> None:
        from migrator.lab.world import view

        echo(self._form.whole(view.value(record)))

    def lab_ended(self, folder: Path, ending: Ending) -> None:
        self._form.line(ended=ending.told, killed=ending.killed)

    def lab_faults(self, shown: Mapping[str, Any]) -> None:
        self._form.line(**shown)

    def failure(self, failure: Failure) -> None:
        told = {**said(message=failure.said), "message": failure.message}
        error = {"kind": failure.kind, **told, "exit_code": failure.exit_code}
        self._form.answer(error={**error, "findings": [values.finding(finding) for finding in failure.findings]})
        if failure.words:
            echo(failure.words, err=True)
