"""The watch: threads that only read. Counters and verdicts, the witness, and the slow looks (checks, parity, probes).

Each publishes immutable facets to the board; the driver takes the newest and waits for none. What cannot be read is
published as unknown; a reader that keeps failing leaves its facets to grow stale, which the judge calls no data.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from threading import Event, Thread

from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, ProbeWay, Side
from migrator.domain.model.samples import Reading
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import (
    ConnectionCounts,
    GatewaySignals,
    PreflightResult,
    Witnessed,
)
from migrator.domain.ports.outside import Clock, Readers, WitnessPort
from migrator.workflow.noticing.pods import EVERY as NOTICED_EVERY
from migrator.workflow.noticing.pods import noticing_of
from migrator.workflow.questions import Asked
from migrator.workflow.watching.answering import Answering
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.comparing import Comparing
from migrator.workflow.watching.guarding import EVERY as GUARD_EVERY
from migrator.workflow.watching.guarding import Guarding, Rested
from migrator.workflow.watching.history import History
from migrator.workflow.watching.listening import EVERY as LISTENERS_EVERY
from migrator.workflow.watching.listening import Listening
from migrator.workflow.watching.loop import Loop, next_moment
from migrator.workflow.watching.opinions.asking import Asking
from migrator.workflow.watching.opinions.hearing import LOOKS as HEARING_EVERY
from migrator.workflow.watching.opinions.hearing import Hearing
from migrator.workflow.watching.opinions.others import AskingJudge
from migrator.workflow.watching.overseeing import EVERY as CONFIGS_EVERY
from migrator.workflow.watching.overseeing import Overseeing
from migrator.workflow.watching.own_requests import OwnRequests
from migrator.workflow.watching.probing import Probing
from migrator.workflow.watching.who_answered import WhoAnswered

log = logging.getLogger(__name__)

WITNESS_EVERY = 0.3
SLOW_EVERY = 1.0
MANY_PODS = 50
LEAST = 0.01
"""The least seconds between the end of a look and the next one."""
STOP_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch needs: the spec, read ports, the board, a clock, the preflight checks, what is guarded (if anything), how
    each listener's backends are asked, and how much earlier processes have asked of both sides in this run."""

    spec: Spec
    readers: Readers
    board: Board
    clock: Clock
    checks: Callable[[], tuple[Finding, ...]]
    rested: Rested | None = None
    ways: tuple[tuple[str, ProbeWay], ...] = ()
    asked: int = 0
    beside: tuple[Loop, ...] = ()


