"""Network policies about the pods that stand in for old ones which were in their nodes' network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.target import PortConflict
from migrator.domain.planning.checks.nodes import stand_ins
from migrator.domain.planning.proposal import Proposal, propose
from tests.domain.planning.checks.ground import codes, thing
from tests.domain.seen import OLD_REF
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld, on, quick

LED = on(quick(replace(SPEC, target=replace(SPEC.target, port_conflict=PortConflict.NODE_PORT))), "l-1")  # type: ignore[arg-type]
NODES = {"ipBlock": {"cidr": "10.1.0.0/16"}}
PODS = {"podSelector": {"matchLabels": {"app": "gw"}}}
STAND_INS = {"podSelector": {"matchLabels": {"migrator.dev/stand-in": "node-port"}}}
HOME = {"namespaceSelector": {}, **PODS}
ELSEWHERE = {"namespaceSelector": {"matchLabels": {"zone": "dmz"}}, **PODS}
ORDERS = {"matchLabels": {"app": "orders"}}
OTHERS = {"matchLabels": {"app": "x"}}
ALLOWS = {"action": "Allow", "source": {"nets": ["10.1.0.0/16"]}}
DENIES = {"action": "Deny", "source": {"selector": "app == 'gw'", "namespaceSelector": "all()"}}
GATEWAYS = {"matchLabels": {"app": "gw"}}


def policy(*sources: Any, space: str = "shop", chosen: Any = None, **more: Any) -> Manifest:
    spec = {"podSelector": ORDERS if chosen is None else chosen, "ingress": [{"from": list(sources)}], **more}
    return thing("NetworkPolicy", f"p-{len(sources)}", spec, space, "networking.k8s.io/v1")


def calico(*rules: Any, chosen: str = "app == 'orders'") -> Manifest:
    spec = {"selector": chosen, "ingress": list(rules)}
    return thing("NetworkPolicy", "c", spec, "edge" if "gw" in chosen else "shop", "crd.projectcalico.org/v1")


def proposal(*policies: Manifest, on_host: bool = True, asked: bool = True, networks: Any = None) -> Proposal:
    """Give a proposal whose old pods are in their nodes' network, with these policies."""
    world = FakeWorld(listeners=("l-1",), host_port=NEW_PORT)
    if on_host:
        mapping(world.cluster.objects[OLD_REF], "spec", "template", "spec")["hostNetwork"] = True
    look = world.look(LED)
    listed: dict[str, list[Any]] = {"NetworkPolicy": [], "CalicoNetworkPolicy": []}
    for each in policies:
        vendor = str(each["apiVersion"]).startswith("crd.")
        listed["CalicoNetworkPolicy" if vendor else "NetworkPolicy"].append(each)
    if networks is not None:
        listed["Node"] = [{"metadata": {"name": "x"}, "spec": networks}]
    kept = tuple((key, rows) for key, rows in look.objects if key not in listed)
    look = replace(look, objects=(*kept, *((key, tuple(rows)) for key, rows in listed.items())))
    return propose(look, LED if asked else replace(LED, target=replace(LED.target, port_conflict=None)))  # type: ignore[arg-type]


BLOCKS = {"detour.upstream-policy block"}


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        pytest.param((policy(NODES),), BLOCKS, id="nodes alone"),
        pytest.param((policy({"ipBlock": {"cidr": "10.1.0.0/16", "except": ["10.1.0.2/32"]}}),), set(), id="not all nodes"),
        pytest.param((policy(NODES, HOME),), set(), id="pods by label, of every namespace"),
        pytest.param((policy(NODES, PODS),), BLOCKS, id="pods of another namespace"),
        pytest.param((policy(NODES, PODS, space="edge"),), set(), id="pods of their own namespace"),
        pytest.param((policy(NODES, ELSEWHERE),), BLOCKS, id="pods of no such namespace"),
        pytest.param((policy(NODES), policy(HOME, STAND_INS)), set(), id="another policy beside it"),
        pytest.param((policy(NODES), policy(HOME, STAND_INS, chosen=OTHERS)), BLOCKS, id="of other pods"),
        pytest.param((policy(),), set(), id="open to all"),
        pytest.param((policy(HOME),), set(), id="nodes were never let in"),
        pytest.param((policy(NODES, policyTypes=["Egress"], egress=[{}]),), set(), id="about what leaves"),
        pytest.param((policy(NODES, chosen=GATEWAYS, space="edge"),), set(), id="about the gateways themselves"),
        pytest.param((calico(ALLOWS),), BLOCKS, id="a vendor's"),
        pytest.param((calico(DENIES),), BLOCKS, id="a vendor's that denies"),
    ],
)  # fmt: skip
def test_upstreams_that_let_nodes_in_must_let_stand_ins_in(policies: tuple[Manifest, ...], found: set[str]) -> None:
    assert codes(stand_ins.upstreams_let_stand_ins_in(proposal(*policies))) == found


def test_a_block_that_has_the_network_of_all_pods_lets_stand_ins_in() -> None:
    everywhere = policy({"ipBlock": {"cidr": "10.0.0.0/8"}})

    for networks in ({"podCIDRs": ["10.244.1.0/24"]}, {"podCIDR": "10.244.1.0/24"}):
        assert codes(stand_ins.upstreams_let_stand_ins_in(proposal(everywhere, networks=networks))) == set()
    elsewhere = proposal(everywhere, networks={"podCIDRs": ["192.168.0.0/24"]})
    assert codes(stand_ins.upstreams_let_stand_ins_in(elsewhere)) == BLOCKS


@pytest.mark.parametrize(
    ("made", "found"),
    [
        pytest.param(policy(NODES, chosen=GATEWAYS, space="edge"), True, id="it lets some in"),
        pytest.param(policy(chosen=GATEWAYS, space="edge"), False, id="it lets all in"),
        pytest.param(policy(chosen=GATEWAYS, space="edge", egress=[{"to": [NODES]}]), True, id="it lets them out to some"),
        pytest.param(policy(chosen=GATEWAYS, space="edge", policyTypes=["Egress"], egress=[{}]), False, id="out to all"),
        pytest.param(policy(NODES, chosen=OTHERS, space="edge"), False, id="others"),
        pytest.param(calico(ALLOWS, chosen="app == 'gw'"), True, id="a vendor's"),
    ],
)  # fmt: skip
def test_a_policy_of_the_old_pods_applies_to_stand_ins(made: Manifest, found: bool) -> None:
    assert codes(stand_ins.policies_of_stand_ins(proposal(made))) == ({"detour.own-policy block"} if found else set())


@pytest.mark.parametrize("more", [{"on_host": False}, {"asked": False}], ids=["they were pods before", "no detour"])
def test_nothing_is_asked_where_no_pod_leaves_its_nodes_network(more: dict[str, bool]) -> None:
    seen = proposal(policy(NODES), policy(NODES, chosen=GATEWAYS, space="edge"), **more)

    assert list(stand_ins.upstreams_let_stand_ins_in(seen)) == []
    assert list(stand_ins.policies_of_stand_ins(seen)) == []
