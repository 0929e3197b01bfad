"""A lab whose old gateways hold the ports of every node that there is for gateways: the new ones have no other node."""

from __future__ import annotations

from migrator.lab.ground.layout import Scenario
from migrator.lab.ground.manifests import NODE_LABELS, Json, on_host_ports

HERE, ELSEWHERE = "gateways", "others"
"""The pools of nodes by their label: the one for gateways, and the rest."""


def labels(scenario: Scenario, number: int) -> dict[str, str]:
    """The labels of a node: as many are for gateways as there are old pods."""
    return {**NODE_LABELS, "pool": HERE if number <= scenario.replicas else ELSEWHERE}


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created; the old pods keep to the nodes for gateways, too."""
    made = on_host_ports(scenario)
    made[-1]["spec"]["template"]["spec"]["nodeSelector"] = {"pool": HERE}
    return made
