"""Asking many pods at once with few threads, each within its own time. What fails is a value and stops nobody else."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef

log = logging.getLogger(__name__)

R = TypeVar("R")
_THREADS = 16
_SWEPT = 32
_SLOW_AFTER = 0.75
"""Seconds after which a pod is waited for no longer within a sweep: its place goes to another, its answer to a later sweep."""

_MOST_SLOW = 240
"""Pods that are asked beside the sweeps at a time; each ends by its own deadline."""


@dataclass(frozen=True, slots=True)
class _Slow:
    """A pod that is asked beside the sweeps: in which of them, and what it met last. The future has its answer and its time."""

    name: str
    asked: Future[tuple[Any, float]]  # Any: what a question gives is its asker's business
    met: Any


class FanOut:
    """A bounded pool of threads for pods. Several callers may use it at once."""

    def __init__(self, threads: int = _THREADS, swept: int = _SWEPT, slow_after: float = _SLOW_AFTER) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="gateways")
        self._beside = ThreadPoolExecutor(swept + _MOST_SLOW, thread_name_prefix="gateways-swept")
        self._swept, self._slow_after = swept, slow_after
        self._slow: dict[str, _Slow] = {}

    def ask(
        self, pods: Sequence[PodRef], question: Callable[[PodRef], R], seconds: float
    ) -> list[tuple[PodRef, R | MigratorError]]:
        """Give every pod's answer or the error it met, in order. Who has not answered within `seconds` is Unreachable."""
        if len(pods) == 1:  # no thread for one
            return [(pods[0], caught(question, pods[0]))]
        asked = [(pod, self._pool.submit(caught, question, pod)) for pod in pods]
        wait([future for _, future in asked], timeout=seconds)
        return [(pod, _result(pod, future, seconds)) for pod, future in asked]

    def sweep(
        self, name: str, pods: Sequence[PodRef], question: Callable[[PodRef], R]
    ) -> list[tuple[PodRef, R | MigratorError]]:
        """Ask everybody the same again and again: a pod that is slow holds up nobody, in this sweep or a later one.

        It is late in this sweep and asked on, beside the sweeps, for as long as it is slow: each takes what it has said since,
        or what it met last. Sweeps are made one after another; a pod that is slow in one is late in those of other names.
        """
        answers = {pod.uid: self._standing(name, pod, question) for pod in pods if pod.uid in self._slow}
        waiting = deque(pod for pod in pods if pod.uid not in answers)
        young: dict[Future[tuple[R | MigratorError, float]], tuple[PodRef, float]] = {}
        while waiting or young:
            while waiting and len(young) < self._swept:
                pod = waiting.popleft()
                young[self._beside.submit(_timed, question, pod)] = pod, monotonic()
            oldest = min(began for _, began in young.values())
            wait(young, max(0.0, oldest + self._slow_after - monotonic()), FIRST_COMPLETED)
            for asked, (pod, began) in tuple(young.items()):
                if asked.done():
                    answers[pod.uid], _ = asked.result()
                elif monotonic() - began >= self._slow_after:
                    answers[pod.uid] = late = self._late(pod)
                    self._slow[pod.uid] = _Slow(name, asked, late)
                else:
                    continue
                del young[asked]
        return [(pod, answers[pod.uid]) for pod in pods]

    def _standing(self, name: str, pod: PodRef, question: Callable[[PodRef], R]) -> R | MigratorError:
        """Give what a slow pod has said since, or met last; it is asked on while it is slow."""
        slow = self._slow[pod.uid]
        if slow.name != name:
            return self._late(pod)
        if not slow.asked.done():
            met: MigratorError = slow.met
            return met
        del self._slow[pod.uid]  # whatever it raises, it raises once
        answer, took = slow.asked.result()
        if took >= self._slow_after:
            met = answer if isinstance(answer, MigratorError) else self._late(pod)
            self._slow[pod.uid] = _Slow(name, self._beside.submit(_timed, question, pod), met)
        said: R | MigratorError = answer
        return said

    def _late(self, pod: PodRef) -> MigratorError:
        return Unreachable(say("gateway.late", pod=pod.name, seconds=self._slow_after))


def _timed(question: Callable[[PodRef], R], pod: PodRef) -> tuple[R | MigratorError, float]:
    began = monotonic()
    return caught(question, pod), monotonic() - began


def caught(question: Callable[[PodRef], R], pod: PodRef) -> R | MigratorError:
    """Give the answer, or why there is none: an error that is none of ours is named by its type."""
    try:
        return question(pod)
    except MigratorError as error:
        return error
    except Exception as error:  # an answer that nobody can read is its own pod's, and no other's
        log.debug("gateway.broken pod=%s", pod.name, exc_info=True)
        return Unreachable(say("gateway.broken", pod=pod.name, error=type(error).__name__))


def _result(pod: PodRef, future: Future[R | MigratorError], seconds: float) -> R | MigratorError:
    if future.done():
        return future.result()
    future.cancel()
    return Unreachable(say("gateway.late", pod=pod.name, seconds=seconds))
