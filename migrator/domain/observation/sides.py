"""The two sides as they live now (a facet): the places that hold a weight, each with its row and with the pods behind it.

A place is a *slot*. What fills it comes and goes: a pod is replaced, evicted, added; its weight in the plan's record stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Backend, Row, Side, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.workload import Pod


@dataclass(frozen=True, slots=True)
class Vouched:
    """The balancer called a backend healthy while it could see it, at `at`, and the pod `uid` alone was behind it then."""

    backend: Backend
    uid: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a side behind one listener. `row` None: it is not on the balancer. `pods` answer there, ending ones too.

    `recorded` is its weight where the old side has all the traffic: of the plan's record, or its peers' there; for the new
    side, and for a place without a pod, it is 0. `vouched`: the balancer has called this very pod healthy since it is Ready.
    """

    backend: Backend
    recorded: int
    row: Row | None
    pods: tuple[Pod, ...]
    vouched: bool = False

    @property
    def live(self) -> tuple[Pod, ...]:
        """Give the pods that are not ending."""
        return tuple(pod for pod in self.pods if not pod.terminating)

    @property
    def weight(self) -> int:
        """Give the weight that its row has now; 0 where there is none."""
        return self.row.weight if self.row else 0


@dataclass(frozen=True, slots=True)
class Sides:
    """Every slot of both sides (a facet). `recorded` is the old side's record, as the plan has it.

    `vacant` are the backends that the run accounts for and whose pod is gone or going, or has taken itself off before another
    came to its place: what becomes of their rows is nobody's hand. `nodes` are the addresses of nodes: a pod that is gone comes
    back to them. `left` are the plan's nodes that are no longer there, by the newest list of nodes: their places are lost, and
    nodes that came since take them up. `came` are the new side's places on such nodes.
    """

    old: tuple[Slot, ...] = ()
    new: tuple[Slot, ...] = ()
    recorded: tuple[Weighted, ...] = ()
    vacant: frozenset[Backend] = frozenset()
    nodes: frozenset[str] = frozenset()
    left: tuple[Node, ...] = ()
    came: tuple[Slot, ...] = ()

    def of(self, side: Side) -> tuple[Slot, ...]:
        """Give one side's slots."""
        return self.old if side is Side.OLD else self.new

    def by_backend(self) -> dict[Backend, Slot]:
        """Give the slot that each backend fills."""
        return {slot.backend: slot for slot in (*self.old, *self.new)}


@dataclass(frozen=True, slots=True)
class WayBack:
    """What of the old side could carry the traffic again, now. `fit` of `slots` pods are fit, `ours` of these by our own
    request alone, and `earlier` because the balancer saw the same pods healthy before, and nobody can see them now.

    `ratio` is the part of the recorded weight that the fit ones stand for, on the listener where that is least (1: all of
    it, or more). `unfit` says why the others are not. `gone`: the old workload, or its last pod, is gone: there is none.
    """

    slots: int = 0
    fit: int = 0
    ratio: float = 0.0
    ours: int = 0
    unfit: tuple[Message, ...] = ()
    gone: bool = False
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How many seconds the weights took to go back when it was rehearsed, and when that was."""

    took: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Waived:
    """The rows that may be the last of their listener to lose its weight (a facet): nothing but a journey that may, and
    the step that is now, ever fills it."""

    rows: frozenset[Backend] = frozenset()
