"""What a run was, read from its journal: steps with times, shares asked for, given and seen, verdicts, writes, the turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from migrator.app.checklist.ticks import of_run
from migrator.app.evidence import files
from migrator.app.inspect.course import Point, ShareSeen, course, shares
from migrator.app.inspect.differing import lines_in
from migrator.app.inspect.interruptions import Interruption, interruptions, rested
from migrator.app.inspect.status import Returning, last_answers, last_look, returning
from migrator.app.inspect.totals import Judged, counted, judged, ruled, second, witnessed
from migrator.app.load import kept
from migrator.app.load.account import Account
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import Heading, Run
from migrator.domain.planning.checklist.items import Item
from migrator.domain.planning.plan import Plan
from migrator.domain.showing.series import Sample
from migrator.store import Event, Kind, StoreReader
from migrator.store.codec.messages import load


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step as it was walked. `left_at` is None for the step the run is at; `note` says what it achieved.

    `rested` is how many of its seconds the run was paused, halted, waited for a person, or had no process.
    """

    title: Message
    heading: Heading
    entered_at: datetime
    left_at: datetime | None
    note: Message | None = None
    rested: float = 0.0

    def seconds(self, now: datetime) -> float:
        """Give how long the step took, or has taken so far."""
        return ((self.left_at or now) - self.entered_at).total_seconds()


@dataclass(frozen=True, slots=True)
class SetTo:
    """What somebody has set for the rest of the run: a key of `spec.live`, in seconds."""

    at: datetime
    key: str
    value: float
    by: str


@dataclass(frozen=True, slots=True)
class Turned:
    """When and why the run turned back, and what the evidence was."""

    at: datetime
    why: Message | None
    evidence: Message | None


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict when it changed."""

    at: datetime
    ruling: str
    reason: Message
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of it. `whole` is False when the journal's chain of hashes is broken; `differing` are the lines in which
    the sides' configurations differ, as the run's reason or the last look has them; `returning` is the way back while there is
    one to go, `answers` the newest comparison of their answers; `samples` are what turns saw over time (none: an older version
    carried it out), `written` when writes were read back."""

    run: Run
    plan: Plan
    steps: tuple[StepTime, ...]
    shares: tuple[ShareSeen, ...]
    verdicts: tuple[Said, ...]
    judge: Judged | None
    interruptions: tuple[Interruption, ...]
    turned: Turned | None
    witness: dict[str, Any]
    prometheus: dict[str, Any] | None
    cut: dict[str, Any] | None
    writes: dict[str, int]
    waived: tuple[Finding, ...]
    whole: bool
    differing: tuple[Message, ...] = ()
    course: tuple[Point, ...] = ()
    answers: AnswerParity | None = None
    returning: Returning | None = None
    checklist: tuple[Item, ...] = ()
    sets: tuple[SetTo, ...] = ()
    load: Account | None = None
    evidence: tuple[files.Kept, ...] = ()
    samples: tuple[Sample, ...] = ()
    written: tuple[datetime, ...] = ()


def report(store: StoreReader, run: Run) -> Report:
    """Read a run's journal into a report. Works at any time, on a run that still goes on too."""
    plan, events = store.plan(run.plan_id), store.events(run.id)
    notes = [(event.data.get("about"), counted(event)) for event in events if event.kind is Kind.NOTED]
    stints, led = store.process_records(run.id), course(plan, events)
    rests = interruptions(run, events, stints, store.holder(run.id))
    waived = {waiver.code for waiver in plan.spec.waivers}
    return Report(
        run,
        plan,
        tuple(_with_rest(step, rests, run.updated_at) for step in steps(store, run, events)),
        tuple(shares(plan.steps, events, led, run.ended)),
        tuple(_verdict(event) for event in events if event.kind is Kind.VERDICT),
        judged(stints, events),
        rests,
        _turned(events),
        witnessed(stints, [data for kind, data in notes if kind == "witness"]),
        second(stints, [data for kind, data in notes if kind == "prometheus"]),
        next((data for kind, data in reversed(notes) if kind == "cut"), None),
        {kind.value: sum(e.kind is kind for e in events) for kind in (Kind.INTENDED, Kind.SETTLED, Kind.FAILED)},
        tuple(finding for finding in plan.findings if finding.code in waived),
        store.verify_chain(run.id) is None,
        lines_in(run.why, *(() if run.ended else _seen_troubles(store, run))),
        led,
        last_answers([record.look for record in stints]),
        returning(store, run),
        of_run(store, run, plan),
        tuple(
            SetTo(row.at, row.data["key"], row.data["value"], row.data["by"]) for row in events if row.kind is Kind.SET
        ),
        kept.of_run(store, run.id),
        files.of_run(store, run.id),
        _between_sides(plan, store.samples(run.id)),
        tuple(event.at for event in events if event.kind is Kind.SETTLED),
    )


def _seen_troubles(store: StoreReader, run: Run) -> tuple[Message, ...]:
    look = last_look(store, run)
    return look.troubles if look else ()


def steps(store: StoreReader, run: Run, events: list[Event]) -> tuple[StepTime, ...]:
    """Give the steps that were entered, in order, with their titles."""
    titles = {heading: _titles(store, run, heading) for heading in Heading}
    moves = [event for event in events if event.kind is Kind.MOVED]
    entered: list[StepTime] = []
    place: tuple[str, int] | None = None
    for event in moves:
        here = (event.data["heading"], event.data["cursor"])
        ended = event.data["state"] in ("completed", "rolled-back", "cancelled")
        if entered and (here != place or ended):
            last = entered[-1]
            entered[-1] = replace(last, left_at=event.at, note=_outcome(last, event))
        if here != place and event.data["state"] != "planned":
            heading = Heading(here[0])
            entered.append(StepTime(titles[heading][here[1]], heading, event.at, None))
            place = here
    return tuple(entered)


def _outcome(step: StepTime, left: Event) -> Message | None:
    """Give what the step itself achieved; why the run turned back, and on what evidence, is not its outcome."""
    if left.data["heading"] != step.heading:
        return say("step.not-finished")
    return load(left.data.get("note"))


def _with_rest(step: StepTime, rests: tuple[Interruption, ...], now: datetime) -> StepTime:
    return replace(step, rested=rested(step.entered_at, step.left_at or now, rests))


def _titles(store: StoreReader, run: Run, heading: Heading) -> list[Message]:
    if heading is Heading.BACK and run.heading is Heading.FORWARD:
        return []
    return [step.title for step in store.route(run.id, heading)]


def _turned(events: list[Event]) -> Turned | None:
    was = Heading.FORWARD.value
    for event in events:
        if event.kind is Kind.MOVED and event.data["heading"] != was:
            return Turned(event.at, load(event.data.get("why")), load(event.data.get("note")))
    return None


def _verdict(event: Event) -> Said:
    found = ruled(event)
    return Said(event.at, found.ruling.value, found.reason, found.source)


def _between_sides(plan: Plan, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Give the samples; of a run about one pod, or nodes that come and go, without a share: there are no two sides."""
    if plan.seen.old:
        return samples
    return tuple(replace(each, share=None, meant=None, observed=None) for each in samples)
