"""Advice from one look: which way of exposing fits, and the ways out of a port conflict. It changes nothing."""

from __future__ import annotations

from datetime import datetime

from migrator.app.plan.digest import digest
from migrator.app.plan.planning import NOTHING_ASKED, look, look_before, only_looking
from migrator.app.plan.precheck import Precheck
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.refs import source_ref
from migrator.domain.model.spec import Spec
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.advice import Advice, advise
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.port_conflicts import WayOut, ways_out
from migrator.domain.ports.outside import Readers


def advised(spec: Spec, readers: Readers) -> tuple[Advice, ...]:
    """Give the table of `advise`. Raises like `make_plan`, and UsageError for a gateway that is not there."""
    with only_looking():
        proposal = look(spec, readers)
        if proposal.source is None:
            raise UsageError(say("advice.no-source", ref=str(source_ref(spec))))
        return advise(proposal)


def plan_and_ways(
    spec: Spec, readers: Readers, at: datetime, by: str, first: Precheck = NOTHING_ASKED, ways: bool = False
) -> tuple[Plan, tuple[WayOut, ...]]:
    """Give the plan and, where `ways` asks for them, the ways out of a port conflict, from the same look.

    Raises like `make_plan`.
    """
    with only_looking():
        proposal = look_before(spec, readers, at, first)
        return planning.make(proposal, at, by, digest), ways_out(proposal) if ways else ()
