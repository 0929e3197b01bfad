"""Checks of a second Deployment: its pods have to be dialled themselves, and what scales the first means no other."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.pod_targets import PodPort, PodTargets
from migrator.domain.model.spec import After
from migrator.domain.model.target import Derived, Network
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.checks.workloads import placed
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import NEW, OLD, SPEC, codes, node, service, thing, world

SECOND = replace(SPEC, target=Derived(NEW, Network.POD, labels=(("version", "v2"),), workload_kind="Deployment"))


def test_its_pods_are_dialled_as_the_old_ones_are_and_are_as_many() -> None:
    found = propose(world(), SECOND)

    assert found.spec.target.pod_targets == PodTargets(2, (PodPort("l-1", 8080),))
    assert (found.nodes, found.sides.new, found.workload["kind"]) == ((), (), "Deployment")
    assert propose(found.world, found.spec).spec == found.spec


def test_there_are_as_many_as_the_plan_file_says() -> None:
    spec = replace(SECOND, target=replace(SECOND.target, pod_targets=PodTargets(7)))

    assert propose(world(), spec).spec.target.pod_targets.replicas == 7


def test_nothing_is_made_up_without_a_source() -> None:
    found = propose(replace(world(), source=None), SECOND)

    assert (found.workload, found.spec.target.pod_targets.replicas) == ({}, 2)


def test_what_is_of_nodes_alone_is_no_finding_of_it() -> None:
    found = {finding.code for finding in preflight(propose(world(), SECOND))}

    assert not {code for code in found if code.startswith(("nodes.", "capacity.", "ports."))}


def test_a_node_port_leads_to_both_sides_pods() -> None:
    opened = service(type="NodePort", ports=[{"port": 80, "targetPort": 8080, "nodePort": 30080}])
    rows = (Target(Backend("l-1", "10.1.0.1", 30080), 100, Health.HEALTHY),)
    seen = world(node(), plain=[opened], targets=rows)

    assert codes(placed.pods_are_dialled_themselves(propose(seen, SECOND))) == {"placed.by-node-port block"}
    assert not list(placed.pods_are_dialled_themselves(propose(world(), SECOND)))


def test_what_scales_the_first_scales_no_other() -> None:
    scales = {"scaleTargetRef": {"kind": "Deployment", "name": OLD}, "maxReplicas": 5}
    seen = world(thing("HorizontalPodAutoscaler", "hpa", scales, api="autoscaling/v2"))

    assert codes(placed.nothing_scales_them(propose(seen, SECOND))) == {"placed.no-scaler warn"}
    assert not list(placed.nothing_scales_them(propose(world(), SECOND)))


def test_nobody_follows_the_nodes_of_pods_that_the_scheduler_places() -> None:
    found = preflight(propose(world(), replace(SECOND, after=After.MIGRATOR)))

    assert "existing.nodes-by-hand block" in codes(found)
