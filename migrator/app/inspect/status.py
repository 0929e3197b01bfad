"""Looking at runs without touching them: where one stands, who carries it out, what was seen last and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from migrator.app.checklist.ticks import of_run
from migrator.app.inspect.ahead import Ahead
from migrator.app.inspect.totals import counted
from migrator.app.inspect.untold import silent
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.findings import Waiver
from migrator.domain.messages.message import Message
from migrator.domain.model.refs import contexts
from migrator.domain.model.runs import Heading, Request, Run, State
from migrator.domain.model.spec import After, Allowance
from migrator.domain.observation.sides import Rehearsed, WayBack
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.checklist.items import Item
from migrator.domain.planning.isolating.afterwards import afterwards
from migrator.domain.planning.survival.place import kept_of
from migrator.domain.steps.isolating.keep_apart import KEPT
from migrator.domain.turn.journeys import FORWARD, Journey
from migrator.store import Kind

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.domain.steps import Step
    from migrator.store import StoreReader


@dataclass(frozen=True, slots=True)
class Returning:
    """The way back as it was seen last, and what its rehearsal came to."""

    look: Snapshot
    now: WayBack
    rehearsed: Rehearsed | None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a run stands. `titles` are the steps of its present route; `holder` None means that nobody watches it.

    `look` is what was seen last, by whichever process (None: nobody has seen the balancer); `now` is when it is told.
    `journey` says how it travels, and so how it is shown. `newest` is what the newest process saw last, which may be nothing:
    only that says what protects the run. `answers` is the newest comparison of both sides' answers, whichever process made it.
    `allows` are the places where the sides' configurations may differ by the plan, each with its reason.
    `checklist` has every line of the three checklists (none for a follower).
    `left` are the seconds that the rest of the route is expected to take (None: nobody knows, or there is none); `silent` are
    the channels that have not taken what they were told; `contexts` the old and the new side's clusters, where they are two.
    `kept` is the gateway that the way back has set apart for a look ("": none). `asks_ahead`: a person is asked on the way.
    """

    run: Run
    titles: tuple[Message, ...]
    holder: str | None
    past: JournalFacts
    pending: tuple[Request, ...]
    look: Snapshot | None
    now: datetime
    journey: Journey = FORWARD
    newest: Snapshot | None = None
    answers: AnswerParity | None = None
    waivers: tuple[Waiver, ...] = ()
    allows: tuple[Allowance, ...] = ()
    left: float | None = None
    silent: tuple[Message, ...] = ()
    checklist: tuple[Item, ...] = ()
    contexts: tuple[str, str] | None = None
    kept: str = ""
    asks_ahead: bool = False

    @property
    def share(self) -> float | None:
        """Give the new side's percent of new connections as last seen; None where nobody saw it or no weight stood."""
        return self.look.share if self.look else None


@dataclass(frozen=True, slots=True)
class Left:
    """Where a process leaves a run: its step's title, what was seen last, whether a write was made since.

    `to_follow`: it has completed, and its plan wants its nodes looked after by `migrator follow` from now on. `then` is what
    a person does next with the pod that it was about.
    """

    run: Run
    step: Message | None
    look: Snapshot | None
    now: datetime
    open_write: bool = False
    journey: Journey = FORWARD
    to_follow: bool = False
    kept: str = ""
    then: Message | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A run in a list. `watched` says whether a process carries it out; `titles` are its steps until it has ended."""

    run: Run
    watched: bool
    titles: tuple[Message, ...] = ()


def where(store: StoreReader, run: Run) -> Left:
    """Read where a run is left."""
    found = status(store, run)
    step, written = found.titles[run.cursor], found.past.open is not None
    plan = store.plan(run.plan_id)
    then = afterwards(plan) if run.state is State.COMPLETED else None
    return Left(run, step, found.look, found.now, written, found.journey, to_follow(run, plan), found.kept, then)


def to_follow(run: Run, plan: Plan) -> bool:
    """Say whether a run has completed whose plan says `after: migrator`."""
    return run.state is State.COMPLETED and plan.spec.after is After.MIGRATOR and plan.journey().moves


def status(store: StoreReader, run: Run) -> Status:
    """Read where a run stands. The share is what was seen at the balancer, never what this run meant."""
    plan = store.plan(run.plan_id)
    past = store.past(run, plan)
    route, ahead = store.route(run.id, run.heading), Ahead(plan)
    titles = tuple(step.title for step in route)
    looks = [record.look for record in store.process_records(run.id)]
    return Status(
        run,
        titles,
        store.holder(run.id),
        past,
        store.pending(run.id),
        _at_balancer(looks),
        store.now(),
        plan.journey(run.heading),
        looks[-1] if looks else None,
        last_answers(looks),
        plan.spec.waivers,
        plan.spec.parity.allow,
        ahead.seconds(run, route, past.entered_at, store.now()),
        silent(store, run, plan.spec),
        of_run(store, run, plan),
        contexts(plan.spec),
        kept(store, run, route),
        ahead.asks(run, route),
    )


def kept(store: StoreReader, run: Run, route: tuple[Step, ...]) -> str:
    """Read which gateway a way back has set apart for a look; "" where it has none, or not yet."""
    if kept_of(route) is None:
        return ""
    notes = (row for row in store.events_of(run.id, (Kind.NOTED,)) if row.data.get("about") == KEPT)
    return next((str(counted(row)["pod"]) for row in notes), "")


def returning(store: StoreReader, run: Run) -> Returning | None:
    """Read what of the old side could take the traffic back, as it was seen last; None where nothing is to go back."""
    looks = [record.look for record in store.process_records(run.id)]
    if run.ended or run.heading is Heading.BACK or not looks or looks[-1].way_back is None:
        return None
    return Returning(looks[-1], looks[-1].way_back, store.past(run, store.plan(run.plan_id)).rehearsed)


def last_look(store: StoreReader, run: Run) -> Snapshot | None:
    """Give the newest look at the balancer, whoever took it; None while nobody has seen it."""
    return _at_balancer([record.look for record in store.process_records(run.id)])


def last_answers(looks: Sequence[Snapshot]) -> AnswerParity | None:
    """Give the newest comparison of both sides' answers, whichever process made it; None while there was none."""
    return next((look.answers for look in reversed(looks) if look.answers is not None), None)


def _at_balancer(looks: Sequence[Snapshot]) -> Snapshot | None:
    return next((look for look in reversed(looks) if look.at is not None), None)


def listed(store: StoreReader) -> list[Listed]:
    """Give every run, the newest first, with whether anybody watches it; one that has ended needs nobody."""
    return [_listed(store, run) for run in store.runs()]


def _listed(store: StoreReader, run: Run) -> Listed:
    if run.ended:
        return Listed(run, watched=True)
    return Listed(run, store.holder(run.id) is not None, _titles(store, run))


def _titles(store: StoreReader, run: Run) -> tuple[Message, ...]:
    return tuple(step.title for step in store.route(run.id, run.heading))