class Watch:
    """Runs the readers' threads between `start` and `stop`; used as a context manager."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._stopped = Event()
        self._all = self._loops()
        self._threads = [Thread(target=self._every, args=(loop,), daemon=True) for loop in self._all]

    def __enter__(self) -> Watch:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._watched.board.close()
        for loop in self._all:
            loop.stop()
        for thread in self._threads:
            thread.join(STOP_WITHIN)

    def _loops(self) -> list[Loop]:
        watched = self._watched
        scrape = watched.spec.judge.scrape
        prometheus = watched.spec.judge.prometheus
        own = OwnRequests()
        spec = watched.spec
        history = History(spec.judge, spec.balancer.steers_requests, own, spec.answers is not None)
        slow = Slow(watched)
        loops = [
            Loop(scrape.interval if scrape else 1.0, Counting(watched, history), next_moment),
            Loop(SLOW_EVERY, slow, slow.wanted),
            Loop(SLOW_EVERY, probing := probing_of(watched, own), probing.wanted),
        ]
        if watched.rested is not None:
            loops += guards(watched, watched.rested)
        loops += watched.beside
        for noticing in noticing_of(watched.readers.cluster, spec, watched.board, watched.clock):
            loops.append(Loop(NOTICED_EVERY, noticing, stop=noticing.stop))
        if watched.readers.witness is not None:
            loops.append(Loop(WITNESS_EVERY, Witnessing(watched, watched.readers.witness, history)))
        if watched.readers.rates is not None and prometheus is not None:
            asking = Asking(spec.judge, watched.readers.rates, history, watched.board, watched.clock)
            loops.append(Loop(prometheus.interval, asking, asking.wanted))
        loops += judges(watched, history)
        if watched.readers.logs is not None:
            hearing = Hearing(watched.readers.logs, watched.board)
            loops.append(Loop(HEARING_EVERY, hearing, hearing.wanted))
        if watched.readers.answers is not None and watched.spec.answers is not None:
            port, gateways, before = watched.readers.answers, watched.readers.gateways, watched.asked
            answering = Answering(watched.spec, port, gateways, watched.board, watched.clock, own, before)
            loops.append(Loop(answering.interval, answering))
        return loops

    def _every(self, loop: Loop) -> None:
        while not self._stopped.is_set():
            began = self._watched.clock.monotonic()
            try:
                loop.act()
            except MigratorError as error:
                log.warning("watch.failed who=%s why=%s", type(loop.act).__name__, error)
            except Exception as error:  # its text may hold a secret
                log.error("watch.broken who=%s error=%s", type(loop.act).__name__, type(error).__name__)
                log.debug("watch.broken", exc_info=True)
            self._stopped.wait(LEAST)
            self._rest(loop, began)

    def _rest(self, loop: Loop, began: float) -> None:
        """Sleep until the loop is due; a new wish may bring that forward."""
        board, clock = self._watched.board, self._watched.clock
        while not self._stopped.is_set():
            wish = board.wish
            if (left := loop.due(began, wish) - clock.monotonic()) <= 0:
                return
            board.await_wish(wish, left)


def guards(watched: Watched, rested: Rested) -> list[Loop]:
    """Give the looks at what others change: objects of the cluster, the balancer's listeners, configurations of gateways."""
    readers, board, clock = watched.readers, watched.board, watched.clock
    overseeing = Overseeing(readers.gateways, board, clock)
    return [
        Loop(GUARD_EVERY, Guarding(rested, readers.cluster, board, clock, Asked())),
        Loop(LISTENERS_EVERY, Listening(rested.rests, readers.balancer, board)),
        Loop(CONFIGS_EVERY, overseeing, overseeing.wanted),
    ]


def judges(watched: Watched, history: History) -> list[Loop]:
    """Give the plan's own judges, each on a thread of its own: one that hangs keeps no other waiting."""
    port, board, clock = watched.readers.judges, watched.board, watched.clock
    asked = watched.spec.judge.others if port is not None else ()
    return [Loop(judge.interval, AskingJudge(judge, port, history, board, clock)) for judge in asked if port]


class Counting:
    """Reads every gateway's counters and what it was told, and publishes counts, words and the verdict."""

    def __init__(self, watched: Watched, history: History) -> None:
        self._watched, self._history = watched, history

    def __call__(self) -> None:
        """Take one sample of both sides."""
        readers, board, clock = self._watched.readers, self._watched.board, self._watched.clock
        wish, now = board.wish, clock.monotonic()  # no reading is older than the beginning of its sweep
        old, old_silent = readers.gateways.readings(Side.OLD, wish.old) if wish.old else ([], [])
        new, new_silent = readers.gateways.readings(Side.NEW, wish.new) if wish.new else ([], [])
        readings = aligned([*old, *new], now)
        told = [row for side, pods in wish.sides if pods for row in readers.gateways.told(side, pods)]
        self._history.add(readings, now)
        board.publish(
            ConnectionCounts(tuple(readings), (*old_silent, *new_silent), now),
            GatewaySignals(tuple(told)),
            self._history.ruled(clock.monotonic(), wish.steady_since, wish.alone),
        )


def aligned(readings: Sequence[Reading], now: float) -> list[Reading]:
    """Give one sweep's readings one time, so that both sides' windows hold the same sweeps. What a slow gateway has said
    before the sweep began keeps its own time."""
    return [replace(reading, at=min(now, reading.at)) for reading in readings]


