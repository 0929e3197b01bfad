"""Which backends are the old side's: pods themselves, node ports, and host ports that the CNI forwards to another port."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.model.target import PortMapping
from migrator.domain.model.workload import Pod
from migrator.domain.observation.world import World
from migrator.domain.planning.backends import host_port_entries, mapped_host_ports, sides_of
from migrator.domain.planning.checks.balancer.backends import (
    foreign_backends,
    listeners_have_old_backends,
    whole_pods_behind_each_backend,
)
from migrator.domain.planning.checks.balancer.exposure import Exposure, exposure
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, codes, deployment, node, service, template, world

CORPUS = Path(os.environ.get("MIGRATOR_CORPUS", "/nonexistent"))
PLAN = replace(
    SPEC,
    balancer=replace(SPEC.balancer, listeners=(ListenerSpec("l-1", 80), ListenerSpec("l-2", 443))),
    target=replace(SPEC.target, ports=(PortMapping(8080, 18080), PortMapping(8443, 18443))),
)


def forwarded(**pod: Any) -> Manifest:
    """Give a Deployment of Contour's shape: hostPort 80 leads to 8080, 443 to 8443."""
    ports = [{"containerPort": 8080, "hostPort": 80}, {"containerPort": 8443, "hostPort": 443}, {"containerPort": 8002}]
    made: Any = template(**pod)
    made["spec"]["containers"][0]["ports"] = ports
    return deployment(made)


def dialled(source: Manifest, spec: Spec = PLAN) -> tuple[World, Spec]:
    """Give a look at two old pods on nodes old-1 and old-2, dialled on their nodes' addresses, and one on another node."""
    ports = {"l-1": 80, "l-2": 443}
    rows = [Backend(name, f"10.2.0.{at}", port) for name, port in ports.items() for at in (1, 2)]
    targets = tuple(Target(row, 10, Health.HEALTHY) for row in (*rows, Backend("l-1", "10.2.0.9", 80)))
    nodes = [node(f"old-{at}", f"10.2.0.{at}") for at in (1, 2, 9)]
    return world(*nodes, source=source, targets=targets), spec


def test_a_host_port_that_leads_to_another_container_port_is_the_old_side_on_its_pods_own_nodes() -> None:
    seen, spec = dialled(forwarded())

    found = {(row.backend.address, row.backend.port) for row in sides_of(seen, spec).old}

    assert found == {(f"10.2.0.{at}", port) for at in (1, 2) for port in (80, 443)}
    assert [row.subject for row in foreign_backends(propose(seen, spec))] == [str(Backend("l-1", "10.2.0.9", 80))]
    assert codes(listeners_have_old_backends(propose(seen, spec))) == set()


def test_the_new_port_is_mapped_from_the_container_port_and_not_from_the_host_port() -> None:
    found = {(each.listener, each.port) for each in (slot.backend for slot in sides_of(*dialled(forwarded())).new)}

    assert found == {("l-1", 18080), ("l-2", 18443)}


def test_behind_a_host_port_there_is_a_whole_pod() -> None:
    seen, spec = dialled(forwarded())
    seen = replace(seen, targets=seen.targets[:-1])

    assert codes(whole_pods_behind_each_backend(propose(seen, spec))) == set()
    assert exposure(propose(seen, spec)) is Exposure.HOST_PORT


def test_a_node_of_the_plan_needs_no_node_object() -> None:
    seen = world(source=forwarded(), nodes=(Node("old-1", "10.2.0.1"), Node("free", "10.2.0.7")))

    assert set(host_port_entries(seen)) == {("10.2.0.1", 80), ("10.2.0.1", 443)}


def test_pods_in_their_nodes_own_network_have_no_doors_beside_their_address() -> None:
    assert mapped_host_ports(world(source=forwarded(hostNetwork=True))) == {}
    assert mapped_host_ports(replace(world(), source=None)) == {}
    assert host_port_entries(world()) == {}


@pytest.mark.skipif(not (CORPUS / "contour").is_dir(), reason="MIGRATOR_CORPUS does not lead to the corpus")
@pytest.mark.parametrize("manifest", ["contour/deployment.yaml", "ingress-nginx/kind.yaml"])
def test_real_gateways_with_host_ports_are_found_behind_their_nodes(manifest: str) -> None:
    with (CORPUS / manifest).open(encoding="utf-8") as file:
        source = next(
            made
            for made in yaml.safe_load_all(file)
            if made and made["kind"] == "Deployment" and mapped_host_ports(replace(world(), source=made))
        )
    seen, spec = dialled(source)
    pod = Pod(PodRef(SPEC.cluster.namespace, "envoy-1", "u-1", "10.0.0.1", "old-1"), (), ready=True)
    seen = replace(seen, source=source, old=replace(seen.old, pods=(pod,)))

    assert {(row.backend.address, row.backend.port) for row in sides_of(seen, spec).old} == {
        ("10.2.0.1", 80),
        ("10.2.0.1", 443),
    }


def test_a_node_port_is_open_on_every_node_as_long_as_pods_are_behind_it() -> None:
    ports = [{"port": 80, "targetPort": 8080, "nodePort": 30080}]
    rows = tuple(Target(Backend("l-1", address, 30080), 10, Health.HEALTHY) for address in ("10.9.0.1", "10.1.0.1"))
    seen = world(node("far", "10.9.0.1"), plain=[service(ports=ports, type="NodePort")], targets=rows)

    assert [row.backend.address for row in sides_of(seen, SPEC).old] == ["10.9.0.1", "10.1.0.1"]
    gone = replace(seen, old=replace(seen.old, pods=()))
    assert [row.backend.address for row in sides_of(gone, SPEC).old] == ["10.1.0.1"]
