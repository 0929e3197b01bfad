"""Whether an observed share of connections is what the weights promise, by a binomial interval."""

from __future__ import annotations

from math import sqrt

from migrator.domain.messages.message import Message, say
from migrator.domain.model.samples import Observed

ENOUGH = 50
SLACK = 3.0
Z = 3.29


def wilson(hits: float, total: float, z: float = Z) -> tuple[float, float]:
    """Give Wilson's score interval of a proportion (Wilson 1927); z 3.29 is 99.9 % two-sided. (0, 1) without data.

    It never raises: two counters are not read at one instant, so more hits than there were trials means all of them.
    """
    if total <= 0:
        return 0.0, 1.0
    p, n = min(max(hits, 0), total) / total, float(total)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def disagreement(promised: tuple[float, float], observed: Observed) -> Message | None:
    """Say how an observed share contradicts what was promised; None when it does not, or too little was seen.

    `promised` are the least and the most percent that any listener sends: what was counted is the sum over all of them.

    Balancers of several cores round-robin on each, so SLACK percentage points beside the interval are no contradiction.
    """
    if observed.total < ENOUGH:
        return None
    low, high = wilson(observed.new, observed.total)
    least, most = promised
    if low * 100 - SLACK <= most and least <= high * 100 + SLACK:
        return None
    return say(
        "share.differs",
        promised=most if low * 100 > most else least,
        what=observed.what,
        source=observed.source,
        observed=observed.share,
        total=observed.total,
    )
