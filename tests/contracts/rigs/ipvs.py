"""The IPVS driver before a stand-in for `ipvsadm`, one process per call."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from migrator.adapters.balancers.ipvs.driver import Ipvs
from migrator.adapters.balancers.ipvs.findings import Host
from migrator.adapters.balancers.process import run
from migrator.domain.model.balancer import Backend
from tests.contracts.balancer import Can, Driver, Kind, Sent
from tests.contracts.rigs import ipvsadm

LISTENERS = ("10.0.0.9:80", "10.0.0.9:443")
CAN = frozenset({Can.DROPPED, Can.ALONE, Can.NAMED})
VERBS = {"-a": "register", "-e": "weigh", "-d": "deregister"}
ARGV = [sys.executable, "-I", "-S", ipvsadm.__file__]


class Rig:
    """One table, and the settings of a machine in a folder."""

    def __init__(self, folder: Path, weights: Sequence[int], spare: int) -> None:
        half = len(weights) // 2
        self.standing = tuple(_backend(at, LISTENERS[at >= half]) for at in range(len(weights)))
        self.spare = tuple(_backend(len(weights) + at, LISTENERS[at >= spare // 2]) for at in range(spare))
        self.folder, self._path = folder, folder / "table.json"
        services: dict[str, Any] = {name: {"scheduler": "wrr", "flags": "", "servers": {}} for name in LISTENERS}
        for row, weight in zip(self.standing, weights, strict=True):
            services[row.listener]["servers"][_where(row)] = {"forward": "Masq", "weight": weight, "active": 0}
        services["10.0.0.9:53"] = {"protocol": "UDP", "scheduler": "rr", "flags": "", "servers": {}}
        self.keep({"services": services, "log": []})

    def driver(self, *listeners: str, path: Path | None = None) -> Ipvs:
        argv = [*ARGV, str(path or self._path)]
        host = Host(self.folder, (self.folder / "keepalived.pid",))
        return Ipvs(lambda arguments: run([*argv, *arguments]), listeners or LISTENERS, "", host)

    def stranger(self) -> tuple[Driver, str]:
        raise NotImplementedError

    def nobody(self) -> Driver:
        return self.driver("10.9.9.9:80")

    def unplugged(self) -> Driver:
        """Give a driver whose machine is reached by ssh, and is not: ssh ends with 255."""
        return Ipvs(lambda _arguments: run(["sh", "-c", "exit 255"]), LISTENERS, "", None)

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        first = LISTENERS[0]
        return {
            "balancer.scheduler": partial(self._service, first, scheduler="rr"),
            "balancer.sticky": partial(self._service, first, flags="persistent 360"),
            "balancer.thresholds": partial(
                self._service, first, servers={"10.1.0.1:80": {"forward": "Masq", "weight": 1, "active": 0, "x": 9}}
            ),
            "balancer.keepalived": partial(self._file, "keepalived.pid", "1"),
            "balancer.reuse": partial(self._file, "conn_reuse_mode", "0\n"),
            "balancer.reset-on-removal": partial(self._file, "expire_nodest_conn", "1\n"),
        }

    @contextmanager
    def _service(self, name: str, **changes: Any) -> Iterator[Driver]:
        before = self.state()
        self.keep({**before, "services": {**before["services"], name: before["services"][name] | changes}})
        yield self.driver()
        self.keep(before)

    @contextmanager
    def _file(self, name: str, text: str) -> Iterator[Driver]:
        (self.folder / name).write_text(text)
        yield self.driver()
        (self.folder / name).unlink()

    def sent(self) -> list[Sent]:
        return [_sent(arguments) for arguments in self.state()["log"]]

    def trouble(self, which: Can) -> None:
        assert which is Can.DROPPED
        self.keep(self.state() | {"lose": True})

    def calm(self) -> None:
        self.keep(self.state() | {"lose": False})

    def sicken(self, backend: Backend) -> None:
        raise NotImplementedError

    def rest(self) -> None:
        """The program has done everything when it ends."""

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._path.read_text())
        return found

    def keep(self, state: dict[str, Any]) -> None:
        self._path.write_text(json.dumps(state))


def _backend(at: int, listener: str) -> Backend:
    return Backend(listener, f"10.1.{at // 250}.{at % 250 + 1}", 8080 if listener == LISTENERS[0] else 8443)


def _where(backend: Backend) -> str:
    return f"{backend.address}:{backend.port}"


def _sent(arguments: list[str]) -> Sent:
    words = dict(pairwise(arguments))
    address, _, port = words["-r"].rpartition(":")
    weight = int(words["-w"]) if "-w" in words else None
    return Sent(VERBS[arguments[0]], ((Backend(words["-t"], address, int(port)), weight),))


class Ground:
    """Each rig is a file of its own. Every changed row is two processes, so the crowd is small."""

    can = CAN
    crowd = 24

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        with tempfile.TemporaryDirectory() as folder:
            yield Rig(Path(folder), weights, spare)


@contextmanager
def opened() -> Iterator[Ground]:
    """Nothing is shared between rigs."""
    yield Ground()


KIND = Kind("ipvs", CAN, opened)
