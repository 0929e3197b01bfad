"""The two origins of a workload to be answer the same questions."""

from __future__ import annotations

import pytest

from migrator.domain.model.pod_targets import ON_NODES, PodTargets
from migrator.domain.model.target import Derived, Kept, Network, PortMapping, TargetSpec

PORTS = (PortMapping(8080, 18080),)
DERIVED = Derived("gw-ds", ports=PORTS, labels=(("version", "v2"),))
KEPT = Kept(
    "gw", PORTS, (("version", "v1"),), "Deployment", 7, "p-1", {"kind": "Deployment"}, (), "gw-back", (), PodTargets(2)
)


@pytest.mark.parametrize("target", [DERIVED, KEPT])
def test_a_port_that_is_not_mapped_keeps_its_number(target: TargetSpec) -> None:
    assert (target.port(8080), target.port(9090)) == (18080, 9090)


def test_a_derived_target_is_a_daemonset_on_the_plans_nodes_and_reverses_nothing() -> None:
    assert (DERIVED.kind, DERIVED.service, DERIVED.pod_targets) == ("DaemonSet", "gw-ds", ON_NODES)
    assert (DERIVED.companions, DERIVED.reverses) == ((), None)


def test_a_kept_target_is_as_it_was_kept_and_nothing_of_it_is_the_operators() -> None:
    assert (KEPT.kind, KEPT.network, KEPT.reverses) == ("Deployment", Network.POD, 7)
    assert (KEPT.node_selector, KEPT.tolerations, KEPT.patch, KEPT.port_conflict) == ((), (), None, None)
    assert KEPT.manifests == ({"kind": "Deployment"},)
