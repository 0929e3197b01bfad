"""The weight that most backends of a kind have: what one gets that comes to them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def usual(weights: Iterable[int], otherwise: int = 0) -> int:
    """Give the weight that most of these have, zeros left aside; `otherwise` where none has any.

    Of two that are as common it is `otherwise`, if that is one of them, and else the larger.
    """
    counted = Counter(weight for weight in weights if weight)
    return max(counted, key=lambda weight: (counted[weight], weight == otherwise, weight), default=otherwise)
