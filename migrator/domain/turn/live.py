"""What a person may set while a run goes on: values that the turn reads beside its step. The stored steps stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.domain.messages.durations import seconds_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import LiveRange, Spec
from migrator.domain.steps.leave import Drain
from migrator.domain.steps.rehearse import Keep
from migrator.domain.steps.traffic import Shift

if TYPE_CHECKING:
    from migrator.domain.steps import Step

KEYS = ("soak", "maxSoak", "keepOld", "drainTimeout")
"""What can be set at all; a plan says which of them, and within which limits."""


def overridden(step: Step, values: Mapping[str, float]) -> Step:
    """Give the step as it is meant now. Of a way back nothing is set: it waits for nobody."""
    if isinstance(step, Keep):
        keep = values.get("keepOld", step.soak)
        return replace(step, soak=keep, max_soak=keep)
    if type(step) is Shift and step.towards is Side.NEW:
        soak = values.get("soak", step.soak)
        return replace(step, soak=soak, max_soak=max(soak, values.get("maxSoak", step.max_soak)))
    if isinstance(step, Drain) and step.side is Side.OLD:
        return replace(step, timeout=values.get("drainTimeout", step.timeout))
    return step


def understood(text: str) -> tuple[str, float] | None:
    """Read `soak=20m`; None for anything that does not look so."""
    key, _, value = text.partition("=")
    try:
        return (key, seconds_of(value)) if key in KEYS else None
    except ValueError:
        return None


def refused(spec: Spec, text: str) -> Message | None:
    """Say why a value may not be set by this plan; None: it may."""
    meant = understood(text)
    if meant is None:
        return say("live.not-understood", given=text, keys=KEYS)
    key, value = meant
    allowed = _allowed(spec, key)
    if allowed is None:
        return say("live.not-in-plan", key=key, keys=tuple(row.key for row in spec.live) or None)
    if not allowed.least <= value <= allowed.most:
        return say("live.out-of-range", key=key, value=value, least=allowed.least, most=allowed.most)
    return None


def within(spec: Spec, values: Mapping[str, float]) -> dict[str, float]:
    """Give those of the values that the plan lets be set: a record in the cluster is open to other hands."""
    ranges = {key: allowed for key in values if (allowed := _allowed(spec, key)) is not None}
    return {key: values[key] for key, allowed in ranges.items() if allowed.least <= values[key] <= allowed.most}


def _allowed(spec: Spec, key: str) -> LiveRange | None:
    return next((row for row in spec.live if row.key == key), None)
