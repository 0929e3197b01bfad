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

from migrator.domain.judging.judge import Opinion
from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import (
    Configs,
    ConnectionCounts,
    GatewaySignals,
    PreflightResult,
    Probes,
    Witnessed,
)
from migrator.domain.ports.outside import Clock, Parity, RateSource, Readers, WitnessPort
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.history import History

log = logging.getLogger(__name__)

WITNESS_EVERY = 0.3
SLOW_EVERY = 1.0
MANY_PODS = 50
LEAST = 0.01
"""The least seconds between the end of a look and the next one."""
LATE = 0.05
"""The share of its interval for which a regular look is put off, so that it falls together with one that is wanted."""
STOP_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch needs: the spec, read ports, the board, a clock, the preflight checks."""

    spec: Spec
    readers: Readers
    board: Board
    clock: Clock
    checks: Callable[[], tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Loop:
    """Something done every `interval` seconds, and at the moments (monotonic) that `wanted` gives of when it began last."""

    interval: float
    act: Callable[[], None]
    wanted: Callable[[float, WatchRequest], float] = lambda _began, _wish: inf

    def due(self, began: float, wish: WatchRequest) -> float:
        """Give when it is to be done again."""
        regular, wanted = began + self.interval, self.wanted(began, wish)
        return wanted if wanted <= regular + LATE * self.interval else regular


class Watch:
    """Runs the readers' threads between `start` and `stop`; used as a context manager."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._stopped = Event()
        self._threads = [Thread(target=self._every, args=(loop,), daemon=True) for loop in self._loops()]

    def __enter__(self) -> Watch:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._watched.board.close()
        for thread in self._threads:
            thread.join(STOP_WITHIN)

    def _loops(self) -> list[Loop]:
        watched = self._watched
        scrape = watched.spec.judge.scrape
        prometheus = watched.spec.judge.prometheus
        history = History(watched.spec.judge, watched.spec.balancer.steers_requests)
        slow = Slow(watched)
        loops = [
            Loop(scrape.interval if scrape else 1.0, Counting(watched, history), next_moment),
            Loop(SLOW_EVERY, slow, slow.wanted),
        ]
        if watched.readers.witness is not None:
            loops.append(Loop(WITNESS_EVERY, Witnessing(watched, watched.readers.witness)))
        if watched.readers.rates is not None and prometheus is not None:
            loops.append(Loop(prometheus.interval, Asking(watched, watched.readers.rates, history)))
        return loops

    def _every(self, loop: Loop) -> None:
        while not self._stopped.is_set():
            began = self._watched.clock.monotonic()
            try:
                loop.act()
            except MigratorError as error:
                log.warning("watch.failed who=%s why=%s", type(loop.act).__name__, error)
            except Exception:
                log.exception("watch.broken who=%s", type(loop.act).__name__)
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


def next_moment(began: float, wish: WatchRequest) -> float:
    """Give the first of the moments wished for after the last sample began."""
    return min((moment for moment in wish.moments if moment > began), default=inf)


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
        self._history.add(readings, now)
        told = readers.gateways.told((*wish.old, *wish.new)) if wish.old or wish.new else []
        board.publish(
            ConnectionCounts(tuple(readings), (*old_silent, *new_silent), now),
            GatewaySignals(tuple(told)),
            self._history.ruled(clock.monotonic(), wish.steady_since),
        )


def aligned(readings: Sequence[Reading], now: float) -> list[Reading]:
    """Give one sweep's readings one time, so that both sides' windows hold the same sweeps."""
    return [replace(reading, at=now) for reading in readings]


class Asking:
    """Asks the second opinion for both sides."""

    def __init__(self, watched: Watched, rates: RateSource, history: History) -> None:
        self._watched, self._rates, self._history = watched, rates, history
        self._last = watched.clock.monotonic()

    def __call__(self) -> None:
        """Ask once; an answer that cannot be had is an answer: nobody can say."""
        prometheus = self._watched.spec.judge.prometheus
        assert prometheus is not None
        now = self._watched.clock.monotonic()
        interval, self._last = now - self._last, now
        try:
            new = self._rates.rate(Side.NEW, prometheus.window)
            old = self._rates.rate(Side.OLD, prometheus.window)
        except MigratorError as error:
            log.warning("prometheus.silent why=%s", error)
            self._history.answer(Opinion(now, interval, None, None, error.message))
        else:
            self._history.answer(Opinion(now, interval, new, old))


