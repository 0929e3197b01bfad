"""The guard over configurations: once both sides were proved alike it looks whether they stay so, and publishes what it finds.

Every look is cheap: which versions of its configuration a gateway has. Only a gateway of which that has moved is compared
anew (and now and then one of the others, for what no version tells); each at most every ten seconds, a few at a time. A
difference counts when it was met twice: while a change is on its way one gateway has it before the other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

from migrator.domain.drift.configuration import differing
from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.observation.drifted import ConfigDrift
from migrator.domain.observation.likeness import Model, model
from migrator.domain.observation.parity import Compared, Reference
from migrator.domain.ports.outside import Clock, GatewayReader, KnowsVersions
from migrator.workflow.watching.board import Board, WatchRequest

log = logging.getLogger(__name__)

EVERY = 3.0
"""Seconds between two cheap looks."""

PEEKED = 8
"""Gateways that are looked at each time, in turn."""

APART = 10.0
"""Seconds between two dumps of one gateway."""

MOST = 4
"""Gateways that are compared at a time: a dump may be megabytes, and comes through the API server."""

UNASKED = 60.0
"""Seconds after which one gateway is compared though nothing has moved: the one that was longest ago."""

RESTLESS = 3
"""How many changes on both sides alike within `UNASKED` make that nobody waits for the next one to be compared."""


@dataclass(slots=True)
class _Gateway:
    """What is known of one gateway: the versions it has, those it had when it was compared, and what that came to."""

    mark: str = ""
    compared: str = ""
    moved_at: float = inf
    dumped_at: float = -inf
    lines: tuple[Message, ...] = ()
    alike: bool = False
    differs: tuple[Message, ...] = ()

    def peeked(self, mark: str, now: float) -> None:
        """Take a cheap look in."""
        self.mark = mark
        if mark != self.compared:
            self.moved_at = min(self.moved_at, now)

    def take(self, lines: tuple[Message, ...]) -> bool:
        """Take a comparison in; return whether it proves the gateway alike once more, after something had moved."""
        moved = self.moved_at < inf and self.alike
        self.compared, self.moved_at = self.mark, inf
        if not lines:
            self.lines, self.differs, self.alike = (), (), True
            return moved
        if lines == self.lines:  # met at the dump before, at least `APART` ago
            self.differs = lines
        self.lines = lines
        return False

    @property
    def is_changed(self) -> bool:
        """Say whether it has moved since this process compared it; one that it never compared has not, for all it knows."""
        return bool(self.compared) and self.moved_at < inf

    def due(self, now: float) -> bool:
        """Say whether it is to be compared: something has moved, or a difference is to be met again."""
        return now - self.dumped_at >= APART and (self.moved_at < inf or self.lines != self.differs)


@dataclass(slots=True)
class _Seen:
    """What this process knows of the gateways, by uid, of one stretch in which they are to be alike."""

    gateways: dict[str, _Gateway] = field(default_factory=dict)
    chosen: Model | None = None
    turn: int = 0
    settled: list[float] = field(default_factory=list)


class Overseeing:
    """Looks, compares what moved, and publishes. It forgets everything while the sides need not be alike."""

    def __init__(self, gateways: GatewayReader, board: Board, clock: Clock) -> None:
        self._gateways, self._board, self._clock = gateways, board, clock
        self._seen, self._wished = _Seen(), False

    def wanted(self, began: float, wish: WatchRequest) -> float:
        """Give when to look out of turn: at once, when the sides are to stay alike from now on."""
        return began if wish.parity and not self._wished else inf

    def __call__(self) -> None:
        """Look once."""
        wish, gateways = self._board.wish, self._gateways
        self._wished = wish.parity
        if not (wish.parity and wish.old and wish.new and isinstance(gateways, KnowsVersions)):
            self._seen = _Seen()
            self._board.publish(ConfigDrift())
            return
        now = self._clock.monotonic()
        self._forget({pod.uid for pod in (*wish.old, *wish.new)})
        for pod, mark in gateways.versions(self._next((*wish.old, *wish.new))):
            if isinstance(mark, MigratorError):
                log.info("configuration.unseen pod=%s why=%s", pod.name, mark)
            else:
                self._of(pod).peeked(mark, now)
        self._compare(wish, now)
        self._publish(wish, now)

    def _of(self, pod: PodRef) -> _Gateway:
        return self._seen.gateways.setdefault(pod.uid, _Gateway())

    def _forget(self, living: set[str]) -> None:
        seen = self._seen
        seen.gateways = {uid: known for uid, known in seen.gateways.items() if uid in living}
        if seen.chosen is not None and seen.chosen.reference.pod.uid not in living:
            seen.chosen = None

    def _next(self, pods: Sequence[PodRef]) -> list[PodRef]:
        """Give whose turn it is to be looked at; those that nobody has looked at yet come first."""
        new = [pod for pod in pods if pod.uid not in self._seen.gateways][:PEEKED]
        start, self._seen.turn = self._seen.turn % len(pods), self._seen.turn + PEEKED
        turning = [*pods[start:], *pods[:start]]
        return [*new, *(pod for pod in turning if pod not in new)][:PEEKED]

    def _compare(self, wish: WatchRequest, now: float) -> None:
        """Compare what is due with the model, which is read anew when it has moved itself."""
        chosen = self._model(wish.old, now)
        if chosen is None:
            return
        others = [pod for pod in (*wish.new, *wish.old) if pod.uid != chosen.reference.pod.uid]
        known = [pod for pod in others if pod.uid in self._seen.gateways]
        due = [pod for pod in known if self._of(pod).due(now)] or self._unasked(known, now)
        due = sorted(due, key=lambda pod: self._of(pod).moved_at)[:MOST]
        sides = {pod.uid: Side.OLD for pod in wish.old}
        for pod, answer in self._gateways.compare(
            chosen.reference, [(pod, sides.get(pod.uid, Side.NEW)) for pod in due]
        ):
            self._take(pod, answer, chosen, pod.uid in sides, now)

    def _take(self, pod: PodRef, answer: Compared | MigratorError, chosen: Model, is_old: bool, now: float) -> None:
        known = self._of(pod)
        known.dumped_at = now
        if isinstance(answer, MigratorError):
            log.info("configuration.uncompared pod=%s why=%s", pod.name, answer)
        elif chosen.left(answer.parity.unready):
            log.info("configuration.warming pod=%s", pod.name)  # what is on its way is compared once it is there
        elif is_old and answer.differences and not known.alike:
            known.compared, known.moved_at = known.mark, inf  # it was apart before: the comparison before has told that
        elif known.take(answer.differences):
            self._seen.settled.append(now)

    def _model(self, old: Sequence[PodRef], now: float) -> Model | None:
        """Give the model: the one that was read, as long as its versions stand and it is not too old."""
        seen, chosen = self._seen, self._seen.chosen
        if chosen is not None:
            known = self._of(chosen.reference.pod)
            if now - known.dumped_at < (APART if known.moved_at < inf else UNASKED):
                return chosen
            old = (chosen.reference.pod,)
        found = self._references(old, now)
        if chosen is not None and found and found[-1].parity.units != chosen.reference.parity.units:
            for known in seen.gateways.values():  # what was compared was compared with something else
                known.moved_at = min(known.moved_at, now)
            self._of(found[-1].pod).moved_at = inf
        seen.chosen = model(found) or chosen
        return seen.chosen

    def _references(self, old: Sequence[PodRef], now: float) -> list[Reference]:
        """Read old gateways up to the first that is settled."""
        found: list[Reference] = []
        for pod in (pod for pod in old if now - self._of(pod).dumped_at >= APART):
            known = self._of(pod)
            known.dumped_at = now
            try:
                found.append(self._gateways.reference(pod, Side.OLD))
            except MigratorError as error:
                log.info("configuration.unread pod=%s why=%s", pod.name, error)
                continue
            if not found[-1].parity.unready:
                known.compared, known.moved_at = known.mark, inf
                break
        return found

    def _unasked(self, pods: Iterable[PodRef], now: float) -> list[PodRef]:
        """Give the gateway that was compared longest ago, once nobody was for a while."""
        oldest = min(pods, key=lambda pod: self._of(pod).dumped_at, default=None)
        newest = max((known.dumped_at for known in self._seen.gateways.values()), default=now)
        return [oldest] if oldest is not None and now - newest >= UNASKED else []

    def _publish(self, wish: WatchRequest, now: float) -> None:
        seen = self._seen
        seen.settled = [moment for moment in seen.settled if now - moment < UNASKED]
        waits = [known.moved_at for known in seen.gateways.values() if known.moved_at < inf]
        unlike = [(pod.name, known.differs) for pod in (*wish.new, *wish.old) if (known := self._of(pod)).differs]
        restless = len(seen.settled) >= RESTLESS * max(1, len(seen.gateways) - 1)
        changed = any(known.is_changed for known in seen.gateways.values())
        self._board.publish(ConfigDrift(differing(unlike), min(waits, default=None), changed, restless))
