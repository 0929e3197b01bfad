"""The silence of a driver, as a guard hears it: the cluster's Lease, read again and again by the guard's own clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from migrator.domain.model.runs import Heading
from migrator.domain.model.spec import OnSilence, SilenceSpec

GAP = 20.0
"""Seconds between two readings after which the guard was blind itself: what it did not see was no silence."""

GOING_BACK = 60.0
"""Seconds of silence after which a way back is gone on with: a driver that lives does the very same."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What the Lease showed last (`pulse`: changes with each renewal), since when it has shown that, and when it was read."""

    pulse: str
    since: float
    read: float


def listened(before: Silence | None, pulse: str, now: float) -> Silence:
    """Give the silence once the Lease has been read (monotonic `now`): it begins anew with each sign of the driver."""
    if before is None or before.pulse != pulse or now - before.read > GAP:
        return Silence(pulse, now, now)
    return replace(before, read=now)


def left(spec: SilenceSpec, heading: Heading, silence: Silence) -> float | None:
    """Give the seconds of silence that are left until the run is taken back, 0 when it is due; None: it never is."""
    if spec.then is OnSilence.HOLD:
        return None
    patience = min(spec.after, GOING_BACK) if heading is Heading.BACK else spec.after
    return max(0.0, silence.since + patience - silence.read)
