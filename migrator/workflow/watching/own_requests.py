"""What this process itself has asked of the gateways, so that it is no evidence about clients. Safe between threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import TypeAlias

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.evidence import Sent, rate_without_ours, without_ours
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.samples import Delta, Rate

Sides: TypeAlias = "tuple[tuple[Side, tuple[PodRef, ...]], ...]"
Behind: TypeAlias = "tuple[tuple[Side, PodRef], ...]"

MEMORY = 300.0
"""Seconds for which a request is remembered for the second opinion: longer than any window with its lag."""


class OwnRequests:
    """Every request of ours by gateway, until it was taken out of its counts; and by side, for Prometheus."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._number = 0
        self._by_gateway: dict[str, tuple[Sent, ...]] = {}
        self._by_side: dict[Side, tuple[Sent, ...]] = {side: () for side in Side}

    def sent(self, side: Side, gateway: str, port: int, at: float) -> Sent:
        """Note a request to a gateway's port before it is sent."""
        with self._lock:
            self._number += 1
            one = Sent(self._number, at, port=port)
            self._by_gateway[gateway] = (*_recent(self._by_gateway.get(gateway, ()), at), one)
            self._by_side[side] = (*_recent(self._by_side[side], at), one)
            return one

    def answered(self, side: Side, gateway: str, one: Sent, answer: Answer) -> None:
        """Note what came back."""
        with self._lock:
            self._by_gateway[gateway] = _with(self._by_gateway.get(gateway, ()), one, answer)
            self._by_side[side] = _with(self._by_side[side], one, answer)

    def witnessed(self, gateway: str, sides: Sides, at: float, status: int) -> None:
        """Note a connection that began at `at`, of which only the answer tells whom it reached: by name, or by address."""
        names = {gateway, gateway.rpartition(":")[0]} - {""}
        for side, pods in sides:
            for pod in pods:
                if names & {pod.name, pod.ip}:
                    self.answered(side, pod.name, self.sent(side, pod.name, 0, at), Answer(status))

    @contextmanager
    def asking(self, whose: Behind, at: Backend, now: float) -> Iterator[Callable[[Message | None], None]]:
        """Note a probe of a backend, which is in the counters of `whose`, for the length of a block; the function takes what
        the probe said."""
        noted = [(side, pod.name, self.sent(side, pod.name, at.port, now)) for side, pod in whose]

        def said(failure: Message | None) -> None:
            answer = Answer(200) if failure is None else Answer(_status(failure))
            for side, gateway, one in noted:
                self.answered(side, gateway, one, answer)

        yield said

    def seen_first(self, gateways: Iterable[str]) -> None:
        """Forget what was asked of gateways before anybody read their counters: it is in no difference of two readings."""
        with self._lock:
            for gateway in gateways:
                self._by_gateway.pop(gateway, None)

    def taken_out(self, deltas: Iterable[Delta]) -> list[Delta]:
        """Give the deltas without our own requests; each of these is taken out once."""
        with self._lock:
            found = []
            for delta in deltas:
                delta, self._by_gateway[delta.gateway] = without_ours(delta, self._by_gateway.get(delta.gateway, ()))
                found.append(delta)
            return found

    def without(self, side: Side, rate: Rate | None, since: float) -> Rate | None:
        """Give a second opinion's counts of a side without our own requests."""
        with self._lock:
            return rate_without_ours(rate, self._by_side[side], since)


def _status(failure: Message) -> int:
    """Give the status of a probe that failed by an answer, 0 where there was none."""
    status = dict(failure.values).get("status")
    return status if isinstance(status, int) else 0


def _recent(rows: tuple[Sent, ...], now: float) -> tuple[Sent, ...]:
    return tuple(row for row in rows if row.at >= now - MEMORY)


def _with(rows: tuple[Sent, ...], one: Sent, answer: Answer) -> tuple[Sent, ...]:
    return tuple(replace(row, answer=answer) if row.number == one.number else row for row in rows)
