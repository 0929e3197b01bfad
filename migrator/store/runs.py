"""Runs and their routes. A run's state changes only together with the journal row that says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from migrator.domain.errors import LeaseLost, NotFound
from migrator.domain.plan import Plan
from migrator.domain.runs import Heading, Run, State
from migrator.domain.steps import Step
from migrator.store import plans
from migrator.store.codec import decode_route, encode_route
from migrator.store.rows import Kind, Place, append
from migrator.store.tables import routes, runs


def create(tx: Connection, plan: Plan, now: datetime) -> Run:
    """Make a planned run of the plan, its forward route and its first journal row; saves the plan if it is not yet."""
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
    run = get(tx, run_id)
    save_route(tx, run.id, Heading.FORWARD, plan.steps)
    append(
        tx, Place(run.id, 0, run.heading, run.cursor), now, Kind.MOVED, moved(run, None, f"planned from {plan.id}", "")
    )
    return run


def moved(run: Run, was: State | None, why: str, note: str) -> dict[str, Any]:
    """Give the journal's data for a run that is now as `run` says."""
    return {
        "was": was.value if was else None,
        "state": run.state.value,
        "heading": run.heading.value,
        "cursor": run.cursor,
        "why": why,
        "note": note,
    }


def get(tx: Connection, run_id: int) -> Run:
    """Give the run; NotFound when there is none."""
    row = tx.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
    if row is None:
        raise _unknown(str(run_id))
    return _run(row)


def find(tx: Connection, name: int | str) -> Run:
    """Give the run with this id, or the newest run with this name; NotFound otherwise."""
    words = str(name)
    if words.isascii() and words.isdigit() and len(words) < 18:
        row = tx.execute(select(runs).where(runs.c.id == int(words))).one_or_none()
        if row is not None:
            return _run(row)
    row = tx.execute(select(runs).where(runs.c.name == words).order_by(runs.c.id.desc()).limit(1)).first()
    if row is None:
        raise _unknown(words)
    return _run(row)


def every(tx: Connection) -> list[Run]:
    """Give all runs, the newest first."""
    return [_run(row) for row in tx.execute(select(runs).order_by(runs.c.id.desc()))]


def store_move(tx: Connection, before: Run, after: Run) -> None:
    """Change the run's row; LeaseLost when it is not as `before` any more, for then somebody else moved it."""
    same = (
        (runs.c.id == before.id)
        & (runs.c.state == before.state.value)
        & (runs.c.heading == before.heading.value)
        & (runs.c.cursor == before.cursor)
    )
    values = {
        "state": after.state.value,
        "heading": after.heading.value,
        "cursor": after.cursor,
        "updated_at": after.updated_at,
        "why": after.why,
    }
    if tx.execute(update(runs).where(same).values(values)).rowcount != 1:
        raise LeaseLost(
            f"Run {before.id} is not where this process left it ({before.state}, step {before.cursor}), so it wrote "
            f"nothing and stops. Traffic stays as it is. `migrator status {before.id}` shows where the run is."
        )


def save_route(tx: Connection, run_id: int, heading: Heading, route: tuple[Step, ...]) -> None:
    """Store the route of one heading; it is never changed afterwards."""
    tx.execute(insert(routes).values(run_id=run_id, heading=heading.value, body=encode_route(route)))


def route(tx: Connection, run_id: int, heading: Heading) -> tuple[Step, ...]:
    """Give the route of one heading; NotFound when the run never turned back, or is not there."""
    this = (routes.c.run_id == run_id) & (routes.c.heading == heading.value)
    body = tx.execute(select(routes.c.body).where(this)).scalar()
    if body is None:
        raise NotFound(f"Run {run_id} has no route {heading}. `migrator status {run_id}` shows where it is heading.")
    return decode_route(body)


def _run(row: Any) -> Run:
    values = {**row._mapping, "state": State(row.state), "heading": Heading(row.heading)}
    return Run(**values)


def _unknown(name: str) -> NotFound:
    return NotFound(f"There is no run {name} in this store. `migrator list` shows the runs there are.")
