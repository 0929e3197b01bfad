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
        return advise(look(spec, readers), spec)


def plan_and_ways(
    spec: Spec, readers: Readers, at: datetime, by: str, first: Outset = NOTHING_ASKED
) -> tuple[Plan, tuple[WayOut, ...]]:
    """Give the plan and the ways out of a port conflict, from the same look. Raises like `make_plan`."""
    with only_looking():
        world = look_before(spec, readers, at, first)
        return planning.make(spec, world, at, by, digest), ways_out(world, spec)