class Witnessing:
    """Opens new connections through the balancer's own address and keeps the tally."""

    def __init__(self, watched: Watched, witness: WitnessPort, history: History) -> None:
        self._watched, self._witness = watched, witness
        self._who, self._own = WhoAnswered(history.accepted), history.own
        self._seen = Witnessed()

    def __call__(self) -> None:
        """Try once and publish the tally; not before the driver has said whose pods are which."""
        if self._watched.board.wish == WatchRequest():
            return
        began = self._watched.clock.monotonic()
        told = self._witness.try_once()
        wish, was = self._watched.board.wish, replace(self._seen, at=began)
        if told.error:
            self._seen = replace(
                was, tries=was.tries + 1, failed=was.failed + 1, refusals=was.refusals + 1, last_error=told.error
            )
        else:
            old, new = _answered(told.gateway, wish.old), _answered(told.gateway, wish.new)
            self._own.witnessed(told.gateway, wish.sides, began, told.status)
            if not (old or new):
                self._who.add(began, self._watched.clock.monotonic(), _at(told.peer, wish))
            self._seen = replace(was, tries=was.tries + 1, old=was.old + old, new=was.new + new, refusals=0)
        late, now = self._who.settled(), self._seen
        self._seen = replace(now, old=now.old + late[Side.OLD], new=now.new + late[Side.NEW])
        self._watched.board.publish(self._seen)


def _at(peer: str, wish: WatchRequest) -> Side | None:
    """Give the side whose gateway alone has the address that a connection was made to."""
    found = {side for side, pods in ((Side.OLD, wish.old), (Side.NEW, wish.new)) if peer and _answered(peer, pods)}
    return found.pop() if len(found) == 1 else None


def _answered(gateway: str, pods: Sequence[PodRef]) -> int:
    """Count an answer for these pods: it names its gateway by name, by address, or by address and port."""
    named = {gateway, gateway.rpartition(":")[0]} - {""}
    return int(any(named & {pod.name, pod.ip} for pod in pods))


class Slow:
    """Does the looks that take long, only while the step wants them: preflight checks, parity."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._compare = Comparing(
            watched.readers.gateways, watched.clock, watched.board.publish, watched.spec.parity.allow
        )
        self._checked = False
        self._asked: frozenset[str] = frozenset()

    def wanted(self, began: float, wish: WatchRequest) -> float:
        """Give when to look out of turn: at once, when a look is wished for that was not when the last began."""
        return began if asked(wish) - self._asked else inf

    def __call__(self) -> None:
        """Do what is wished for now."""
        wish = self._watched.board.wish
        self._asked = asked(wish)
        if wish.checks and not self._checked:
            self._watched.board.publish(PreflightResult(self._watched.checks()))
            self._checked = True
        if wish.configs and any(wish.alike):
            self._compare(*wish.alike, wish.model)
        elif wish.configs and wish.new:
            self._compare(wish.old, wish.new)


def asked(wish: WatchRequest) -> frozenset[str]:
    """Give the names of the slow looks that are wished for."""
    return frozenset(name for name in ("checks", "configs") if getattr(wish, name))


def probing_of(watched: Watched, own: OwnRequests | None = None) -> Probing:
    """Give what probes the backends of a run, each as its listener's are asked; `own` notes that they are no clients."""
    gateway, ways, noted = watched.spec.gateway, dict(watched.ways), own or OwnRequests()

    def ask(at: Backend) -> Message | None:
        way = ways.get(at.listener, ProbeWay.AUTO)
        whose = dict(watched.board.wish.behind).get(at, ())
        with noted.asking(whose, at, watched.clock.monotonic()) as answered:
            failure = watched.readers.prober.probe(at.address, at.port, gateway.probe_host, gateway.probe_path, way)
            answered(failure)
        return failure

    return Probing(ask, watched.board, watched.clock)
