"""A witness that does not know yet where to dial: it asks again, and never calls its own ignorance a refusal."""

from __future__ import annotations

import pytest

from migrator.adapters.witness.pending import PendingWitness
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.ports.outside import Witness


class Answering:
    """A witness that always sees an answer."""

    def try_once(self) -> Witness:
        """Try."""
        return Witness("", "gw-1", 200)


def test_a_pending_witness_asks_until_it_is_told_and_then_is_an_ordinary_one() -> None:
    told, slept, dialled = [Unreachable(verbatim("busy")), "", "10.0.0.9"], [], []

    def address() -> str:
        found = told.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def make(where: str) -> Answering:
        dialled.append(where)
        return Answering()

    witness = PendingWitness(address, make, slept.append)
    for _ in range(2):
        with pytest.raises(Unreachable):
            witness.try_once()
    seen = [witness.try_once() for _ in range(2)]

    assert [each.gateway for each in seen] == ["gw-1", "gw-1"]
    assert (dialled, slept, told) == (["10.0.0.9"], [2.0, 2.0], [])
