"""When a gateway that was told to end may end: after the computed seconds at the latest. A word may only shorten them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """`within`: the seconds that the balancer's own health check needs, worked out by `migrator harden`; the safety.

    `settle`: for which a row has to be off before new connections have stopped. `after`: the requests under way then, where
    the gateway does not wait for them by itself.
    """

    within: float
    settle: float
    after: float = 0.0


def is_over(terms: Terms, told_for: float, off_for: float | None) -> bool:
    """Say whether it may end now, `told_for` seconds after it was told to, `off_for` seconds since no row had weight.

    None: a row has weight, or nobody could say. Whoever says nothing shortens nothing.
    """
    early = off_for is not None and off_for >= terms.settle + terms.after
    return early or told_for >= terms.within
