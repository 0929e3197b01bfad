"""Which run and which plan are meant when nobody names one. Where two gateways' are equally meant, nothing is guessed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from migrator.app.one_run.in_progress import same
from migrator.app.run.earlier import moved_by
from migrator.domain.messages.errors import NotFound, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import Run, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.domain.planning.plan import Plan
    from migrator.store import Store, StoreReader

EQUALLY = timedelta(days=1)
"""A plan that was never run, and is older than the newest one by more than this, is not meant any more."""

MOST = 5
"""Plans that are named at most."""


def pick(store: StoreReader, name: str | None) -> Run:
    """Give the run that was named, or the newest that has not ended, or the newest of all: for who only looks.

    A migration comes before a follower, and a run that began before one that was cancelled.
    """
    if name is not None:
        return store.run(name)
    every = store.runs()
    return _first(every, _going(store, every))


def pick_one(store: StoreReader, name: str | None) -> Run:
    """Give the same to who changes something. UsageError where several runs go on: nobody guesses which of them is meant."""
    if name is not None:
        return store.run(name)
    every = store.runs()
    going = _going(store, every)
    if len(going) > 1:
        raise UsageError(say("run.several", runs=tuple(map(_told, going))))
    return _first(every, going)


def beside(store: StoreReader, run: Run) -> tuple[Run, ...]:
    """Give the other runs that go on and are as much meant as this one."""
    going = _going(store, store.runs())
    others = tuple(each for each in going if each.id != run.id)
    return others if len(others) < len(going) else ()


def told_beside(store: StoreReader, run: Run) -> Message | None:
    """Say which run is shown, and which others go on; None where no other does."""
    others = beside(store, run)
    return say("run.shown-of-several", shown=_told(run), others=tuple(map(_told, others))) if others else None


def _first(every: list[Run], going: list[Run]) -> Run:
    """Give the newest run that goes on, or else of all. NotFound: there is none."""
    if not every:
        raise NotFound(say("run.none-yet"))
    began = [run for run in every if run.state is not State.CANCELLED] or every
    return next(iter(going), began[0])


def _going(store: StoreReader, every: list[Run]) -> list[Run]:
    """Give the runs that have not ended, the newest first: of these only migrations, of these only what has begun, where there
    are any."""
    going = [run for run in every if not run.ended]
    moving = [run for run in going if store.plan(run.plan_id).journey().half_way] or going
    return [run for run in moving if run.state is not State.PLANNED] or moving


def _told(run: Run) -> Message:
    return say("run.of-several", run=run.id, name=run.name, state=run.state)


def newest_to_run(store: Store) -> Plan:
    """Give the newest plan that was never run. UsageError: there is none, or one of another gateway is meant as much."""
    newest = store.newest_unrun_plan()
    if newest is None:
        raise UsageError(say("plan.none-to-run"))
    if others := tuple(_others(store, newest)):
        plans = tuple(_which(plan, newest) for plan in (newest, *others))
        raise UsageError(say("plan.several", plans=plans, plan=newest.id))
    return newest


def _others(store: Store, newest: Plan) -> Iterator[Plan]:
    """Yield the newest plan of each other gateway that could be run as well: not blocked, and no run has moved it since."""
    found: list[Plan] = [newest]
    for row in store.plans():
        if row.runs or row.blocking or row.id == newest.id or newest.created_at - row.created_at > EQUALLY:
            continue
        plan = store.plan(row.id)
        if any(same(plan.spec, other.spec) for other in found) or moved_by(store, plan) is not None:
            continue
        found.append(plan)
        yield plan
        if len(found) == MOST:
            return


def _which(plan: Plan, newest: Plan) -> Message:
    older = (newest.created_at - plan.created_at).total_seconds()
    return say("plan.of-several", plan=plan.id, name=plan.spec.name, older=round(older) or None)
