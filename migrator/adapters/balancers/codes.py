"""Finding codes that more than one driver makes, each with what it means. A driver's profile names those that it makes."""

from __future__ import annotations

from collections.abc import Mapping

EVERY_DRIVER: Mapping[str, str] = {
    "balancer.permission": "the cloud's dry run accepted these writes",
    "balancer.permission-denied": "the cloud's dry run says that our credentials may not make a write of the run",
    "balancer.permission-unproven": "nobody can say beforehand whether our credentials may make these writes",
    "balancer.settle": "within how many seconds a changed weight reaches new connections, measured or assumed",
}
"""What is said of every balancer, whichever driver it has."""

SHARED: Mapping[str, str] = {
    "balancer.layer-7": "the listener speaks HTTP itself, so weights steer requests",
    "balancer.no-listener": "the balancer has no such listener",
    "balancer.reset-on-removal": "removing a backend cuts its connections",
    "balancer.scheduler": "the scheduler does not honour weights exactly",
    "balancer.shared-group": "several listeners lead to the same group of backends, so they move together",
    "balancer.sticky": "session persistence keeps clients on their gateway whatever the weights",
}


def shared(*words: str) -> dict[str, str]:
    """Give the shared codes `balancer.<word>` with their meanings."""
    return {f"balancer.{word}": SHARED[f"balancer.{word}"] for word in words}
