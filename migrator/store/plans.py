"""Saved plans: written once, found again by id or its beginning, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from migrator.domain.errors import NotFound, StoreError
from migrator.domain.plan import Plan
from migrator.store.codec import decode, encode
from migrator.store.tables import plans, runs


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan as lists show it. `runs` counts how often it was begun."""

    id: str
    name: str
    created_at: datetime
    created_by: str
    runs: int


def save(tx: Connection, plan: Plan) -> None:
    """Store the plan; saving the same one twice is fine, another one under its id is a StoreError."""
    digest = tx.execute(select(plans.c.digest).where(plans.c.id == plan.id)).scalar()
    if digest is not None:
        if digest != plan.digest:
            raise StoreError(f"Another plan is stored as {plan.id}; nothing was changed. Plan again to get a new id.")
        return
    tx.execute(
        insert(plans).values(
            id=plan.id,
            digest=plan.digest,
            name=plan.spec.name,
            created_at=plan.created_at,
            created_by=plan.created_by,
            body=encode(plan),
        )
    )


def find(tx: Connection, prefix: str) -> Plan:
    """Give the plan whose id is, or alone begins with, `prefix`; NotFound otherwise."""
    like = plans.c.id.startswith(prefix, autoescape=True)
    found = tx.execute(select(plans.c.id, plans.c.body).where(like).order_by(plans.c.id).limit(10)).all()
    exact = [row for row in found if row.id == prefix] or found
    if not prefix or not exact:
        raise NotFound(
            f"There is no plan {prefix or 'without a name'} in this store. `migrator list` shows the plans there are."
        )
    if len(exact) > 1:
        names = ", ".join(row.id for row in exact)
        raise NotFound(f"{prefix} is the beginning of {len(exact)} plans: {names}. Give more of the id.")
    return decode(exact[0].body, Plan)


def newest_unrun(tx: Connection) -> Plan | None:
    """Give the newest plan that no run was ever made of."""
    unrun = select(plans.c.body).where(plans.c.id.not_in(select(runs.c.plan_id)))
    body = tx.execute(unrun.order_by(plans.c.created_at.desc(), plans.c.id).limit(1)).scalar()
    return None if body is None else decode(body, Plan)


def summaries(tx: Connection) -> list[PlanSummary]:
    """Give all plans, the newest first."""
    count = func.count(runs.c.id).label("runs")
    columns = (plans.c.id, plans.c.name, plans.c.created_at, plans.c.created_by)
    query = select(*columns, count).outerjoin(runs, runs.c.plan_id == plans.c.id).group_by(*columns)
    ordered = query.order_by(plans.c.created_at.desc(), plans.c.id)
    return [PlanSummary(**row._mapping) for row in tx.execute(ordered)]


def was_run(tx: Connection, plan_id: str) -> bool:
    """Say whether any run was ever made of the plan."""
    return tx.execute(select(runs.c.id).where(runs.c.plan_id == plan_id).limit(1)).first() is not None
