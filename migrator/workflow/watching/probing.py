"""Our own requests to every backend that is wished for: many at once, each with its own time, published as they come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from math import inf

from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend
from migrator.domain.observation.sighting import Probes
from migrator.domain.ports.outside import Clock
from migrator.workflow.watching.board import Board, WatchRequest

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Probes on their way at a time: 200 that wait for 3 s each are over within 20 s, and hold up nobody meanwhile."""

PUBLISHED_EVERY = 0.2
"""Seconds for which answers are gathered while others are waited for."""

Ask = Callable[[Backend], Message | None]


class Probing:
    """Probes while the step wishes it. A backend's earlier answer stands until its next one has come."""

    def __init__(self, ask: Ask, board: Board, clock: Clock) -> None:
        self._ask, self._board, self._clock = ask, board, clock
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="probes")
        self._answers: dict[Backend, Message | None] = {}
        self._open: dict[Future[Message | None], Backend] = {}
        self._asked: tuple[Backend, ...] = ()

    def wanted(self, began: float, wish: WatchRequest) -> float:
        """Give when to probe out of turn: at once, when others are wished for than when the last round began."""
        return began if wish.probes and wish.backends != self._asked else inf

    def __call__(self) -> None:
        """Probe everybody whose last probe is over, and publish what has come whenever some of it has.

        It ends with the quick ones: who is slow is waited for by the next round, and named by its own answer then.
        """
        wish = self._board.wish
        self._asked = wish.backends if wish.probes else ()
        if not self._asked:
            return
        busy = set(self._open.values())
        self._open.update(
            {self._pool.submit(self._ask, at): at for at in dict.fromkeys(wish.backends) if at not in busy}
        )
        while self._open:
            over, _ = wait(self._open, PUBLISHED_EVERY, FIRST_COMPLETED)
            if not over:
                return
            self._answers.update({self._open.pop(future): said(future) for future in over})
            self._publish(wish)

    def _publish(self, wish: WatchRequest) -> None:
        known = {at: self._answers[at] for at in dict.fromkeys(wish.backends) if at in self._answers}
        self._answers = known
        answers = tuple((f"{at.address}:{at.port}", failure) for at, failure in known.items())
        self._board.publish(Probes(answers, self._clock.monotonic()))


def said(probe: Future[Message | None]) -> Message | None:
    """Give what a probe that is over found; what it met instead is a failure, and no other backend's."""
    try:
        return probe.result()
    except MigratorError as error:
        return error.message
    except Exception as error:
        log.debug("probe.broken", exc_info=True)
        return Unreachable(say("probe.broken", error=type(error).__name__)).message
