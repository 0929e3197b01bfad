"""A terminal on which the operator types a command and presses keys, read all the time by a thread, as an emulator does."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from threading import Condition, Event, Thread

SAYS_WITHIN = 60.0
LOOK_EVERY = 0.1
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

OWN_TERMINAL = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from migrator.cli.main import main
main()
"""
"""The command line as a shell would start it: in the foreground of the terminal on its standard input."""


class Terminal:
    """One command on a terminal of its own."""

    def __init__(self, words: tuple[str, ...], env: Mapping[str, str]) -> None:
        self._outer, self._inner = pty.openpty()
        termios.tcsetwinsize(self._inner, (50, 140))
        self.before, self._said = termios.tcgetattr(self._inner), ""
        self._news, self._over = Condition(), Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", OWN_TERMINAL, "--lang", "en", *words],
            stdin=self._inner,
            stdout=self._inner,
            stderr=self._inner,
            env={**env, "TERM": "xterm", "COLUMNS": "140", "LINES": "50"},
            start_new_session=True,
        )

    @property
    def mode(self) -> list[object]:
        """How the terminal is set."""
        return termios.tcgetattr(self._inner)

    def press(self, keys: str, *then: str) -> str:
        """Press keys, and wait for what is said after them; give which of these it was."""
        with self._news:
            self._said = ""
        os.write(self._outer, keys.encode())
        return self.sees(*then)

    def sees(self, *words: str) -> str:
        """Wait until it has said one of these since the last key, and give it; fail with its last words."""
        with self._news:
            self._news.wait_for(lambda: any(each in self._said for each in words), SAYS_WITHIN)
            seen = [each for each in words if each in self._said]
            assert seen, f"none of {words} was said:\n{self._said[-3000:]}"
            return seen[0]

    def close(self) -> None:
        self._over.set()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(5.0)
        self._reader.join(5.0)
        os.close(self._inner)
        os.close(self._outer)

    def _read(self) -> None:
        while not self._over.is_set():
            if select.select([self._outer], [], [], LOOK_EVERY)[0]:
                piece = os.read(self._outer, 1 << 16).decode(errors="replace")
                with self._news:
                    self._said += ESCAPES.sub("", piece)
                    self._news.notify_all()


@contextlib.contextmanager
def terminal(*words: str, env: Mapping[str, str]) -> Iterator[Terminal]:
    """Give a command on a terminal; it ends with the block."""
    found = Terminal(words, env)
    try:
        yield found
    finally:
        found.close()
