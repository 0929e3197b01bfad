"""What a plan changes and where: a node of the new side, a reversible change of an object, a difference of two templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from migrator.domain.messages.message import Message
from migrator.domain.model.manifests import Json, ObjectRef, both


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A node that will run a new gateway, and the address it answers on."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Change:
    """One reversible change to an object that is not ours: the merge patch, its undo, and why.

    `after` is the patch for when the old side is gone (a narrowed Service then selects the new pods); None: undo. `back`
    takes `after` back while the old side is still there: the object is guarded again, as `patch` left it.
    `last` is the patch for the very end, when nothing is left to tell the new pods from; None: it stays as it is.
    """

    ref: ObjectRef
    uid: str
    patch: Json
    undo: Json
    why: Message
    after: Json = None
    back: Json = None
    last: Json = None

    @property
    def original(self) -> Json:
        """Give the merge patch that gives the object back what it had, wherever the run has left it."""
        return both(self.back, self.undo) if self.back is not None else self.undo

    @property
    def led(self) -> Change:
        """Give the change as it is where the object is led to the new pods before the old side is gone."""
        return replace(self, patch=self.after, after=None, last=None)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between the source's pod template and the derived one, with its reason."""

    path: str
    was: Json
    now: Json
    reason: Message


class Hand(StrEnum):
    """What is to be done by somebody else's hand."""

    DELETE = "delete"
    """`ref` goes, and with it what its controller made of it."""
    SCALE = "scale"
    """`ref` is changed so that its controller keeps `proof` without any pod; everything else of it stays."""


@dataclass(frozen=True, slots=True)
class Order:
    """One thing for a person to do. `command` is the line to type; `proof` is the object that tells when it was done."""

    hand: Hand
    ref: ObjectRef
    command: str
    proof: ObjectRef
    proof_uid: str
