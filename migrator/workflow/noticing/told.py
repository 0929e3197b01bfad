"""What the watch's facets tell a person, and nothing is held for: pods that nobody may watch, releases that differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.drift.versions import releases_apart
from migrator.domain.messages.message import Message
from migrator.domain.observation.drifted import PodsMoved
from migrator.domain.observation.sighting import ConnectionCounts


def told_by(watched: Iterable[object]) -> tuple[Message, ...]:
    """Give it, in this order."""
    facets = tuple(watched)
    unwatched = tuple(told for facet in facets if isinstance(facet, PodsMoved) for told in facet.told)
    counts = (facet for facet in facets if isinstance(facet, ConnectionCounts))
    return (*unwatched, *releases_apart(reading for facet in counts for reading in facet.readings))
