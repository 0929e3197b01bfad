"""Several gateways looked after in one process, a thread and a run for each: what troubles one leaves the others alone.

A gateway that cannot be looked after now is tried again, for ever: somebody else has it, it is not there yet, nobody answers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import StrEnum
from threading import Event

from migrator.domain.messages.errors import LeaseHeld, MigratorError, Unreachable
from migrator.domain.messages.message import Message
from migrator.domain.model.runs import Run

log = logging.getLogger(__name__)

STANDS_BY_FOR = 5.0
"""Seconds after which a gateway that somebody else looks after is asked for again."""

TRIES_AGAIN = 30.0
LOOKS_UP = 0.2
LONGEST_SILENCE = 120.0
"""Seconds without a turn or a try after which a gateway's thread is taken for stuck: far longer than any call may last."""


class Stand(StrEnum):
    """How a gateway of this process stands: about to begin, looked after here, by somebody else, by nobody, or ended."""

    BEGINS = "begins"
    FOLLOWED = "followed"
    STANDS_BY = "stands-by"
    TROUBLED = "troubled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life of a gateway's thread, and when (monotonic) it was given."""

    stand: Stand
    at: float
    why: Message | None = None


Alive = Callable[[], None]
Carry = Callable[[Alive, Callable[[], bool]], Run]
"""Begin and carry out a gateway's run until it ends or the second says so; the first is called at every turn."""


class Several:
    """The gateways of a process by name. `said` is told when one is in trouble, or in another than before."""

    def __init__(
        self,
        gateways: Mapping[str, Carry],
        leave: Callable[[], bool],
        said: Callable[[str, Message], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._gateways, self._leave, self._said, self._monotonic = gateways, leave, said, monotonic
        self._over = Event()
        self.signs = dict.fromkeys(gateways, Sign(Stand.BEGINS, monotonic()))

    def until_told(self) -> None:
        """Look after them until told to leave, or until every run was ended.

        A defect of ours ends all of them, and is raised: none may go on beside a dead thread that nobody misses.
        """
        with ThreadPoolExecutor(len(self._gateways), "follow") as pool:
            threads = [pool.submit(self._followed, *row) for row in self._gateways.items()]
            wait(threads, return_when=FIRST_EXCEPTION)
            self._over.set()
            for thread in threads:
                thread.result()

    @property
    def alive(self) -> bool:
        """Say whether every thread has given a sign of life within the last minutes."""
        now = self._monotonic()
        return all(sign.stand is Stand.ENDED or now - sign.at < LONGEST_SILENCE for sign in self.signs.values())

    @property
    def ready(self) -> bool:
        """Say whether every gateway is looked after, here or by somebody else."""
        return not any(sign.stand in (Stand.BEGINS, Stand.TROUBLED) for sign in self.signs.values())

    def _over_now(self) -> bool:
        return self._over.is_set() or self._leave()

    def _followed(self, name: str, carry: Carry) -> None:
        while not self._over_now():
            try:
                run = carry(lambda: self._sign(name, Stand.FOLLOWED), self._over_now)
                if run.ended:
                    return self._sign(name, Stand.ENDED)
            except LeaseHeld as error:
                self._troubled(name, Stand.STANDS_BY, error.message, STANDS_BY_FOR)
            except Unreachable as error:
                self._troubled(name, Stand.TROUBLED, error.message, error.retry_after or TRIES_AGAIN)
            except MigratorError as error:
                self._troubled(name, Stand.TROUBLED, error.message, TRIES_AGAIN)
        return None

    def _sign(self, name: str, stand: Stand, why: Message | None = None) -> None:
        self.signs[name] = Sign(stand, self._monotonic(), why)

    def _troubled(self, name: str, stand: Stand, why: Message, seconds: float) -> None:
        if self.signs[name].why != why:
            self._said(name, why)
            log.warning("follow.troubled gateway=%s why=%s", name, why.code)
        self._sign(name, stand, why)
        until = self._monotonic() + seconds
        while not self._over_now() and self._monotonic() < until:
            self._sign(name, stand, why)
            self._over.wait(LOOKS_UP)


def doubled(names: Sequence[str]) -> str | None:
    """Give the first name that is there twice."""
    return next((name for i, name in enumerate(names) if name in names[:i]), None)
