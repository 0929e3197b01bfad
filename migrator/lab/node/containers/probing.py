"""Probe one running container for as long as it runs. It decides when a threshold is reached; others act on it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from migrator.lab.node.containers.actions import ActionFailed, perform
from migrator.lab.node.containers.spec import Container, Probe


class Verdicts(Protocol):
    """Takes what the probes found."""

    def became_started(self) -> None: ...

    def became_ready(self, ready: bool) -> None: ...

    def unhealthy(self, kind: str, problem: str) -> None: ...

    async def must_restart(self, kind: str, grace: float | None) -> None: ...


async def watch_over(spec: Container, verdicts: Verdicts) -> None:
    """Run startup, then readiness and liveness probes until cancelled. Without a probe the answer is yes."""
    if spec.startup and not await _starts(spec, spec.startup, verdicts):
        return
    verdicts.became_started()
    async with asyncio.TaskGroup() as tasks:
        if spec.readiness:
            tasks.create_task(_readiness(spec, spec.readiness, verdicts))
        else:
            verdicts.became_ready(True)
        if spec.liveness:
            tasks.create_task(_liveness(spec, spec.liveness, verdicts))


async def _starts(spec: Container, probe: Probe, verdicts: Verdicts) -> bool:
    """Return True at the first success; at the failure threshold ask for a restart and return False."""
    await asyncio.sleep(probe.delay)
    for attempt in range(1, probe.failures + 1):
        try:
            await perform(probe.action, spec.env, probe.timeout)
        except ActionFailed as problem:
            verdicts.unhealthy("Startup", str(problem))
            if attempt < probe.failures:
                await asyncio.sleep(probe.period)
        else:
            return True
    await verdicts.must_restart("startup", probe.grace)
    return False


async def _readiness(spec: Container, probe: Probe, verdicts: Verdicts) -> None:
    async def turned(good: bool) -> None:
        verdicts.became_ready(good)

    await _repeat(spec.env, probe, turned, lambda problem: verdicts.unhealthy("Readiness", problem))


async def _liveness(spec: Container, probe: Probe, verdicts: Verdicts) -> None:
    async def turned(good: bool) -> None:
        if not good:
            await verdicts.must_restart("liveness", probe.grace)

    await _repeat(spec.env, probe, turned, lambda problem: verdicts.unhealthy("Liveness", problem))


async def _repeat(
    env: Mapping[str, str], probe: Probe, turned: Callable[[bool], Awaitable[None]], failed: Callable[[str], None]
) -> None:
    """Probe every period until cancelled; tell `turned` whenever a threshold is reached."""
    await asyncio.sleep(probe.delay)
    good = bad = 0
    while True:
        try:
            await perform(probe.action, env, probe.timeout)
        except ActionFailed as problem:
            good, bad = 0, bad + 1
            failed(str(problem))
        else:
            good, bad = good + 1, 0
        if good == probe.successes or bad == probe.failures:
            await turned(good > 0)
        await asyncio.sleep(probe.period)
