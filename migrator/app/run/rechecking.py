"""The preflight of a saved plan, run again by its run: on the world as it is then, and what we hold as it is by then."""

from __future__ import annotations

from collections.abc import Callable

from migrator.app.plan.planning import look
from migrator.domain.messages.findings import Finding
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline.ahead import windows_fit
from migrator.domain.planning.timeline.lasting import logins_last
from migrator.domain.planning.timeline.spans import timeline
from migrator.domain.ports.outside import Clock, Readers


def checks(plan: Plan, readers: Readers, clock: Clock) -> Callable[[], tuple[Finding, ...]]:
    """Give the checks, to be run on a thread of the watch."""

    def checked() -> tuple[Finding, ...]:
        proposal = look(plan.spec, readers, plan.seen.old)
        now = clock.now()
        lasting = logins_last(proposal.world.logins, timeline(plan).worst, now)
        return preflight(proposal, (*lasting, *windows_fit(plan, now)))

    return checked
