"""Whom a question was put to, and what came back: the raw material of every comparison."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.answers.answer import Answer
from migrator.domain.model.actions import PodRef
from migrator.domain.model.answers import Question
from migrator.domain.model.balancer import Side


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where one side answers on one listener: an address and port, and the pod behind it where that is known.

    `client_port` is what clients dial. `introduced`: PROXY protocol comes first, as the balancer sends it. Only a pod that is
    dialled at its own address can also be reached through the API server, and only its counters are known to be the ones
    that our requests are in.
    """

    side: Side
    listener: str
    client_port: int
    address: str
    port: int
    pod: PodRef | None = None
    introduced: bool = False

    @property
    def name(self) -> str:
        """Give the gateway's name: its pod's, or the address that is dialled."""
        return self.pod.name if self.pod else f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Trial:
    """A question, the place that was asked, and its answer."""

    question: Question
    place: Place
    answer: Answer

    @property
    def side(self) -> Side:
        """Give the side that was asked."""
        return self.place.side
