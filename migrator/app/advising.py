"""Advice from one look: which way of exposing fits, and the ways out of a port conflict. It changes nothing."""

from __future__ import annotations

from datetime import datetime

from migrator.app.digest import digest
from migrator.app.outset import Outset
from migrator.app.planning import NOTHING_ASKED, look, look_before, only_looking
from migrator.domain import planning
from migrator.domain.checks.advice import Advice, advise
from migrator.domain.plan import Plan
from migrator.domain.ports import Readers
from migrator.domain.spec import Spec
from migrator.domain.ways_out import WayOut, ways_out


def advised(spec: Spec, readers: Readers) -> tuple[Advice, ...]:
    """Give the table of `advise`. Raises like `make_plan`."""
    with only_looking():
        return advise(look(spec, readers))


def plan_and_ways(
    spec: Spec, readers: Readers, at: datetime, by: str, first: Outset = NOTHING_ASKED, ways: bool = False
) -> tuple[Plan, tuple[WayOut, ...]]:
    """Give the plan and, where `ways` asks for them, the ways out of a port conflict, from the same look.

    Raises like `make_plan`.
    """
    with only_looking():
        proposal = look_before(spec, readers, at, first)
        return planning.make(proposal, at, by, digest), ways_out(proposal) if ways else ()
