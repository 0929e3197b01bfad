"""The HAProxy driver before a real HAProxy process; a relay on its runtime socket writes down and breaks what passes."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from migrator.adapters.balancers.haproxy import CHECK, haproxy
from migrator.domain.model.balancer import Backend
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.lab.process import spawn, stop
from tests.contracts.balancer import Can, Driver, Kind, Sent, until

LISTENERS = ("web", "tls")
CAN = frozenset({Can.DROPPED, Can.PARTIAL, Can.CHECKS, Can.ALONE, Can.NAMED})
FEW = 20
QUICK = "inter 100ms fall 1 rise 1"
WRITES = re.compile(
    r"(?P<verb>add server|set server|del server) (?P<path>\S+)(?: (?P<where>\S+:\d+))?(?: weight (?P<weight>\d+))?"
)
VERBS = {"add server": "register", "set server": "weigh", "del server": "deregister"}
CONFIG = """
global
  stats socket {sock} mode 600 level admin
  stats timeout 10s
defaults
  mode tcp
  retries 0
  timeout connect 1s
  timeout client 60s
  timeout server 60s
{sections}
"""


def missing() -> str:
    """Say why there can be no HAProxy here."""
    return "" if shutil.which("haproxy") else "haproxy is not installed (Debian: apt-get install haproxy)"


@contextmanager
def running(folder: Path, sections: str) -> Iterator[Path]:
    """Run an HAProxy with these sections and give its runtime socket."""
    sock, config = folder / "haproxy.sock", folder / "haproxy.cfg"
    sock.unlink(missing_ok=True)  # one left by a predecessor would look ready
    config.write_text(CONFIG.format(sock=sock, sections=sections))
    popen = spawn(["haproxy", "-f", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: answers(sock) or popen.poll() is not None)
        assert popen.poll() is None, "haproxy ended at once"
        yield sock
    finally:
        stop(popen)


def answers(sock: Path) -> bool:
    """Say whether somebody accepts at a socket: its file is there a moment before."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(sock)) == 0


