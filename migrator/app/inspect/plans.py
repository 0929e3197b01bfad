"""Which plan a person means: an id or its beginning, a file of `plan -o` (`-` is standard input), or none: the newest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from migrator.adapters.planfile.source import STDIN
from migrator.domain.messages.errors import NotFound
from migrator.domain.messages.message import say

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.store import StoreReader


def named_plan(memory: StoreReader, name: str) -> Plan:
    """Give the plan with this id, or of this file. NotFound, or UsageError for a file that holds no sealed plan."""
    if name == STDIN or name.endswith((".yaml", ".yml")) or Path(name).is_file():
        from migrator.app.plan.planfiles import read

        return read(name)
    return memory.plan(name)


def newest_plan(memory: StoreReader) -> Plan:
    """Give the newest plan of the store, run or not; NotFound when there is none."""
    plans = memory.plans()
    if not plans:
        raise NotFound(say("plan.none-yet"))
    return memory.plan(plans[0].id)
