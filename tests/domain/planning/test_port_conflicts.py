"""The three ways out of a port conflict: generated, honest about their price, and true when they are taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from migrator.domain.messages.message import say
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Manifest, items, labels, selects
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import PortConflict, PortMapping
from migrator.domain.observation.world import World
from migrator.domain.planning.port_conflicts import taken, ways_out
from migrator.domain.planning.proposal import propose
from tests.domain.planning.derive.gateways import deployment, spec, world

PLAN = spec({8080: 80, 8443: 443})


def holder(node: str, port: int) -> Manifest:
    """Give somebody's pod that holds a port of its node."""
    container = {"name": "c", "ports": [{"containerPort": port, "hostPort": port}]}
    meta = {"name": f"holder-{node}", "namespace": "other", "ownerReferences": [{"kind": "DaemonSet", "name": "other"}]}
    return {"metadata": meta, "spec": {"nodeName": node, "containers": [container]}, "status": {"phase": "Running"}}


def node(name: str, **more: Any) -> Manifest:
    return {"metadata": {"name": name, "labels": {"role": "edge"}}, "spec": more}


def crowded(source: Manifest | None = None) -> World:
    """Give two nodes whose port 80 is held, one that is free and one that is closed."""
    nodes = (node("n-1"), node("n-2"), node("n-3"), node("n-4", unschedulable=True))
    pods = (holder("n-1", 80), holder("n-2", 80), holder("n-2", 10080))
    seen = world(source, objects={"Node": nodes})
    others = tuple(row for row in seen.objects if row[0] != "Pod")
    return replace(seen, nodes=(Node("n-1", "10.1.0.1"), Node("n-2", "10.1.0.2")), objects=(*others, ("Pod", pods)))


def way(which: PortConflict, plan: Spec = PLAN, source: Manifest | None = None):
    (found,) = ways_out(propose(crowded(source), replace(plan, target=replace(plan.target, port_conflict=which))))
    return found


def test_all_three_are_given_unless_the_plan_asks_for_one():
    assert [found.way for found in ways_out(propose(crowded(), PLAN))] == list(PortConflict)
    assert way(PortConflict.PORTS).way is PortConflict.PORTS


def test_what_is_taken_is_told_by_node():
    assert taken(propose(crowded(), PLAN)) == {"n-1": {80}, "n-2": {80}}


def test_other_nodes_are_those_that_are_free_and_open():
    found = way(PortConflict.NODES)

    assert found.why_not is None
    assert [command.split()[1:4] for command in found.commands] == [["label", "node", "n-3"], ["taint", "node", "n-3"]]
    (daemonset,) = found.manifests
    chosen = labels(daemonset, "spec", "template", "spec", "nodeSelector")
    assert selects(found.plan["nodeSelector"], chosen)
    assert found.plan["tolerations"][0] in items(daemonset, "spec", "template", "spec", "tolerations")


def test_without_a_free_node_it_says_so():
    seen = replace(crowded(), objects=tuple(row for row in crowded().objects if row[0] != "Node"))

    (found,) = ways_out(propose(seen, replace(PLAN, target=replace(PLAN.target, port_conflict=PortConflict.NODES))))

    assert found.why_not == say("way.no-node-free")


def test_other_ports_resemble_the_old_ones_and_are_free_on_every_node():
    found = way(PortConflict.PORTS)

    assert found.plan["ports"] == {"8080": 10081, "8443": 443}
    pairs = tuple(PortMapping(int(old), new) for old, new in found.plan["ports"].items())
    again = replace(PLAN, target=replace(PLAN.target, ports=pairs))
    assert taken(propose(crowded(), again)) == {}


def test_istios_own_ports_move_by_a_variable_and_its_hidden_ones_are_told():
    source: Any = deployment()
    source["spec"]["template"]["spec"]["containers"][0]["name"] = "istio-proxy"
    seen = crowded(source)
    pods = ("Pod", (holder("n-1", 15021),))
    seen = replace(seen, objects=(*(row for row in seen.objects if row[0] != "Pod"), pods))
    plan = replace(spec({8080: 80}, kind="istio"), target=replace(PLAN.target, port_conflict=PortConflict.PORTS))

    (found,) = ways_out(propose(seen, plan))

    assert found.why_not == say("istio.unmovable")
    container = items(found.plan, "patch", "spec", "template", "spec", "containers")[0]
    assert container["env"] == [{"name": "ENVOY_STATUS_PORT", "value": str(found.plan["ports"]["15021"])}]


def test_a_node_port_leads_to_the_old_pods_and_is_no_way_when_others_hold_the_port():
    source: Any = deployment()
    source["spec"]["template"]["spec"]["hostNetwork"] = True

    held, others = way(PortConflict.NODE_PORT, source=source), way(PortConflict.NODE_PORT)

    assert held.plan == {"portConflict": "nodePort"}
    assert (held.manifests, held.commands) == ((), ())
    assert others.why_not == say("way.old-holds-none")


def test_without_a_source_there_is_no_way():
    assert ways_out(propose(replace(crowded(), source=None), PLAN)) == ()
