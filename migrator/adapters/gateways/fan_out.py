"""Asking many pods at once with few threads, within one deadline. What fails is a value and stops nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef

R = TypeVar("R")
_THREADS = 16


class FanOut:
    """A bounded pool of threads for pods. Several callers may use it at once."""

    def __init__(self, threads: int = _THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="gateways")

    def ask(
        self, pods: Sequence[PodRef], question: Callable[[PodRef], R], seconds: float
    ) -> list[tuple[PodRef, R | MigratorError]]:
        """Give every pod's answer or the error it met, in order. Who has not answered within `seconds` is Unreachable.

        An error that is not ours is a defect and is raised.
        """
        if len(pods) == 1:  # no thread for one
            return [(pods[0], _caught(question, pods[0]))]
        asked = [(pod, self._pool.submit(_caught, question, pod)) for pod in pods]
        wait([future for _, future in asked], timeout=seconds)
        return [(pod, _result(pod, future, seconds)) for pod, future in asked]


def _caught(question: Callable[[PodRef], R], pod: PodRef) -> R | MigratorError:
    try:
        return question(pod)
    except MigratorError as error:
        return error


def _result(pod: PodRef, future: Future[R | MigratorError], seconds: float) -> R | MigratorError:
    if future.done():
        return future.result()
    future.cancel()
    return Unreachable(say("gateway.late", pod=pod.name, seconds=seconds))
