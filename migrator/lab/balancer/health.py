"""Check each target again and again, whatever its weight, as a cloud does, and report when the verdict changes.

It decides nothing about traffic; weight 0 is checked like any other.
"""

import asyncio
from collections.abc import Callable, Mapping
from random import Random

from migrator.lab.balancer.model import Health, Key
from migrator.lab.balancer.settings import HealthSpec

Verdict = Callable[[str, Key, Health], None]


class Probe:
    """The verdict on one target of one listener: `rise` good answers in a row make it alive, `fall` bad ones dead."""

    __slots__ = ("_spec", "_streak", "state")

    def __init__(self, spec: HealthSpec) -> None:
        """Begin as unknown, or off where checks are switched off."""
        self._spec = spec
        self._streak = 0  # > 0 good answers in a row, < 0 bad ones
        self.state = Health.OFF if spec.kind == "off" else Health.UNKNOWN

    def saw(self, good: bool) -> bool:
        """Take one answer into account; return whether the verdict changed."""
        same = (self._streak > 0) is good and self._streak != 0
        self._streak = (self._streak if same else 0) + (1 if good else -1)
        before = self.state
        if self._streak >= self._spec.rise:
            self.state = Health.ALIVE
        elif -self._streak >= self._spec.fall:
            self.state = Health.DEAD
        return self.state is not before


class Checker:
    """All probes of one balancer. `forced` maps "address:port" to the answer that replaces the real one."""

    def __init__(self, verdict: Verdict, forced: Mapping[str, bool], rng: Random) -> None:
        """Call `verdict(listener, key, health)` at every change."""
        self._verdict = verdict
        self._forced = forced
        self._rng = rng
        self._probes: dict[tuple[str, Key], Probe] = {}
        self._tasks: dict[tuple[str, Key], asyncio.Task[None]] = {}

    def state(self, listener: str, key: Key) -> Health:
        """Return the verdict; unknown for a target not watched."""
        probe = self._probes.get((listener, key))
        return Health.UNKNOWN if probe is None else probe.state

    def watch(self, listener: str, key: Key, spec: HealthSpec) -> None:
        """Check `key` from now on; no-op when it is watched."""
        if (listener, key) in self._probes:
            return
        probe = self._probes[listener, key] = Probe(spec)
        if probe.state is not Health.OFF:
            self._tasks[listener, key] = asyncio.create_task(self._check(listener, key, spec, probe))

    def forget(self, listener: str, key: Key) -> None:
        """Check `key` no more."""
        self._probes.pop((listener, key), None)
        if (task := self._tasks.pop((listener, key), None)) is not None:
            task.cancel()

    def close(self) -> None:
        """Stop every check."""
        for listener, key in list(self._probes):
            self.forget(listener, key)

    async def _check(self, listener: str, key: Key, spec: HealthSpec, probe: Probe) -> None:
        await asyncio.sleep(self._rng.uniform(0, min(spec.interval_s, 0.1)))  # a fleet is not checked in lockstep
        while True:
            forced = self._forced.get(str(key))
            good = await answers(key, spec) if forced is None else forced
            if probe.saw(good):
                self._verdict(listener, key, probe.state)
            await asyncio.sleep(spec.interval_s)


async def answers(key: Key, spec: HealthSpec) -> bool:
    """Return whether one check of `key` succeeds within the timeout: a connect, or HTTP/1.1 2xx or 3xx."""
    port = spec.port if spec.kind == "http" and spec.port else key.port
    try:
        async with asyncio.timeout(spec.timeout_s):
            reader, writer = await asyncio.open_connection(key.address, port)
            try:
                return spec.kind == "tcp" or await _http(reader, writer, spec.path)
            finally:
                writer.close()
    except (OSError, ValueError):  # TimeoutError is an OSError; ValueError: a line longer than the stream's limit
        return False


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bool:
    # HTTP/1.1 with a Host: Envoy answers 426 to HTTP/1.0 and 400 without Host, and every target would be down.
    writer.write(f"GET {path} HTTP/1.1\r\nHost: lb\r\nConnection: close\r\n\r\n".encode())
    words = (await reader.readline()).split()
    return len(words) >= 2 and words[0].startswith(b"HTTP/") and words[1][:1] in (b"2", b"3")
