"""A cloud's controller at work in a thread, and a cluster writer that tells it of every patch, as a watch would."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx

from migrator.domain.model.actions import ApplyObject, DeleteObject, Op, PatchObject
from migrator.domain.ports.outside import ClusterWriter
from migrator.lab.controllers.services.tke.controller import Controller
from migrator.lab.ground.cloud import CloudError
from tests.contracts.balancer import until

EVERY = 0.1
"""Seconds between two looks of the controller."""

PAUSE = 0.05
"""Seconds before it acts on a change; a cloud's controller takes longer."""


class Working:
    """The controller in a thread, woken by a change as by a watch; `rest` waits until a later look found nothing to do."""

    def __init__(self, controller: Controller) -> None:
        self._controller, self._end, self._woken = controller, threading.Event(), threading.Event()
        self._quiet = 0.0
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while not self._end.is_set():
            self._woken.clear()
            began = time.monotonic()
            with contextlib.suppress(httpx.HTTPError, CloudError):
                if not self._controller.step():
                    self._quiet = began
            self._woken.wait(EVERY)
            self._end.wait(PAUSE)

    def wake(self) -> None:
        self._woken.set()

    def rest(self) -> None:
        asked = time.monotonic()
        self.wake()
        until(lambda: self._quiet > asked, 20)

    def close(self) -> None:
        self._end.set()
        self.wake()
        self._thread.join(20)


class Watched:
    """A cluster writer that writes down what passes: (pod, patch)."""

    def __init__(self, writer: ClusterWriter, told: Callable[[], None]) -> None:
        self._writer, self._told = writer, told
        self.patches: list[tuple[str, Any]] = []

    def patch(self, action: PatchObject) -> Op:
        found = self._writer.patch(action)
        self.patches.append((action.ref.name, action.patch))
        self._told()
        return found

    def apply(self, action: ApplyObject) -> Op:
        raise AssertionError("nothing is applied")

    def delete(self, action: DeleteObject) -> Op:
        raise AssertionError("nothing is deleted")
