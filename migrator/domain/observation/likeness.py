"""Which old gateway the new ones are compared with, and what both sides have unsettled alike. Pure.

The old side as a whole is the model: the first gateway of it that is settled. Where none is, what *every* old gateway has
unsettled (a rejected update, a certificate that is missing) is how this side serves, and no difference of the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.domain.messages.message import Message
from migrator.domain.observation.parity import Reference


@dataclass(frozen=True, slots=True)
class Model:
    """The gateway to compare with, and the troubles that the whole side has."""

    reference: Reference
    troubles: tuple[Message, ...] = ()

    def left(self, unready: Iterable[Message]) -> tuple[Message, ...]:
        """Give what a gateway has unsettled that the model's side has not."""
        known = {trouble(each) for each in self.troubles}
        return tuple(each for each in unready if trouble(each) not in known)


def settled(found: Reference) -> bool:
    """Say whether nothing of a gateway's configuration is under way."""
    return not found.parity.unready


def model(found: Sequence[Reference]) -> Model | None:
    """Give what to compare with: the first settled gateway, else the first without a trouble of its own. None: neither."""
    if first := next(filter(settled, found), None):
        return Model(first)
    if not found:
        return None
    common = set.intersection(*({trouble(each) for each in one.parity.unready} for one in found))
    plain = next((one for one in found if {trouble(each) for each in one.parity.unready} == common), None)
    return Model(plain, plain.parity.unready) if plain else None


def trouble(of: Message) -> Message:
    """Give what makes a trouble the same on two gateways: the part and its state, whatever words go with it."""
    return Message(of.code, tuple((name, value) for name, value in of.values if name != "words"))
