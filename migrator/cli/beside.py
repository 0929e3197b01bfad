"""Requests of our own beside a run: they begin before it, end with it, and their account is kept for its report."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from migrator.app.load.account import account, names
from migrator.app.load.aim import Aim, Bounds
from migrator.app.load.kept import folder, keep
from migrator.app.wiring import who
from migrator.cli.loading import agent, loading
from migrator.domain.messages.errors import MigratorError

if TYPE_CHECKING:
    from migrator.app.wiring import Wired
    from migrator.cli.views.view import View
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan
    from migrator.store import StoreReader

log = logging.getLogger(__name__)

BOUNDS = Bounds(20.0, 24 * 3600.0)
"""Requests a second, and the seconds after which they end whatever the run does."""


def with_load(
    carry_out: Callable[[], int], aim: Aim, store: StoreReader, run: Run, plan: Plan, wired: Wired, view: View
) -> int:
    """Carry the run out with requests beside it; give its exit code. What becomes of them changes nothing of the run."""
    known = names(plan.spec, wired.readers.cluster)
    with ExitStack() as stack:
        try:
            running = stack.enter_context(loading(aim, BOUNDS, agent(who()), folder(store, run.id)))
        except OSError as error:
            log.warning("load.not-begun why=%s", error)
            return carry_out()
        code = carry_out()
        try:
            found = account(running.end(), known | names(plan.spec, wired.readers.cluster))
            keep(store, run.id, found)
        except (MigratorError, OSError) as error:
            log.warning("load.not-kept why=%s", error)
        else:
            view.load(found, beside=True)
    return code
