"""What a run's process looks at for its gates: whether somebody has frozen it, what the plan's webhook says, and its hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.run.freezing import places
from migrator.app.wiring import CLOCK
from migrator.workflow.gating.asking import EVERY as ASKED_EVERY
from migrator.workflow.gating.asking import AskingGate
from migrator.workflow.gating.calling import EVERY as CALLED_EVERY
from migrator.workflow.gating.calling import CallingHooks
from migrator.workflow.gating.freezing import EVERY as FREEZE_EVERY
from migrator.workflow.gating.freezing import Freezing
from migrator.workflow.watching.loop import Loop

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.domain.ports.outside import Readers
    from migrator.store import Store
    from migrator.workflow.watching.board import Board


def gates(store: Store, plan: Plan, readers: Readers, board: Board) -> tuple[Loop, ...]:
    """Give the looks of a run's gates, for the watch."""
    freezing = Loop(FREEZE_EVERY, Freezing(places(store, plan, readers), board))
    return freezing, *_asking(plan, board), *_calling(plan, board)


def _asking(plan: Plan, board: Board) -> tuple[Loop, ...]:
    if plan.spec.gates.webhook is None:
        return ()
    from migrator.adapters.gates.webhook import Webhook

    return (Loop(ASKED_EVERY, AskingGate(Webhook(plan.spec.gates.webhook, CLOCK.now), board, CLOCK)),)


def _calling(plan: Plan, board: Board) -> tuple[Loop, ...]:
    if not plan.spec.hooks:
        return ()
    from migrator.adapters.gates.hooks import Hooks

    calling = CallingHooks(Hooks(plan.spec, CLOCK.now), board, CLOCK)
    return (Loop(CALLED_EVERY, calling, calling.wanted),)
