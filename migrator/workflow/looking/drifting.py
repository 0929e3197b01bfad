"""What others have changed, as one turn sees it: this look's foreign rows, and what the guard's newest looks have found."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from migrator.domain.drift.contested import has_led
from migrator.domain.drift.rows import foreign_rows
from migrator.domain.model.balancer import Pools
from migrator.domain.observation.drifted import ConfigDrift, Drifted, ListenerDrift, WorldDrift
from migrator.domain.observation.logins import ending
from migrator.domain.observation.sighting import Clocks, JournalFacts
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.clusters import each_of
from migrator.domain.ports.outside import Readers, logins
from migrator.workflow.noticing.told import told_by


def drifted(
    plan: Plan,
    readers: Readers,
    seen: Pools,
    watched: Iterable[object],
    past: JournalFacts,
    now: Clocks,
    unlike_since: float | None,
) -> Drifted:
    """Give what others have changed. `unlike_since` is since when (monotonic) nobody has compared both sides' configurations
    that are to be alike; None where they need not be."""
    strangers = foreign_rows(seen, {row.backend for row in plan.seen.strangers})
    facets = tuple(watched)
    guarded = next((facet for facet in facets if isinstance(facet, WorldDrift)), None)
    if guarded is None:
        return Drifted(strangers, inf)
    found = guarded.led if has_led(past, plan.changes) else guarded.found
    unlooked = ConfigDrift(waits=unlike_since)
    unlike = next((facet for facet in facets if isinstance(facet, ConfigDrift)), unlooked)
    comparing = now.monotonic - unlike.waits if unlike.waits is not None else 0.0
    listeners = next((facet.found for facet in facets if isinstance(facet, ListenerDrift)), ())
    everything = (*strangers, *found, *listeners, *unlike.found)
    told = (*guarded.told, *ending(logins(*each_of(readers.cluster), readers.balancer), now.wall), *told_by(facets))
    return Drifted(everything, now.monotonic - guarded.at, comparing, unlike.changed, unlike.restless, told)
