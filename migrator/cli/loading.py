"""The clients of `load` as a process of their own: started, looked at, ended. They are the lab's; nothing of it is imported.

A process ends with the one that started it, whatever happens to that, and by itself after its time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from migrator.app.load.aim import Aim, Bounds
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say

CLIENTS = "migrator.lab.load"
FINISHES = 15.0
"""Seconds that requests in flight have at the end."""

LOOKS = 0.2


class Loading:
    """A running load."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process, self._folder = process, folder

    def live(self) -> dict[str, Any]:
        """Give the running totals; nothing in the first second."""
        return _read(self._folder / "live.json")

    def until_over(self, look: Callable[[], None]) -> None:
        """Wait until it has ended by itself, and look now and then."""
        while self._process.poll() is None:
            look()
            time.sleep(LOOKS)

    def end(self) -> dict[str, Any]:
        """End it, and give its summary. Refused: it has none, with its last words."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(FINISHES + 5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        found = _read(self._folder / "summary.json")
        if not found:
            words = (self._folder / "load.log").read_text(errors="replace").strip().splitlines()
            raise Refused(say("load.failed", words=words[-1][:300] if words else ""))
        return found


@contextmanager
def loading(aim: Aim, bounds: Bounds, agent: str, folder: Path) -> Iterator[Loading]:
    """Send requests for as long as the block lasts, and no longer than the bounds say."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("live.json", "summary.json"):
        (folder / name).unlink(missing_ok=True)
    with (folder / "load.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command line, with arguments of our own
            command(aim, bounds, agent, folder), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log
        )
    found = Loading(process, folder)
    try:
        yield found
    finally:
        if process.poll() is None:
            process.terminate()


def agent(who: str) -> str:
    """Say in a User-Agent what the requests are, and whose."""
    return f"migrator-load (counts whether a switch loses requests; {who})"


def command(aim: Aim, bounds: Bounds, agent: str, folder: Path) -> list[str]:
    """Give the command line of the clients."""
    more = ["--tls"] if aim.tls else []
    said = ["--target", aim.dialled, "--host-header", aim.host, "--path", aim.path, "--header", aim.header]
    asked = ["--mix", "plain", "--rate", f"{bounds.rate:g}", "--seconds", f"{bounds.seconds:g}"]
    kept = ["--agent", agent, "--finish", f"{FINISHES:g}", "--out", str(folder)]
    return [sys.executable, "-P", "-m", CLIENTS, *said, *asked, *kept, *more]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
