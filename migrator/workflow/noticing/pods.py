"""What becomes of pods, as it happens: each change is published, so that the driver looks at once. It decides nothing.

Where nobody may watch, or nobody answers, the driver's regular looks list the pods, as they did without this.
"""

from __future__ import annotations

import logging
from math import inf

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import place
from migrator.domain.model.spec import Spec
from migrator.domain.observation.drifted import PodsMoved
from migrator.domain.ports.clusters import reader_of
from migrator.domain.ports.outside import Clock, ClusterReader
from migrator.domain.ports.watching import WatchesPods
from migrator.workflow.watching.board import Board

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds from the beginning of a watch to that of the next, at least."""

APART = 0.25
"""Seconds between two changes that are told: a rollout makes hundreds, and one look sees all of them."""

REFUSED_FOR = 60.0
"""Seconds for which the watch is not asked for again where we may not."""


def noticing_of(cluster: ClusterReader, spec: Spec, board: Board, clock: Clock) -> list[Noticing]:
    """Give who watches the pods of both sides: one for each cluster; none where it may not be watched."""
    spaces = {place(spec, side).at: place(spec, side).namespace for side in reversed(Side)}
    readers = [(reader_of(cluster, at), namespace) for at, namespace in spaces.items()]
    return [Noticing(each, namespace, board, clock) for each, namespace in readers if isinstance(each, WatchesPods)]


class Noticing:
    """Watches the pods of one namespace, again and again."""

    def __init__(self, cluster: WatchesPods, namespace: str, board: Board, clock: Clock) -> None:
        self._cluster, self._namespace, self._board, self._clock = cluster, namespace, board, clock
        self._seen, self._refused_at = PodsMoved(), -inf

    def __call__(self) -> None:
        """Watch once. Raises Unreachable: the next watch begins with what was missed."""
        if self._clock.monotonic() - self._refused_at < REFUSED_FOR:
            return
        try:
            self._cluster.follow_pods(self._namespace, self._moved)
        except Refused as error:
            log.info("pods.unwatched why=%s", error)
            self._refused_at = self._clock.monotonic()
            self._seen = PodsMoved(self._seen.times, (say("look.pods-listed", namespace=self._namespace),))
            self._board.publish(self._seen)

    def stop(self) -> None:
        """End the watch that stands."""
        self._cluster.unfollow()

    def _moved(self) -> None:
        self._seen = PodsMoved(self._seen.times + 1)
        self._board.publish(self._seen)
        self._clock.sleep(APART)
