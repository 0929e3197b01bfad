"""Vendors' network policies: whom they mean, and which upstreams would refuse a gateway in its node's network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.manifests import Manifest
from migrator.domain.planning.checks.cluster import network_policies
from migrator.domain.planning.policies import POLICY_GROUPS, policies
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HOST_PORT, SPACE, SPEC, codes, deployment, template, thing, world

CILIUM, CALICO, ANTREA = "cilium.io/v2", "crd.projectcalico.org/v1", "crd.antrea.io/v1beta1"
ADMIN, ADMIN2 = "policy.networking.k8s.io/v1alpha1", "policy.networking.k8s.io/v1alpha2"
KEYS = {(CALICO, "NetworkPolicy"): "CalicoNetworkPolicy", (ANTREA, "NetworkPolicy"): "AntreaNetworkPolicy"} | {
    (ANTREA, "ClusterNetworkPolicy"): "AntreaClusterNetworkPolicy"
}
SPACES = thing("Namespace", SPACE, space="", labels={"zone": "dmz"})


def seen(*made: Manifest) -> Any:
    """Give the look with these policies, each under the name by which a plan lists it."""
    looked = world(SPACES)
    listed: dict[str, list[Any]] = {}
    for each in made:
        key = KEYS.get((str(each["apiVersion"]), str(each["kind"])), str(each["kind"]))
        listed.setdefault(key, []).append(each)
    return replace(looked, objects=(*looked.objects, *((key, tuple(rows)) for key, rows in listed.items())))


def cilium(*ingress: Any, space: str = "shop", selector: Any = None, **more: Any) -> Manifest:
    kind = "CiliumNetworkPolicy" if space else "CiliumClusterwideNetworkPolicy"
    chosen = {"matchLabels": {"app": "orders"}} if selector is None else selector
    return thing(kind, "p", {"endpointSelector": chosen, "ingress": list(ingress), **more}, space, CILIUM)


def calico(*ingress: Any, space: str = "shop", selector: str = "app == 'orders'", **more: Any) -> Manifest:
    kind = "NetworkPolicy" if space else "GlobalNetworkPolicy"
    return thing(kind, "p", {"selector": selector, "ingress": list(ingress), **more}, space, CALICO)


def allow(**source: Any) -> Any:
    return {"action": "Allow", "source": source}


def antrea(*ingress: Any, space: str = "", applied: Any = None) -> Manifest:
    kind = "NetworkPolicy" if space else "ClusterNetworkPolicy"
    targets = (
        [{"podSelector": {"matchLabels": {"app": "orders"}}, "namespaceSelector": {}}] if applied is None else applied
    )
    return thing(kind, "p", {"appliedTo": targets, "ingress": list(ingress)}, space, ANTREA)


IN_SPACE = "k8s:io.kubernetes.pod.namespace"
GW = {"matchLabels": {"k8s:app": "gw", IN_SPACE: SPACE}}
ANTREA_GW = {"podSelector": {"matchLabels": {"app": "gw"}}, "namespaceSelector": {"matchLabels": {"zone": "dmz"}}}
DROP_ALL = {"action": "Drop", "from": []}

REFUSED = [
    pytest.param([cilium({"fromEndpoints": [GW]})], "cilium", id="Cilium, by endpoints"),
    pytest.param(
        [cilium({"fromEndpoints": [{"matchLabels": {"any:app": "gw", IN_SPACE: SPACE}}]})], "cilium", id="any source"
    ),
    pytest.param(
        [cilium({"fromEndpoints": [{"matchExpressions": [{"key": IN_SPACE, "operator": "In", "values": [SPACE]}]}]})],
        "cilium",
        id="Cilium, by an expression",
    ),
    pytest.param(
        [
            cilium(
                {"fromEndpoints": [{"matchLabels": {"k8s:io.cilium.k8s.namespace.labels.zone": "dmz", "app": "gw"}}]},
                space="",
            )
        ],
        "cilium",
        id="Cilium, of the whole cluster, by the namespace's label",
    ),
    pytest.param([cilium({"fromCIDR": ["10.0.0.0/24"]})], "cilium", id="Cilium, by the pods' addresses"),
    pytest.param(
        [cilium({"fromCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["10.9.0.0/16"]}]})], "cilium", id="a CIDR is no node"
    ),
    pytest.param([cilium({"fromEndpoints": [GW]}, {"fromEntities": ["world"]})], "cilium", id="the world is no node"),
    pytest.param(
        [
            thing("CiliumNetworkPolicy", "p", None, "shop", CILIUM)
            | {"specs": [cilium({"fromEndpoints": [GW]})["spec"]]}
        ],
        "cilium",
        id="Cilium, several rules",
    ),
    pytest.param([cilium({"fromEndpoints": [GW]}, {"fromEntities": ["host", "remote-node"]})], "", id="nodes let in"),
    pytest.param([cilium({"fromEndpoints": [GW]}, {"fromEntities": ["cluster"]})], "", id="the cluster let in"),
    pytest.param([cilium({"fromEntities": ["all"]})], "", id="all let in"),
    pytest.param(
        [cilium({"fromEndpoints": [GW]}, {"fromNodes": [{"matchLabels": {}}]})], "", id="nodes by label let in"
    ),
    pytest.param(
        [cilium({"fromEndpoints": [GW]}), cilium({"fromEndpoints": [{"matchLabels": {"reserved:remote-node": ""}}]})],
        "",
        id="another policy lets nodes in",
    ),
    pytest.param([cilium({"fromEndpoints": [GW]}), cilium({}, selector={})], "", id="everybody let in"),
    pytest.param([cilium({"fromEndpoints": [{"matchLabels": {"app": "gw"}}]})], "", id="its own namespace alone"),
    pytest.param([cilium({"fromEndpoints": [{}]}, space="")], "", id="whatever Cilium knows, in the whole cluster"),
    pytest.param([cilium({"fromEndpoints": [{"matchLabels": {"app": "x", IN_SPACE: SPACE}}]})], "", id="somebody else"),
    pytest.param([cilium({"fromEndpoints": [GW]}, enableDefaultDeny={"ingress": False})], "", id="isolates nobody"),
    pytest.param(
        [cilium({"fromEndpoints": [{}]}, space=SPACE, selector={"matchLabels": {"app": "gw"}})],
        "",
        id="the gateways' own",
    ),
    pytest.param(
        [cilium({"fromEntities": ["cluster"]}, ingressDeny=[{"fromEntities": ["remote-node"]}])],
        "denied",
        id="nodes denied",
    ),
    pytest.param([cilium({}, ingressDeny=[{"fromEndpoints": [GW]}])], "", id="the old pods denied"),
    pytest.param(
        [thing("CiliumClusterwideNetworkPolicy", "n", {"nodeSelector": {}, "ingress": []}, "", CILIUM)],
        "",
        id="for nodes",
    ),
    pytest.param(
        [calico(allow(selector="app == 'gw'", namespaceSelector="zone == 'dmz'"))], "vendor", id="Calico, by label"
    ),
    pytest.param(
        [calico(allow(namespaceSelector=f"projectcalico.org/name == '{SPACE}'"))], "vendor", id="Calico, by namespace"
    ),
    pytest.param([calico(allow(selector="app == 'gw'"), space="")], "vendor", id="Calico, of the whole cluster"),
    pytest.param([calico(allow(nets=["10.0.0.0/24"]))], "vendor", id="Calico, by address"),
    pytest.param([calico(allow(serviceAccounts={"names": ["default"]}), space="")], "vendor", id="Calico, by account"),
    pytest.param([calico(allow(serviceAccounts={"names": ["x"]}), space="")], "", id="Calico, by another account"),
    pytest.param([calico(allow(selector="app == 'gw'"))], "", id="Calico, its own namespace alone"),
    pytest.param([calico(allow(notSelector="app == 'gw'"), space="")], "", id="Calico, all but the gateways"),
    pytest.param([calico(allow(nets=["10.0.0.0/8"]))], "", id="Calico, pods and nodes"),
    pytest.param([calico(allow(nets=["10.0.0.0/8"], notNets=["10.1.0.0/16"]))], "vendor", id="Calico, but the nodes"),
    pytest.param([calico(allow(notNets=["192.0.2.0/24"]))], "", id="Calico, all but some"),
    pytest.param([calico(allow(notNets=["10.1.0.0/24"]))], "vendor", id="Calico, all but the nodes"),
    pytest.param([calico({"action": "Allow"})], "", id="Calico, everybody"),
    pytest.param(
        [calico({"action": "Deny", "source": {"nets": ["10.1.0.0/24"]}}, {"action": "Allow"})],
        "denied",
        id="Calico denies",
    ),
    pytest.param([calico(allow(selector="app == 'gw'"), space="", types=["Egress"])], "", id="Calico, on the way out"),
    pytest.param(
        [calico({"action": "Log"}, allow(selector="app == 'gw'"), space="")], "vendor", id="a log lets nobody in"
    ),
    pytest.param([antrea({"action": "Allow", "from": [ANTREA_GW]}, DROP_ALL)], "vendor", id="Antrea"),
    pytest.param([antrea({"action": "Allow", "from": [ANTREA_GW]})], "", id="Antrea, isolates nobody"),
    pytest.param(
        [antrea({"action": "Allow", "from": [ANTREA_GW, {"ipBlock": {"cidr": "10.1.0.0/24"}}]}, DROP_ALL)],
        "",
        id="and nodes",
    ),
    pytest.param(
        [antrea({"action": "Allow", "from": [ANTREA_GW, {"nodeSelector": {}}]}, DROP_ALL)], "", id="and nodes by label"
    ),
    pytest.param(
        [antrea({"action": "Reject", "from": [{"ipBlock": {"cidr": "10.1.0.0/24"}}]})], "denied", id="Antrea denies"
    ),
    pytest.param(
        [
            antrea(
                {"action": "Allow", "from": [{"podSelector": {}}], "appliedTo": [{"podSelector": {}}]},
                DROP_ALL,
                space="shop",
                applied=[],
            )
        ],
        "",
        id="Antrea, its own namespace alone",
    ),
    pytest.param([antrea({"action": "Allow", "from": [{"fqdn": "x"}]}, DROP_ALL)], "", id="Antrea, by a name"),
    pytest.param(
        [
            thing(
                "AdminNetworkPolicy",
                "a",
                {"subject": {"namespaces": {}}, "ingress": [{"action": "Deny", "from": []}]},
                "",
                ADMIN,
            )
        ],
        "",
        id="an administrator's policy does not mean nodes apart from pods",
    ),
]


@pytest.mark.parametrize(("made", "variant"), REFUSED)
def test_an_upstream_that_would_refuse_a_node_blocks(made: list[Manifest], variant: str) -> None:
    found = list(network_policies.upstreams_let_nodes_in(propose(seen(*made), SPEC)))

    assert [(each.code, each.variant) for each in found] == (
        [("hostnetwork.upstream-policy", variant)] if variant else []
    )
    assert not list(network_policies.upstreams_let_nodes_in(propose(seen(*made), HOST_PORT)))


V2, GATEWAYS = {"matchLabels": {"version": "v2"}}, {"matchLabels": {"k8s:app": "gw"}}
SUBJECT = {"podSelector": V2, "namespaceSelector": {}}
CHOOSES = [
    pytest.param(cilium(space=SPACE, selector=V2), "new", id="Cilium, the new pods"),
    pytest.param(cilium(space=SPACE, selector=GATEWAYS), "both", id="Cilium, both sides"),
    pytest.param(cilium(space="shop", selector=GATEWAYS), "none", id="Cilium, another namespace"),
    pytest.param(calico(space=SPACE, selector="version == 'v2'"), "new", id="Calico, the new pods"),
    pytest.param(calico(space=SPACE, selector="version != 'v2'"), "old", id="Calico, the old pods"),
    pytest.param(calico(space="", selector="all()"), "both", id="Calico, everybody"),
    pytest.param(antrea(space=SPACE, applied=[{"podSelector": V2}]), "new", id="Antrea, the new pods"),
    pytest.param(antrea(applied=[{"group": "g"}]), "none", id="Antrea, a group"),
    pytest.param(
        thing("AdminNetworkPolicy", "a", {"subject": {"pods": SUBJECT}}, "", ADMIN), "new", id="administrator"
    ),
    pytest.param(
        thing("ClusterNetworkPolicy", "a", {"subject": {"namespaces": {"matchLabels": {"zone": "dmz"}}}}, "", ADMIN2),
        "both",
        id="administrator, by namespace",
    ),
    pytest.param(
        thing("CiliumEgressGatewayPolicy", "e", {"selectors": [{"podSelector": V2}]}, "", CILIUM),
        "new",
        id="egress gateway",
    ),
]


@pytest.mark.parametrize(("made", "side"), CHOOSES)
def test_a_policy_of_one_side_is_told_where_policies_apply(made: Manifest, side: str) -> None:
    on_pods, on_host = propose(seen(made), HOST_PORT), propose(seen(made), SPEC)
    (policy,) = policies(on_pods.world)

    apart = list(network_policies.mean_both(on_pods))
    gone = codes(network_policies.no_longer_apply(on_host))

    assert (policy.chooses(network_policies.old_pod(on_pods)), policy.chooses(network_policies.new_pod(on_pods))) == (
        side in ("old", "both"),
        side in ("new", "both"),
    )
    assert [each["side"] for each in apart] == ([side] if side in ("old", "new") else [])
    assert gone == ({"hostnetwork.policy-gone warn"} if side in ("old", "both") else set())
    assert not list(network_policies.mean_both(on_host))
    assert not list(network_policies.no_longer_apply(on_pods))


def test_of_old_pods_in_their_nodes_network_no_policy_is_lost_and_one_of_both_is_the_new_sides_alone() -> None:
    made = replace(seen(calico(space="", selector="all()")), source=deployment(template(hostNetwork=True)))

    assert not list(network_policies.no_longer_apply(propose(made, SPEC)))
    assert [each["side"] for each in network_policies.mean_both(propose(made, HOST_PORT))] == ["new"]


def test_upstreams_know_old_pods_in_their_nodes_network_as_nodes_and_not_by_label() -> None:
    made = replace(seen(cilium({"fromEndpoints": [GW]})), source=deployment(template(hostNetwork=True)))

    assert not list(network_policies.upstreams_let_nodes_in(propose(made, SPEC)))


def test_a_policy_that_cannot_be_read_is_told_and_means_nobody() -> None:
    looked = propose(seen(calico(selector="app ~ 'x'")), SPEC)

    (found,) = network_policies.can_be_read(looked)

    assert (found.code, found["words"]) == ("audit.unread-policy", "~ 'x'")
    assert not list(network_policies.upstreams_let_nodes_in(looked))
    assert not list(network_policies.can_be_read(propose(seen(calico()), SPEC)))


def test_without_a_source_nothing_is_asked_of_policies() -> None:
    nothing = replace(seen(cilium({"fromEndpoints": [GW]})), source=None)

    for spec in (SPEC, HOST_PORT):
        for check in (
            network_policies.mean_both,
            network_policies.no_longer_apply,
            network_policies.upstreams_let_nodes_in,
        ):
            assert not list(check(propose(nothing, spec)))


def test_each_group_knows_its_kinds() -> None:
    assert "CiliumNetworkPolicy" in POLICY_GROUPS["cilium.io"]
    assert {"NetworkPolicy", "GlobalNetworkPolicy"} <= POLICY_GROUPS["crd.projectcalico.org"]
    assert "ClusterNetworkPolicy" in POLICY_GROUPS["crd.antrea.io"]
    assert "CiliumNetworkPolicy" not in POLICY_GROUPS["crd.antrea.io"]
