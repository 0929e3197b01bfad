"""A mesh around the gateways: ServiceEntries that lead to their pods, and upstream rules that name them by address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways import PROFILES
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.checks.cluster import audit, mesh
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HOST_PORT, SHARED, SPACE, SPEC, codes, deployment, thing, world


def entry(selector: Any, space: str = SPACE) -> Manifest:
    chosen = {"workloadSelector": {"labels": selector}} if selector is not None else {}
    return thing("ServiceEntry", "e", {"hosts": ["edge.internal"], "resolution": "STATIC", **chosen}, space)


CATCHES, LEAVES = "selectors.service-entry-catches-new block", "selectors.service-entry-left-behind block"
ENTRIES = [
    pytest.param({"app": "gw"}, SPACE, {CATCHES}, id="both sides"),
    pytest.param({}, SPACE, {CATCHES}, id="every pod of the namespace"),
    pytest.param({"version": "v2"}, SPACE, {CATCHES}, id="the new pods"),
    pytest.param({"pod-template-hash": "6f7d"}, SPACE, {LEAVES}, id="the old pods"),
    pytest.param({"app": "other"}, SPACE, set(), id="somebody else"),
    pytest.param({"app": "gw"}, "shop", set(), id="another namespace's pods"),
    pytest.param(None, SPACE, set(), id="no pods, but addresses"),
]


@pytest.mark.parametrize(("selector", "space", "found"), ENTRIES)
@pytest.mark.parametrize("kind", sorted(PROFILES))
def test_a_service_entry_calls_the_pods_that_it_selects(kind: str, selector: Any, space: str, found: set[str]) -> None:
    spec = replace(SPEC, gateway=GatewaySpec(kind))
    said = codes(preflight(propose(world(entry(selector, space)), spec)))

    assert {each for each in said if "service-entry" in each} == found


def test_the_label_to_add_is_the_one_that_guard_narrows_services_by() -> None:
    made = deployment()
    labelled: Any = made["spec"]
    labelled["template"]["metadata"]["labels"] = {**SHARED, "track": "old"}
    pods = world().old
    old = replace(pods, pods=tuple(replace(p, labels=(*p.labels, ("track", "old"))) for p in pods.pods))
    spec = replace(SPEC, target=replace(SPEC.target, labels=(("track", "new"),)))

    (told,) = mesh.service_entries_are_told_apart(propose(world(entry({"app": "gw"}), source=made, old=old), spec))
    (untold,) = mesh.service_entries_are_told_apart(propose(world(entry({"track": "new"}), source=made, old=old), spec))

    assert told["label"] == "track=old"
    assert untold["label"] is None
    assert not list(mesh.service_entries_are_told_apart(propose(replace(world(entry({})), source=None), SPEC)))


OLD_PODS, NODES, BOTH, CLIENTS = ["10.0.0.0/24"], ["10.1.0.0/24"], ["10.0.0.0/8"], ["203.0.113.0/24"]


def when(key: str, **lists: Any) -> dict[str, Any]:
    return {"when": [{"key": key, **lists}]}


def source(**lists: Any) -> dict[str, Any]:
    return {"from": [{"source": lists}]}


MISSED, CAUGHT = "hostnetwork.ip-blocks", "hostnetwork.ip-blocks:nodes"
POLICIES = [
    pytest.param("ALLOW", source(ipBlocks=OLD_PODS), MISSED, id="lets the pods in"),
    pytest.param("ALLOW", source(remoteIpBlocks=OLD_PODS), MISSED, id="by the remote address"),
    pytest.param("DENY", source(ipBlocks=OLD_PODS), MISSED, id="keeps the pods out"),
    pytest.param("DENY", source(notIpBlocks=OLD_PODS), MISSED, id="keeps all but the pods out"),
    pytest.param("DENY", source(notRemoteIpBlocks=OLD_PODS), MISSED, id="all but the pods, by the remote address"),
    pytest.param("DENY", when("source.ip", notValues=OLD_PODS), MISSED, id="all but the pods, by a condition"),
    pytest.param("ALLOW", when("source.ip", values=OLD_PODS), MISSED, id="the pods, by a condition"),
    pytest.param("ALLOW", when("remote.ip", values=OLD_PODS), MISSED, id="the pods, by a condition on the remote"),
    pytest.param("DENY", when("remote.ip", notValues=["10.0.0.1"]), MISSED, id="all but one pod"),
    pytest.param("DENY", source(ipBlocks=NODES), CAUGHT, id="keeps the nodes out"),
    pytest.param("ALLOW", when("source.ip", notValues=NODES), CAUGHT, id="lets all but the nodes in"),
    pytest.param("ALLOW", source(ipBlocks=NODES), "", id="lets the nodes in, too"),
    pytest.param("DENY", source(notIpBlocks=NODES), "", id="keeps all but the nodes out: the pods came in otherwise"),
    pytest.param("AUDIT", source(ipBlocks=NODES), "", id="only writes the nodes down"),
    pytest.param("DENY", when("source.ip", notValues=BOTH), "", id="keeps all but both out"),
    pytest.param("ALLOW", source(ipBlocks=CLIENTS), "", id="lets clients in"),
    pytest.param("ALLOW", when("source.principal", values=["a"]), "", id="asks for something else"),
    pytest.param("", source(ipBlocks=OLD_PODS), MISSED, id="ALLOW is the default"),
]


@pytest.mark.parametrize(("action", "rule", "found"), POLICIES)
@pytest.mark.parametrize("kind", ["istio", "envoy"])
def test_an_upstreams_rule_by_address_means_pods_or_nodes(kind: str, action: str, rule: Any, found: str) -> None:
    made = thing("AuthorizationPolicy", "a", {"rules": [rule], **({"action": action} if action else {})}, "shop")
    spec = replace(SPEC, gateway=GatewaySpec(kind))

    said = [each.key for each in preflight(propose(world(made), spec)) if each.code == "hostnetwork.ip-blocks"]

    assert said == ([found] if found else [])


def test_positive_blocks_of_a_policy_add_up_over_its_rules_and_fields() -> None:
    rules = [source(ipBlocks=OLD_PODS), when("source.ip", values=NODES)]

    assert not list(
        mesh.rules_by_address(propose(world(thing("AuthorizationPolicy", "a", {"rules": rules}, "shop")), SPEC))
    )


def test_a_policy_of_the_gateways_themselves_is_asked_of_their_clients() -> None:
    own = {"selector": {"matchLabels": {"app": "gw"}}, "rules": [source(ipBlocks=OLD_PODS)]}

    assert not list(mesh.rules_by_address(propose(world(thing("AuthorizationPolicy", "a", own)), SPEC)))
    assert list(mesh.rules_by_address(propose(world(thing("AuthorizationPolicy", "a", own, "shop")), SPEC)))


def test_without_the_nodes_network_the_addresses_stay_the_pods() -> None:
    made = thing("AuthorizationPolicy", "a", {"rules": [source(ipBlocks=OLD_PODS)]}, "shop")

    assert not list(mesh.rules_by_address(propose(world(made), HOST_PORT)))
    assert not list(mesh.rules_by_address(propose(replace(world(made), source=None), SPEC)))


def test_a_kind_that_nobody_understands_is_told() -> None:
    seen = replace(world(), strange=(("networking.istio.io", "Novelty"),))

    assert codes(audit.kinds_are_understood(propose(seen, SPEC))) == {"audit.unknown-kind warn"}
    assert not list(audit.kinds_are_understood(propose(world(), SPEC)))
