"""From a plan's layer-7 listeners to their forwarding rules, before anything is planned. A read; other plans cost nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from migrator.app.plan.planning import listeners_as_rules, only_looking
from migrator.app.plan.precheck import require_credentials
from migrator.app.wiring import Wired, wire
from migrator.domain.model.spec import Spec

if TYPE_CHECKING:
    from migrator.store import StoreReader


def wire_by_rule(
    spec: Spec, store: StoreReader | None = None, connect: Callable[[Spec, StoreReader | None], Wired] = wire
) -> tuple[Spec, Wired]:
    """Connect a plan file's ports, and give the spec with its layer-7 listeners as their rules. Raises like `make_plan`.

    The ports are those of the rules: whatever they are asked, they speak of what the plan moves, and of nothing else.
    """
    wired = connect(spec, store)
    require_credentials(wired.readers.balancer)
    with only_looking():
        ruled = listeners_as_rules(spec, wired.readers)
    return (spec, wired) if ruled == spec else (ruled, connect(ruled, store))
