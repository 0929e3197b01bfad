"""The keys of one run: each press looks at the store anew, and what it asks is the request that a command would have made."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock
from typing import TYPE_CHECKING

from migrator.cli.keys.pressing import COMMANDS, LEAVE, REFUSED_FOR, Pad, asked, below, pressed
from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.runs import RequestKind

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status
    from migrator.domain.messages.message import Message
    from migrator.store import Store, StoreReader

WITH_KEYS = "keys"
"""The note of a request that a key has made."""


class Keypad:
    """Used by the screen: `listening` while it is there, `below` for its last lines. `drives`: this process carries it out."""

    def __init__(
        self, memory: StoreReader, run_id: int, writing: Callable[[], AbstractContextManager[Store]], drives: bool
    ) -> None:
        self._memory, self._run_id, self._writing, self._drives = memory, run_id, writing, drives
        self._pad, self._one_at_a_time = Pad(), Lock()

    def listening(self) -> AbstractContextManager[None]:
        """Take keys from the terminal while the block lasts."""
        from migrator.cli.keys.terminal import keys_of

        return keys_of(self.press)

    def below(self, status: Status) -> tuple[Message, ...]:
        """Return the lines that stand below the screen."""
        return below(self._pad, status, self._drives, time.monotonic())

    def press(self, key: str) -> None:
        """Do what a key means now, by what the store says now."""
        from migrator.app.inspect.status import status

        with self._one_at_a_time:
            try:
                found = status(self._memory, self._memory.run(self._run_id))
                self._pad, act = pressed(self._pad, key, found, self._drives, time.monotonic())
                if act:
                    self._act(act)
            except MigratorError as error:
                self._pad = Pad(told=error.message, until=time.monotonic() + REFUSED_FOR)

    def _act(self, key: str) -> None:
        from migrator.app.run.control import ask

        if key == LEAVE:
            os.kill(os.getpid(), signal.SIGINT)  # as Ctrl-C does
            return
        kind = RequestKind(COMMANDS[key].value)
        with self._writing() as store:
            ask(store, str(self._run_id), kind, WITH_KEYS)
        self._pad = asked(key, time.monotonic())
