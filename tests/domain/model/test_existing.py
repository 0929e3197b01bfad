"""A target that stands already says of itself only what was read of it: a run makes, scales and changes nothing of it."""

from __future__ import annotations

from migrator.domain.model.pod_targets import ON_NODES
from migrator.domain.model.target import Existing, Network, PortMapping


def test_a_workload_that_stands_gives_nothing_that_a_run_could_make_of_it() -> None:
    target = Existing("gw-ds", "DaemonSet")

    assert (target.kind, target.service, target.network) == ("DaemonSet", "gw-ds", Network.POD)
    assert (target.tolerations, target.companions, target.labels, target.node_selector) == ((), (), (), ())
    assert (target.patch, target.port_conflict, target.reverses) == (None, None, None)
    assert not target.harden
    assert target.pod_targets == ON_NODES


def test_its_ports_are_those_that_were_read_else_those_that_were_asked_for() -> None:
    asked, read = (PortMapping(8080, 80),), (PortMapping(8080, 10080),)

    assert Existing("gw-ds", "DaemonSet", asked).port(8080) == 80
    assert Existing("gw-ds", "DaemonSet", asked, ports=read).port(8080) == 10080
    assert Existing("gw-ds", "DaemonSet").port(8443) == 8443
