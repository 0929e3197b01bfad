"""Let the faults of a balancer act on one call of its API: before it has an effect, and after. The same for every cloud."""

import asyncio

from migrator.lab.balancer.faults import Faults


class Dropped(Exception):
    """A fault: the caller gets no answer."""


async def before_effect(faults: Faults, throttled: Exception, broken: Exception) -> None:
    """Delay, refuse or lose a call; the two exceptions are the cloud's own refusals."""
    await asyncio.sleep(faults.latency_s)
    if faults.throttled():
        raise throttled
    if faults.broken():
        raise broken
    if faults.take("drop_requests"):
        raise Dropped


async def after_effect(faults: Faults, writing: bool) -> None:
    """Delay the answer, or lose that of a write."""
    await asyncio.sleep(faults.reply_latency_s)
    if writing and faults.take("drop_responses"):
        raise Dropped
