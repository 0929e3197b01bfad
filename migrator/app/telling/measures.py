"""What of a run can be measured, as named numbers, for Prometheus. Pure; what nobody knows is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from migrator.app.inspect.course import share_of
from migrator.app.telling.outbox import Outbox
from migrator.domain.model.refs import home
from migrator.domain.model.runs import Run, State
from migrator.domain.model.samples import Ruling
from migrator.wording import render
from migrator.wording.language import ENGLISH

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status
    from migrator.domain.observation.snapshot import Snapshot
    from migrator.domain.planning.plan import Plan
    from migrator.store import StoreReader

SHOWN_FOR = timedelta(minutes=15)
"""How long a run that has ended is measured still: long enough for its end to be scraped."""

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, and what tells it from others of its name."""

    name: str
    value: float
    labels: Labels


HELP = {
    "migrator_run_info": "1 for each run: its plan, namespace and balancer.",
    "migrator_run_state": "1 for the state that the run is in, 0 for the others.",
    "migrator_run_heading_back": "1 while the run is on its way back, and after it went back.",
    "migrator_run_step": "Which step of its route the run is at, from 1.",
    "migrator_run_steps": "How many steps the route has.",
    "migrator_run_step_info": "1 for the step that the run is at, by its title.",
    "migrator_run_share_meant_percent": "The new side's share of new connections by the weights that the run has set.",
    "migrator_run_share_percent": "The new side's share of new connections by the weights at the balancer, as seen last.",
    "migrator_run_share_observed_percent": "The new side's share of the requests that the judge counted last.",
    "migrator_run_verdict": "1 for the judge's newest ruling, 0 for the others.",
    "migrator_run_requests": "Requests of a side in the judge's newest window.",
    "migrator_run_errors": "Bad answers (5xx) of a side in the judge's newest window.",
    "migrator_run_way_back_fit": "Places of the old side that could take the traffic back.",
    "migrator_run_way_back_places": "Places of the old side that have a weight to take back.",
    "migrator_run_way_back_ratio": "The part of the old side's weight that could be taken back, 0 to 1.",
    "migrator_run_last_turn_timestamp_seconds": "When the run was looked at last, in Unix time.",
    "migrator_run_seconds_since_last_turn": "Seconds since the run was looked at last.",
    "migrator_run_watched": "1 while a process carries the run out.",
    "migrator_run_letters_unsent": "Letters that a channel of the plan has not taken yet.",
    "migrator_run_holder_info": "1 for the process that carries the run out.",
}
"""What each number means; a number without a meaning cannot be shown."""


def live(store: StoreReader) -> list[Run]:
    """Give the runs that are measured: those that go on, and those that ended a moment ago."""
    now = store.now()
    return [run for run in store.runs() if not run.ended or now - run.updated_at < SHOWN_FOR]


def unsent(store: StoreReader, run: Run, plan: Plan) -> dict[str, int]:
    """Count the letters that each channel of the plan has not taken yet."""
    boxes = (
        (each.name, Outbox(store, run, plan.spec, each.name, frozenset(each.moments))) for each in plan.spec.notify
    )
    return {name: len(box.due()) for name, box in boxes}


def measured(store: StoreReader, run: Run) -> tuple[Measure, ...]:
    """Read a run, and give its numbers. StoreError as of any read."""
    from migrator.app.inspect.status import status

    plan = store.plan(run.plan_id)
    return measures(status(store, run), plan, unsent(store, run, plan))


def measures(status: Status, plan: Plan, letters: Mapping[str, int]) -> tuple[Measure, ...]:
    """Give the numbers of one run; `letters` are those that each channel has not taken yet."""
    run = status.run
    labels = (("run", str(run.id)), ("name", run.name))
    told = (("migrator_run_letters_unsent", float(count), (("channel", name),)) for name, count in letters.items())
    known = (*_place(status, plan), *_shares(status, plan), *_judged(status.look))
    found: tuple[Row, ...] = (*known, *_way_back(status), *_process(status), *told)
    return tuple(Measure(name, value, (*labels, *more)) for name, value, more in found)


Row = tuple[str, float, Labels]


def _place(status: Status, plan: Plan) -> Iterator[Row]:
    run, spec = status.run, plan.spec
    told = (("plan", plan.id), ("namespace", home(spec).namespace), ("provider", spec.balancer.provider))
    yield "migrator_run_info", 1, (*told, ("balancer", spec.balancer.id))
    for state in State:
        yield "migrator_run_state", float(run.state is state), (("state", state.value),)
    yield "migrator_run_heading_back", float(run.heading.value == "back"), ()
    yield "migrator_run_step", run.cursor + 1, ()
    yield "migrator_run_steps", len(status.titles), ()
    yield "migrator_run_step_info", 1, (("step", render(status.titles[run.cursor], ENGLISH)),)


def _meant(status: Status, plan: Plan) -> float | None:
    """Give the share that the run means; None where the sides have the same rows in turn: only pods tell whose they are."""
    if plan.journey().by_turns:
        return None
    return share_of(plan, {backend: values[0] for backend, values in status.past.weights.items() if values})


def _shares(status: Status, plan: Plan) -> Iterator[Row]:
    if (meant := _meant(status, plan)) is not None:
        yield "migrator_run_share_meant_percent", meant, ()
    if status.share is not None:
        yield "migrator_run_share_percent", status.share, ()
    verdict = status.look.verdict if status.look else None
    total = verdict.new.requests + verdict.old.requests if verdict else 0
    if verdict and total:
        yield "migrator_run_share_observed_percent", 100 * verdict.new.requests / total, ()


def _judged(look: Snapshot | None) -> Iterator[Row]:
    if look is None or look.verdict is None:
        return
    for ruling in Ruling:
        yield "migrator_run_verdict", float(look.verdict.ruling is ruling), (("ruling", ruling.value),)
    for side, rate in (("old", look.verdict.old), ("new", look.verdict.new)):
        yield "migrator_run_requests", rate.requests, (("side", side),)
        yield "migrator_run_errors", rate.bad, (("side", side),)


def _way_back(status: Status) -> Iterator[Row]:
    now = status.newest.way_back if status.newest else None
    if now is None or status.run.ended:
        return
    yield "migrator_run_way_back_fit", now.fit, ()
    yield "migrator_run_way_back_places", now.slots, ()
    yield "migrator_run_way_back_ratio", 0.0 if now.gone else now.ratio, ()


def _process(status: Status) -> Iterator[Row]:
    looked: datetime | None = status.newest.looked_at if status.newest else None
    if looked is not None and not status.run.ended:
        yield "migrator_run_last_turn_timestamp_seconds", looked.timestamp(), ()
        yield "migrator_run_seconds_since_last_turn", max(0.0, (status.now - looked).total_seconds()), ()
    if not status.run.ended:
        yield "migrator_run_watched", float(status.holder is not None), ()
    if status.holder is not None:
        yield "migrator_run_holder_info", 1, (("holder", status.holder),)
