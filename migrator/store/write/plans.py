"""Saves plans: written once, never changed."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import say
from migrator.domain.planning.plan import Plan
from migrator.store.codec.codec import encode
from migrator.store.tables import plans


def save(tx: Connection, plan: Plan) -> None:
    """Store the plan; saving the same one twice is fine, another one under its id is a StoreError."""
    digest = tx.execute(select(plans.c.digest).where(plans.c.id == plan.id)).scalar()
    if digest is not None:
        if digest != plan.digest:
            raise StoreError(say("store.another-plan", plan=plan.id))
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