class Witnessing:
    """Opens new connections through the balancer's own address and keeps the tally."""

    def __init__(self, watched: Watched, witness: WitnessPort) -> None:
        self._watched, self._witness = watched, witness
        self._seen = Witnessed()

    def __call__(self) -> None:
        """Try once and publish the tally; not before the driver has said whose pods are which."""
        if self._watched.board.wish == WatchRequest():
            return
        told = self._witness.try_once()
        wish, was = self._watched.board.wish, self._seen
        if told.error:
            self._seen = replace(
                was, tries=was.tries + 1, failed=was.failed + 1, refusals=was.refusals + 1, last_error=told.error
            )
        else:
            old, new = _answered(told.gateway, wish.old), _answered(told.gateway, wish.new)
            self._seen = replace(was, tries=was.tries + 1, old=was.old + old, new=was.new + new, refusals=0)
        self._watched.board.publish(self._seen)


def _answered(gateway: str, pods: Sequence[PodRef]) -> int:
    """Count an answer for these pods: it names its gateway by name, by address, or by address and port."""
    named = {gateway, gateway.rpartition(":")[0]} - {""}
    return int(any(named & {pod.name, pod.ip} for pod in pods))


class Slow:
    """Does the looks that take long, only while the step wants them: preflight checks, parity, probes."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
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
        if wish.probes:
            self._probe()
        if wish.configs and any(wish.alike):
            self._watched.board.publish(self._compare(*wish.alike, Side.NEW))
        elif wish.configs and wish.new:
            self._watched.board.publish(self._compare(wish.old, wish.new))

    def _probe(self) -> None:
        watched, gateway = self._watched, self._watched.spec.gateway
        answers = {}
        for at in watched.board.wish.backends:
            failure = watched.readers.prober.probe(at.address, at.port, gateway.probe_host, gateway.probe_path)
            answers[f"{at.address}:{at.port}"] = failure
        watched.board.publish(Probes(tuple(answers.items()), watched.clock.monotonic()))

    def _compare(self, old: Sequence[PodRef], new: Sequence[PodRef], of: Side = Side.OLD) -> Configs:
        """Compare with the first of `old`, a gateway of side `of`; what differs from a peer is named by its unit alone."""
        gateways = self._watched.readers.gateways
        model, unready = self._fetch(old[:1], of)
        found, not_found = self._fetch(new, Side.NEW)
        unready += not_found
        if not old or old[0].name not in model:
            return Configs(unready=tuple(unready), at=self._watched.clock.monotonic())
        wanted = dict(model[old[0].name].units)
        differences = []
        for pod in (pod for pod in new if pod.name in found):
            units = unequal(wanted, dict(found[pod.name].units))
            if units:
                lines = gateways.differences(old[0], pod, units) if of is Side.OLD else units
                differences.append((pod.name, tuple(lines)))
        return Configs(tuple(found), tuple(differences), tuple(unready), self._watched.clock.monotonic())

    def _fetch(self, pods: Sequence[PodRef], side: Side) -> tuple[dict[str, Parity], list[tuple[str, Message]]]:
        found: dict[str, Parity] = {}
        unready: list[tuple[str, Message]] = []
        for pod in pods:
            try:
                parity = self._watched.readers.gateways.parity(pod, side)
            except MigratorError as error:
                unready.append((pod.name, error.message))
                continue
            if parity.unready:
                unready.append((pod.name, say("config.warming", parts=parity.unready)))
            else:
                found[pod.name] = parity
        return found, unready


def asked(wish: WatchRequest) -> frozenset[str]:
    """Give the names of the slow looks that are wished for."""
    return frozenset(name for name in ("checks", "configs", "probes") if getattr(wish, name))


def unequal(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    """Give the configuration units that only one of them has, or that differ."""
    return sorted(unit for unit in wanted.keys() | found.keys() if wanted.get(unit) != found.get(unit))
