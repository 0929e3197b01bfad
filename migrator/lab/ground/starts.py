"""What a lab's cluster holds at the start, by the way that a migration is to take: one value for each way.

Nothing here is done; `world/seed.py` makes it so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrator.lab.envoygateway import kinds
from migrator.lab.envoygateway.names import SYSTEM, labels_for
from migrator.lab.ground import definitions, manifests
from migrator.lab.ground.envoygateway import FIRST, SECOND, SPACE, objects
from migrator.lab.ground.layout import DERIVED, ENVOY_GATEWAY, GATEWAY_NAMESPACE, Scenario
from migrator.lab.ground.manifests import Json


@dataclass(frozen=True, slots=True)
class Start:
    """One start: the namespace of the gateways' pods, the labels of those that serve, and of those that stand beside them
    without traffic (empty: there are none yet); the objects in the order in which they are made; the kinds to be defined."""

    namespace: str
    serving: dict[str, str]
    standing: dict[str, str]
    objects: Callable[[Scenario], list[Json]]
    definitions: Callable[[], list[Json]]
    defines: bool


STARTS = {
    DERIVED: Start(
        GATEWAY_NAMESPACE, manifests.SELECTOR, {}, manifests.everything, definitions.definitions, defines=False
    ),
    ENVOY_GATEWAY: Start(
        SYSTEM,
        labels_for(f"{SPACE}/{FIRST}"),
        labels_for(f"{SPACE}/{SECOND}"),
        objects,
        kinds.definitions,
        defines=True,
    ),
}
"""`defines`: the lab's own API server does not know these kinds either."""


def start_of(scenario: Scenario) -> Start:
    """Return the start of a scenario."""
    return STARTS[scenario.way]