class Listening:
    """Servers that accept and say nothing: enough for a health check. Each can be closed."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], socket.socket] = {}

    def add(self) -> tuple[str, int]:
        sock = socket.create_server(("127.0.0.1", 0), backlog=64)
        where: tuple[str, int] = sock.getsockname()
        self._open[where] = sock
        return where

    def close(self, where: tuple[str, int] | None = None) -> None:
        for each in [where] if where else list(self._open):
            self._open.pop(each).close()


class Relay:
    """Stands before the runtime socket: logs each line, and once may lose the answer or cut the line in half."""

    def __init__(self, path: Path, behind: Path) -> None:
        self.lines: list[str] = []
        self.lose = self.halve = False
        self._behind = behind
        self._sock = socket.socket(socket.AF_UNIX)
        self._sock.bind(str(path))
        self._sock.listen(16)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                link, _ = self._sock.accept()
                with link, suppress(OSError):
                    self._pass(link)

    def _pass(self, link: socket.socket) -> None:
        line = link.makefile().readline().strip()
        writing = WRITES.search(line) is not None
        if writing:
            self.lines.append(line)
        if writing and self.halve:
            commands = line.split(";")[:-1]
            line = ";".join(commands[: len(commands) // 2])
        reply = self._asked(line)
        if not (writing and (self.lose or self.halve)):
            link.sendall(reply)

    def _asked(self, line: str) -> bytes:
        with socket.socket(socket.AF_UNIX) as behind:
            behind.settimeout(10)
            behind.connect(str(self._behind))
            behind.sendall(line.encode() + b"\n")
            return b"".join(iter(lambda: behind.recv(65536), b""))


class Rig:
    """Two backend sections of one process."""

    def __init__(self, relay: Relay, where: Path, servers: Listening, rows: Mapping[str, Backend], spare: int) -> None:
        self.standing = tuple(rows.values())
        self.spare = tuple(Backend(LISTENERS[at >= spare // 2], *servers.add()) for at in range(spare))
        self._relay, self._where, self._servers, self._names = relay, where, servers, rows
        self._quick = len(rows) <= FEW

    def driver(self) -> Driver:
        return driver(self._where, check=QUICK if self._quick else CHECK)

    def stranger(self) -> tuple[Driver, str]:
        raise NotImplementedError

    def nobody(self) -> Driver:
        return driver(self._where, "nobody")

    def unplugged(self) -> Driver:
        return driver(self._where.with_name("nothing.sock"))

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        sections = {
            "balancer.scheduler": section("web", "balance leastconn", "server a 127.0.0.1:9"),
            "balancer.sticky": section("web", "stick-table type ip size 1k\n  stick on src", "server a 127.0.0.1:9"),
            "balancer.backup": section("web", "server a 127.0.0.1:9 backup"),
            "balancer.volatile": section("web", "server a 127.0.0.1:9"),
            "balancer.reloaded": section("web", "server a 127.0.0.1:9"),
        }
        return {code: partial(self._spoiled, text) for code, text in sections.items()}

    @contextmanager
    def _spoiled(self, text: str) -> Iterator[Driver]:
        with tempfile.TemporaryDirectory() as folder, running(Path(folder), text) as sock:
            yield driver(sock, "web")

    def sent(self) -> list[Sent]:
        return [self._read(line) for line in self._relay.lines]

    def _read(self, line: str) -> Sent:
        found = [match for match in WRITES.finditer(line) if match["verb"] != "set server" or match["weight"]]
        verbs = {VERBS[match["verb"]] for match in found}
        assert len(verbs) == 1, line
        return Sent(verbs.pop(), tuple(self._row(match) for match in found))

    def _row(self, match: re.Match[str]) -> tuple[Backend, int | None]:
        section, _, name = match["path"].partition("/")
        if name not in self._names:
            _, address, port = name.split("-")
            return Backend(section, address, int(port)), None if match["weight"] is None else int(match["weight"])
        return self._names[name], None if match["weight"] is None else int(match["weight"])

    def trouble(self, which: Can) -> None:
        self._relay.lose, self._relay.halve = which is Can.DROPPED, which is Can.PARTIAL

    def calm(self) -> None:
        self._relay.lose = self._relay.halve = False

    def sicken(self, backend: Backend) -> None:
        self._servers.close((backend.address, backend.port))

    def rest(self) -> None:
        """HAProxy has done a command when it answers."""


def driver(where: Path, *names: str, check: str = CHECK) -> Driver:
    """Give a driver for sections of an HAProxy."""
    listeners = tuple(ListenerSpec(name, 80) for name in names or LISTENERS)
    options = (("check", check), ("socket", str(where)))
    return haproxy(BalancerSpec("haproxy", "haproxy", listeners, options=options))


def section(name: str, *lines: str) -> str:
    """Give the text of a backend section."""
    return f"backend {name}\n  balance roundrobin\n" + "".join(f"  {line}\n" for line in lines)


class Ground:
    """Each rig is an HAProxy of its own: it starts in a few hundredths of a second."""

    can = CAN
    crowd = 1000

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            servers = Listening()
            stack.callback(servers.close)
            rows = {f"s{at}": self._standing(servers, at, len(weights)) for at in range(len(weights))}
            check = f"check {QUICK}" if len(weights) <= FEW else ""
            lines: dict[str, list[str]] = {name: [] for name in LISTENERS}
            for (name, row), weight in zip(rows.items(), weights, strict=True):
                lines[row.listener].append(f"server {name} {row.address}:{row.port} weight {weight} {check}")
            text = "".join(section(name, *lines[name]) for name in LISTENERS)
            behind = stack.enter_context(running(folder, text))
            relay = Relay(folder / "relay.sock", behind)
            stack.callback(relay.close)
            yield Rig(relay, folder / "relay.sock", servers, rows, spare)

    def _standing(self, servers: Listening, at: int, count: int) -> Backend:
        listener = LISTENERS[at >= count // 2]
        return Backend(listener, *(servers.add() if count <= FEW else (f"127.1.{at // 250}.{at % 250 + 1}", 9)))


@contextmanager
def opened() -> Iterator[Ground]:
    """Nothing is shared between rigs."""
    yield Ground()


KIND = Kind("haproxy", CAN, opened, missing)
