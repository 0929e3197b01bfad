"""The exec driver before a small program of ours that speaks its protocol, one process per call."""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from migrator.adapters.balancers.exec import command
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.contracts.balancer import Can, Driver, Kind, Sent
from tests.contracts.rigs import speaker

LISTENERS = ("web", "tls")
CAN = frozenset(Can) - {Can.KEYS, Can.APART, Can.MONITORED}
VERBS = {"register": "register", "set_weights": "weigh", "deregister": "deregister"}
SPEAKER = f"{shlex.quote(sys.executable)} -I -S {shlex.quote(speaker.__file__)}"
CAPABILITIES = {"batch": 200, "severalListeners": True, "healthAtZero": False, "reportsSessions": True}


class Rig:
    """One state file."""

    def __init__(self, path: Path, weights: Sequence[int], spare: int) -> None:
        half = len(weights) // 2
        self.standing = tuple(_backend(at, LISTENERS[at >= half]) for at in range(len(weights)))
        self.spare = tuple(_backend(len(weights) + at, LISTENERS[at >= spare // 2]) for at in range(spare))
        self._path = path
        rows = [_row(b, weight) for b, weight in zip(self.standing, weights, strict=True)]
        state = {"id": "lb", "rows": {speaker.key(row): row for row in rows}, "jobs": {}, "log": []}
        self._keep(state | {"capabilities": CAPABILITIES, "findings": [], "address": "10.0.0.9"})

    def driver(self, **changes: str) -> Driver:
        known = {"id": "lb", "command": f"{SPEAKER} {shlex.quote(str(self._path))}"} | changes
        listeners = tuple(ListenerSpec(name, 80) for name in LISTENERS)
        return command(BalancerSpec("exec", known["id"], listeners, options=(("command", known["command"]),)))

    def stranger(self) -> tuple[Driver, str]:
        raise NotImplementedError

    def nobody(self) -> Driver:
        return self.driver(id="nobody")

    def unplugged(self) -> Driver:
        return self.driver(command="false")

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        codes = ("balancer.scheduler", "sticky")
        return {f"balancer.{code.removeprefix('balancer.')}": partial(self._spoiled, code) for code in codes}

    @contextmanager
    def _spoiled(self, code: str) -> Iterator[Driver]:
        row = {"code": code, "severity": "block", "subject": "web", "problem": "it is odd", "remedy": "mend it"}
        self._keep(self._state() | {"findings": [row]})
        yield self.driver()

    def sent(self) -> list[Sent]:
        return [
            Sent(VERBS[each["verb"]], tuple((_read(row), row.get("weight")) for row in each["rows"]))
            for each in self._state()["log"]
        ]

    def trouble(self, which: Can) -> None:
        self._keep(self._state() | {"trouble": which.value})

    def calm(self) -> None:
        self._keep({name: value for name, value in self._state().items() if name != "trouble"})

    def sicken(self, backend: Backend) -> None:
        state = self._state()
        state["rows"][speaker.key(_row(backend, 0))]["health"] = "unhealthy"
        self._keep(state)

    def rest(self) -> None:
        """The program has done everything when it ends."""

    def _state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._path.read_text())
        return found

    def _keep(self, state: dict[str, Any]) -> None:
        self._path.write_text(json.dumps(state))


def _backend(at: int, listener: str) -> Backend:
    return Backend(listener, f"10.0.{at // 250}.{at % 250 + 1}", 8080 if listener == "web" else 8443)


def _row(backend: Backend, weight: int) -> dict[str, Any]:
    named = {"listener": backend.listener, "address": backend.address, "port": backend.port}
    return named | {"weight": weight, "health": "healthy", "sessions": 0}


def _read(row: Mapping[str, Any]) -> Backend:
    return Backend(row["listener"], row["address"], row["port"])


class Ground:
    """Each rig is a file of its own."""

    can = CAN
    crowd = 1000

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        with tempfile.TemporaryDirectory() as folder:
            yield Rig(Path(folder) / "state.json", weights, spare)


@contextmanager
def opened() -> Iterator[Ground]:
    """Nothing is shared between rigs."""
    yield Ground()


KIND = Kind("exec", CAN, opened)
