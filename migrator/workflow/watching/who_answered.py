"""Which side answered a new connection that does not name its gateway: by the gateways' counters, else by the address.

A gateway that nobody has taught to name itself is still counted: where the connections of one side alone grew while a try was
made, that side has it. Else the address that the client is connected to tells, where that is a gateway's own. Else it is
unknown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from migrator.domain.model.balancer import Side

Accepted = Mapping[Side, "int | None"]
"""New connections by side; None: a gateway of it does not count them."""

MOST = 200
"""Tries that wait for the next look at the counters at the most; a run whose gateways are not counted has no such look."""


@dataclass(frozen=True, slots=True)
class _Try:
    began: float
    ended: float
    by_address: Side | None


class WhoAnswered:
    """Keeps the tries whose side is not known yet. `accepted` gives what came between two moments (monotonic), or None while
    the counters have not been read since."""

    def __init__(self, accepted: Callable[[float, float], Accepted | None]) -> None:
        self._accepted = accepted
        self._waiting: deque[_Try] = deque()

    def add(self, began: float, ended: float, by_address: Side | None) -> None:
        """Keep a try."""
        self._waiting.append(_Try(began, ended, by_address))

    def settled(self) -> Mapping[Side, int]:
        """Give how many of those that waited each side has answered, as far as that is known now; the others are unknown."""
        found = dict.fromkeys(Side, 0)
        while self._waiting:
            first = self._waiting[0]
            counted = self._accepted(first.began, first.ended)
            if counted is None and len(self._waiting) <= MOST:
                break
            self._waiting.popleft()
            side = _grew_alone(counted) or first.by_address
            if side is not None:
                found[side] += 1
        return found


def _grew_alone(counted: Accepted | None) -> Side | None:
    """Give the side that alone has new connections; None where both have, or one does not count them."""
    if counted is None or any(count is None for count in counted.values()):
        return None
    grown = [side for side, count in counted.items() if count]
    return grown[0] if len(grown) == 1 else None
