"""What a change of product always brings: differences of the gateways' own words, which no backend behind them has said.

A small table, on purpose: a status, a redirect's target, a certificate and what a backend answers are never in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from migrator.domain.answers.compare import Difference
from migrator.domain.model.answers import Concern
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import Spec


@dataclass(frozen=True, slots=True)
class Brought:
    """A row: a part of answers by its concern and (of a header) its name, `*` for any end of it. `own`: only where no answer to
    the question comes for certain from a backend, for each was a redirect or an error, which gateways write themselves."""

    concern: Concern
    name: str = ""
    own: bool = False

    def covers(self, difference: Difference) -> bool:
        """Say whether it explains a difference."""
        same = difference.concern is self.concern and fnmatchcase(difference.name, self.name)
        return same and (difference.of_gateways or not self.own)


TABLE = (
    Brought(Concern.HEADERS, "server"),
    Brought(Concern.HEADERS, "via"),
    Brought(Concern.HEADERS, "x-envoy-*"),
    Brought(Concern.BODY, own=True),
    Brought(Concern.HEADERS, "content-type", own=True),
)
"""Each product names itself; Envoys tell what they did in `x-envoy-…`; the page of an error or a redirect is the product's."""


def brought_by(spec: Spec) -> tuple[Brought, ...]:
    """Give what the plan's change of product brings; nothing where both sides are of one kind."""
    old, new = (spec.gateway_of(side).kind for side in Side)
    return TABLE if old != new else ()


def is_brought(difference: Difference, rows: tuple[Brought, ...]) -> bool:
    """Say whether one of these explains a difference."""
    return any(row.covers(difference) for row in rows)
