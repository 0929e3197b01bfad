"""How a plan is made anew, for whoever refuses one: it loads nothing that plans, since quick commands ask it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan


def made_by(plan: Plan) -> str:
    """Give the command that makes such a plan anew."""
    back_from = plan.spec.target.reverses
    return "migrator plan FILE" if back_from is None else f"migrator plan --reverse {back_from}"
