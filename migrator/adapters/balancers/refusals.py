"""What every driver refuses to write, whatever its vendor would take: a row that is not there, and losing one with weight.

These are the drivers' half of rule 2 of the design; `domain/turn/invariants.py` has the other, and neither trusts the other.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Protocol, TypeVar

from migrator.domain.messages.errors import Gone, Refused
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend


class Weighed(Protocol):
    """A row of the balancer, as a driver reads it."""

    @property
    def backend(self) -> Backend: ...
    @property
    def weight(self) -> int: ...


Row = TypeVar("Row", bound=Weighed)


def require_there(wanted: Iterable[Backend], there: Container[Backend], where: Message | str) -> None:
    """Gone: a weight is wanted for a backend that is not there, in `where` as the vendor calls it."""
    if gone := tuple(str(backend) for backend in wanted if backend not in there):
        raise Gone(say("driver.not-there", backends=gone, where=where))


def weightless(wanted: Iterable[Backend], there: Mapping[Backend, Row]) -> list[Row]:
    """Give the rows that are to be removed and are still there. Refused: one of them has weight."""
    present = [there[backend] for backend in wanted if backend in there]
    require_no_weight((row.backend, row.weight) for row in present)
    return present


def require_no_weight(rows: Iterable[tuple[Backend, int]]) -> None:
    """Refused: a row that is to be removed still has weight."""
    if heavy := tuple(str(backend) for backend, weight in rows if weight):
        raise Refused(say("driver.has-weight", backends=heavy))
