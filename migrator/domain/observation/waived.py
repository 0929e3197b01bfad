"""What of rule 1 a person has waived (a facet): nothing but a journey that may, and the step that is now, ever fills it."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.balancer import Backend


@dataclass(frozen=True, slots=True)
class Waived:
    """The rows that may be the last of their listener to lose its weight, at this step of this journey (a facet)."""

    rows: frozenset[Backend] = frozenset()
