"""Writes runs and their routes. A run's state changes only together with the journal row that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from migrator.domain.messages.errors import LeaseLost
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.adoption import Adoption
from migrator.domain.steps import Step
from migrator.store.codec.codec import encode_route
from migrator.store.codec.dataclass_json import dump as dump_value
from migrator.store.codec.messages import dump, to_text
from migrator.store.file.database import reading_within
from migrator.store.read import queries
from migrator.store.tables import routes, runs
from migrator.store.values import Kind
from migrator.store.write import plans
from migrator.store.write.rows import Position, append

# Used at every step, so this is built once: building a statement takes longer than running it.
MOVE = update(runs).where(
    runs.c.id == bindparam("of_run"),
    runs.c.state == bindparam("was_state"),
    runs.c.heading == bindparam("was_heading"),
    runs.c.cursor == bindparam("was_cursor"),
)


def create(tx: Connection, plan: Plan, now: datetime, begins_with: tuple[Weighted, ...]) -> Run:
    """Make a planned run of the plan, its forward route and its first journal row; saves the plan if it is not yet.

    `begins_with` are the weights that the run accounts for at its start; the row has them where they are not the plan's.
    """
    run = _planned(tx, plan, now)
    planned = moved(run, None, say("run.planned", plan=plan.id), None)
    if set(begins_with) != set(plan.meant):
        planned["begins_with"] = [dump_value(row) for row in begins_with]
    append(tx, Position(run.id, 0, run.heading, run.cursor), now, Kind.MOVED, planned)
    return run


def adopt(tx: Connection, adoption: Adoption, now: datetime, why: Message) -> Run:
    """Make a halted run that goes on where one stood whose store is lost. Its first row has the weights that were found, and
    what the lost journal said."""
    plan = adoption.plan
    run = _planned(tx, plan, now)
    planned = moved(run, None, say("run.planned", plan=plan.id), None)
    planned["begins_with"] = [dump_value(row) for row in adoption.begins_with]
    planned["inherits"] = dump_value(adoption.inherited)
    append(tx, Position(run.id, 0, run.heading, run.cursor), now, Kind.MOVED, planned)
    if adoption.home is not None:
        save_route(tx, run.id, Heading.BACK, adoption.home)
    after = replace(run, state=State.HALTED, heading=adoption.heading, cursor=adoption.cursor, updated_at=now, why=why)
    store_move(tx, run, after)
    place = Position(run.id, 0, after.heading, after.cursor)
    append(tx, place, now, Kind.MOVED, moved(after, run.state, why, None))
    return after


def _planned(tx: Connection, plan: Plan, now: datetime) -> Run:
    """Make the row of a planned run, its plan and its forward route."""
    plans.save(tx, plan)
    values = {
        "plan_id": plan.id,
        "name": plan.spec.name,
        "state": State.PLANNED.value,
        "heading": Heading.FORWARD.value,
        "cursor": 0,
        "created_at": now,
        "updated_at": now,
        "why": "",
    }
    run_id = tx.execute(insert(runs).values(values).returning(runs.c.id)).scalar_one()
    save_route(tx, run_id, Heading.FORWARD, plan.steps)
    return queries.run(reading_within(tx), run_id)


def moved(run: Run, was: State | None, why: Message | None, note: Message | None) -> dict[str, Any]:
    """Give the journal's data for a run that is now as `run` says."""
    return {
        "was": was.value if was else None,
        "state": run.state.value,
        "heading": run.heading.value,
        "cursor": run.cursor,
        "why": dump(why),
        "note": dump(note),
    }


def store_move(tx: Connection, before: Run, after: Run) -> None:
    """Change the run's row; LeaseLost when it is not as `before` any more, for then somebody else moved it."""
    same = {
        "of_run": before.id,
        "was_state": before.state.value,
        "was_heading": before.heading.value,
        "was_cursor": before.cursor,
    }
    values = {
        "state": after.state.value,
        "heading": after.heading.value,
        "cursor": after.cursor,
        "updated_at": after.updated_at,
        "why": to_text(after.why),
    }
    if tx.execute(MOVE, {**same, **values}).rowcount != 1:
        raise LeaseLost(say("lease.run-moved", run=before.id, state=before.state, step=before.cursor))


def save_route(tx: Connection, run_id: int, heading: Heading, route: tuple[Step, ...]) -> None:
    """Store the route of one heading; it is never changed afterwards."""
    tx.execute(insert(routes).values(run_id=run_id, heading=heading.value, body=encode_route(route)))
