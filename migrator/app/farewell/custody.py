"""Who decides about the gateway's weights now: its Lease in the cluster says so. A run and a follower hold it while they do.

The container beside a gateway reads it, and never writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from migrator.app.one_run.gateway_lease import CALIBRATING
from migrator.app.one_run.in_progress import ends_at
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, text
from migrator.domain.turn.journeys import holder_marks


class Custody(StrEnum):
    """Nobody decides: the container may. A run or a follower does. A run was left half-way, and may go on any moment."""

    FREE = "free"
    HELD = "held"
    LEFT = "left"


def free() -> Custody:
    """Say that nobody decides: so it is where no Lease is named."""
    return Custody.FREE


def custody(lease: Manifest | None, now: datetime) -> Custody:
    """Say who decides by the Lease; None: there is none.

    One that has run out and does not say that nothing was left names a run that may go on.
    """
    spec = mapping(lease, "spec") if lease else {}
    holder, ends = text(spec, "holderIdentity"), ends_at(spec)
    if not holder or ends is None:
        return Custody.FREE
    if now < ends:
        return Custody.HELD
    return Custody.FREE if holder.endswith((CALIBRATING, *holder_marks())) else Custody.LEFT


def asked(
    named: str, get: Callable[[ObjectRef], Manifest | None], now: Callable[[], datetime]
) -> Callable[[], Custody]:
    """Give what asks the Lease NAMESPACE/NAME again each time; it raises as `get` does. UsageError for what names none."""
    namespace, slash, name = named.partition("/")
    if not (namespace and slash and name) or "/" in name:
        raise UsageError(say("farewell.no-lease", given=named))
    ref = ObjectRef("coordination.k8s.io/v1", "Lease", namespace, name)
    return lambda: custody(get(ref), now())
