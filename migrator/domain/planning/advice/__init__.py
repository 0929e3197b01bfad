"""Which way fits here: the founding document's tables of choice as functions of what was seen. They decide nothing."""

from __future__ import annotations

from migrator.domain.planning.advice.ending import ending, turning
from migrator.domain.planning.advice.exposing import exposing
from migrator.domain.planning.advice.reaching import reaching
from migrator.domain.planning.advice.row import Advice, Table
from migrator.domain.planning.proposal import Proposal

__all__ = ["Advice", "Table", "advise"]


def advise(proposal: Proposal) -> tuple[Advice, ...]:
    """Give all rows, table after table, each with what speaks for or against it here."""
    return (*exposing(proposal), *reaching(proposal), *ending(proposal), *turning(proposal))
