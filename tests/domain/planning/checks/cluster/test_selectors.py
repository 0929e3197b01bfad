"""Whatever chooses pods by label: what catches the new pods, what misses them, who would adopt whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.kubernetes import matches
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import GuardSpec, JudgeSpec, PrometheusSpec
from migrator.domain.model.target import Derived
from migrator.domain.observation.world import World
from migrator.domain.planning.checks.cluster import selectors
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import (
    HOST_PORT,
    NEW,
    OLD,
    SHARED,
    SPACE,
    SPEC,
    codes,
    deployment,
    pod,
    service,
    template,
    thing,
    world,
)

V1 = {**SHARED, "version": "v1"}

SELECTORS = [
    pytest.param({}, True, id="an empty selector selects all"),
    pytest.param({"matchLabels": {"app": "gw"}}, True, id="an equal label"),
    pytest.param({"matchLabels": {"app": "x"}}, False, id="another value"),
    pytest.param({"matchExpressions": [{"key": "app", "operator": "In", "values": ["gw", "x"]}]}, True, id="in"),
    pytest.param({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["gw"]}]}, False, id="not in"),
    pytest.param(
        {"matchExpressions": [{"key": "none", "operator": "NotIn", "values": ["gw"]}]}, True, id="not in, absent"
    ),
    pytest.param({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True, id="exists"),
    pytest.param({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False, id="does not exist"),
]


@pytest.mark.parametrize(("selector", "matched"), SELECTORS)
def test_label_selectors_mean_what_the_server_means(selector: Any, matched: bool) -> None:
    assert matches(selector, SHARED) is matched


INFO = "selectors.service-catches-new info"
SERVICES = [
    pytest.param({"app": "gw"}, {}, {INFO}, id="both sides: Guard narrows it"),
    pytest.param({"app": "gw", "pod-template-hash": "6f7d"}, {}, {INFO}, id="narrowed to a hash already"),
    pytest.param({"app": "gw", "version": "v1"}, {}, {"selectors.service-apart info"}, id="the old side alone"),
    pytest.param(
        {"app": "gw", "member": "yes"}, {}, {"selectors.service-left-behind block"}, id="a label of live pods"
    ),
    pytest.param({"app": "shop"}, {}, set(), id="somebody else's"),
    pytest.param({}, {}, set(), id="no selector at all"),
    pytest.param({"app": "gw"}, {"port": 8444}, {"selectors.service-not-for-clients block"}, id="no client's"),
    pytest.param({"app": "gw"}, {"port": 8444, "type": "NodePort"}, {INFO}, id="node ports are for clients"),
    pytest.param({"app": "gw"}, {"port": 8444, "type": "LoadBalancer"}, {INFO}, id="a balancer of its own"),
    pytest.param({"app": "gw"}, {"port": 8444, "externalIPs": ["192.0.2.1"]}, {INFO}, id="an outside address"),
    pytest.param(
        {"app": "gw", "version": "v1"},
        {"port": 8444},
        {"selectors.service-not-for-clients block"},
        id="no client's, and it would miss the new pods",
    ),
]


@pytest.mark.parametrize(("chosen", "more", "found"), SERVICES)
def test_what_becomes_of_each_service_is_said(chosen: dict[str, str], more: dict[str, Any], found: set[str]) -> None:
    seen = standing(chosen, **more)

    assert codes(selectors.services_are_told_apart(propose(seen, SPEC))) == found


def standing(chosen: dict[str, str], port: int = 8080, **more: Any) -> World:
    """Give a world with one Service, whose pods have a label that is not their template's."""
    made = service("s", chosen, ports=[{"name": "one", "port": 80, "targetPort": port}], **more)
    seen = world(plain=[made])
    pods = tuple(
        replace(row, labels=tuple(sorted({**dict(row.labels), "member": "yes"}.items()))) for row in seen.old.pods
    )
    return replace(seen, old=replace(seen.old, pods=pods))


ANSWERS = [
    pytest.param({"app": "gw"}, GuardSpec(leave=("s",)), "selectors.service-left", 0, id="left as it is"),
    pytest.param({"app": "gw"}, GuardSpec(narrow=("s",)), "selectors.service-catches-new", 1, id="narrowed"),
    pytest.param(V1, GuardSpec(leave=("s",)), "selectors.service-apart", 1, id="led to the new pods at Retire"),
]


@pytest.mark.parametrize(("chosen", "guard", "code", "changed"), ANSWERS)
def test_the_plan_says_what_becomes_of_a_service_that_no_client_comes_through(
    chosen: dict[str, str], guard: GuardSpec, code: str, changed: int
) -> None:
    proposal = propose(standing(chosen, port=8444), replace(SPEC, guard=guard))

    assert codes(selectors.services_are_told_apart(proposal)) == {f"{code} info"}
    assert len([change for change in proposal.changes if change.ref.kind == "Service"]) == changed


def test_a_service_that_only_the_new_pods_would_be_in_is_nobodys_to_miss() -> None:
    proposal = propose(standing({"app": "gw", "version": "v2"}), SPEC)

    assert codes(selectors.services_are_told_apart(proposal)) == {INFO}


def test_a_service_that_a_cloud_controller_registers_pods_by_is_for_clients() -> None:
    binding = thing("TargetGroupBinding", "b", {"serviceRef": {"name": "s"}}, api="elbv2.k8s.aws/v1beta1")
    seen = standing({"app": "gw"}, port=8444)
    seen = replace(seen, objects=(*seen.objects, ("TargetGroupBinding", (binding,))))

    assert codes(selectors.services_are_told_apart(propose(seen, SPEC))) == {INFO}


def test_an_object_of_another_namespace_registers_none_of_our_pods() -> None:
    binding = thing("TargetGroupBinding", "b", {"serviceRef": {"name": "s"}}, space="shop", api="elbv2.k8s.aws/v1beta1")
    seen = standing({"app": "gw"}, port=8444)
    seen = replace(seen, objects=(*seen.objects, ("TargetGroupBinding", (binding,))))

    assert codes(selectors.services_are_told_apart(propose(seen, SPEC))) == {"selectors.service-not-for-clients block"}


def test_a_port_that_a_service_calls_by_name_stays_as_it_is() -> None:
    named = service("s", {"app": "gw"}, ports=[{"name": "one", "port": 80, "targetPort": "http2"}])
    (change,) = propose(world(plain=[named]), SPEC).changes

    assert change.after["spec"]["ports"] == [{"name": "one", "port": 80, "targetPort": "http2"}]  # type: ignore[index, call-overload]


def test_while_no_port_of_a_listener_is_known_every_service_may_be_for_clients() -> None:
    seen = replace(standing({"app": "gw"}, port=8444), targets=())

    assert codes(selectors.services_are_told_apart(propose(seen, SPEC))) == {INFO}


def unlabelled(*objects: Manifest, **labels: str) -> World:
    """Give a world whose old template has these labels beside `istio`, and whose Service selects by all of them."""
    made = template()
    made["metadata"] = {"labels": {"istio": "ingressgateway", **labels}}
    seen = world(*objects, source=deployment(made), plain=[service("s", {"istio": "ingressgateway", **labels})])
    pods = tuple(
        replace(row, labels=tuple(sorted({"istio": "ingressgateway", **labels}.items()))) for row in seen.old.pods
    )
    return replace(seen, old=replace(seen.old, pods=pods))


GATEWAY = thing("Gateway", "g", {"selector": {"istio": "ingressgateway"}}, api="networking.istio.io/v1")


def test_a_service_that_no_label_of_the_plan_keeps_from_the_new_pods_blocks_and_a_label_is_advised() -> None:
    (found,) = selectors.services_are_told_apart(propose(unlabelled(GATEWAY, app="gw"), SPEC))

    assert f"{found.code} {found.severity}" == "selectors.service-not-narrowed block"
    assert found["better"] == ("app: gw-ds",)


def test_without_any_label_that_may_differ_the_template_has_to_get_one() -> None:
    (found,) = selectors.services_are_told_apart(propose(unlabelled(GATEWAY), SPEC))

    assert found.key == "selectors.service-not-narrowed:no-label"


NO_LABELS = replace(SPEC, target=replace(SPEC.target, labels=()))
CHOSEN = [
    pytest.param(unlabelled(GATEWAY, app="gw"), (("app", "gw-ds"),), id="a key that Istio does not select by"),
    pytest.param(unlabelled(GATEWAY, tier="x" * 63), (("tier", "x" * 60 + "-ds"),), id="a long value"),
    pytest.param(unlabelled(GATEWAY, tier=""), (("tier", "x-ds"),), id="an empty value"),
    pytest.param(unlabelled(GATEWAY), (("migrator.dev/side", "new"),), id="none is free"),
]


@pytest.mark.parametrize(("seen", "labels"), CHOSEN)
def test_a_plan_without_labels_gets_those_that_keep_the_new_pods_out_of_services(
    seen: World, labels: tuple[tuple[str, str], ...]
) -> None:
    proposal = propose(seen, NO_LABELS)

    assert proposal.spec.target.labels == labels


def test_a_key_by_which_every_service_of_clients_selects_is_chosen_before_another() -> None:
    seen = unlabelled(GATEWAY, app="gw", tier="edge")
    by_tier = service("t", {"tier": "edge", "istio": "ingressgateway"})
    seen = replace(seen, objects=tuple((k, (by_tier,)) if k == "Service" else (k, rows) for k, rows in seen.objects))

    assert propose(seen, NO_LABELS).spec.target.labels == (("tier", "edge-ds"),)


def test_whatever_the_plan_chooses_every_selector_of_istio_still_has_the_new_pods() -> None:
    proposal = propose(unlabelled(GATEWAY, app="gw"), NO_LABELS)

    assert proposal.new_labels["istio"] == "ingressgateway"
    assert [change.patch for change in proposal.changes] == [{}]


def policy(**chosen: str) -> Manifest:
    return thing("NetworkPolicy", "p", {"podSelector": {"matchLabels": chosen}})


POLICIES = [
    pytest.param(policy(app="gw"), set(), id="both sides"),
    pytest.param(policy(version="v2"), {"selectors.network-policy block"}, id="the new side alone"),
    pytest.param(policy(**{"pod-template-hash": "6f7d"}), {"selectors.network-policy block"}, id="the old side alone"),
    pytest.param(policy(app="shop"), set(), id="neither"),
]


@pytest.mark.parametrize(("made", "found"), POLICIES)
def test_a_policy_of_one_side_blocks_where_policies_apply(made: Manifest, found: set[str]) -> None:
    assert codes(selectors.policies_mean_both(propose(world(made), HOST_PORT))) == found
    assert not list(selectors.policies_mean_both(propose(world(made), SPEC)))


def test_a_policy_of_both_by_label_is_of_the_new_side_alone_where_the_old_one_lives_in_its_nodes_network() -> None:
    seen = world(policy(app="gw"), source=deployment(template(hostNetwork=True)))

    (found,) = selectors.policies_mean_both(propose(seen, HOST_PORT))

    assert (found.code, found["side"], found["other"]) == ("selectors.network-policy", "new", "old")


def monitor(kind: str = "PodMonitor", space: str = SPACE, chosen: Any = None, **spec: Any) -> Manifest:
    return thing(kind, "m", {"selector": {"matchLabels": chosen or {"version": "v1"}}, **spec}, space)


MONITORS = [
    pytest.param(monitor(), {"selectors.monitor-misses-new warn"}, id="by a label of the old pods"),
    pytest.param(monitor(chosen={"app": "gw"}), set(), id="by a label of both"),
    pytest.param(monitor(space="monitoring"), set(), id="of another namespace, for itself"),
    pytest.param(
        monitor(space="monitoring", namespaceSelector={"any": True}),
        {"selectors.monitor-misses-new warn"},
        id="of another namespace, for all",
    ),
    pytest.param(
        monitor(space="monitoring", namespaceSelector={"matchNames": [SPACE]}),
        {"selectors.monitor-misses-new warn"},
        id="of another namespace, for ours",
    ),
    pytest.param(
        monitor("ServiceMonitor", chosen={"scrape": "yes"}),
        {"selectors.monitor-misses-new warn"},
        id="through the live Service",
    ),
    pytest.param(monitor("ServiceMonitor", chosen={"scrape": "no"}), set(), id="through another Service"),
]


@pytest.mark.parametrize(("made", "found"), MONITORS)
def test_a_monitor_that_misses_the_new_pods_is_named(made: Manifest, found: set[str]) -> None:
    labelled = template()
    labelled["metadata"] = {"labels": V1}
    live = service("s")
    live["metadata"] = {**live["metadata"], "labels": {"scrape": "yes"}}  # type: ignore[dict-item]
    seen = world(made, plain=[live], source=deployment(labelled))
    pods = tuple(replace(row, labels=tuple(V1.items())) for row in seen.old.pods)

    assert codes(selectors.monitors_see_both(propose(replace(seen, old=replace(seen.old, pods=pods)), SPEC))) == found


def test_a_monitor_that_is_the_only_witness_blocks() -> None:
    alone = replace(SPEC, judge=JudgeSpec(scrape=None, prometheus=PrometheusSpec("http://p")))
    seen = world(monitor(chosen={"pod-template-hash": "6f7d"}))

    assert codes(selectors.monitors_see_both(propose(seen, alone))) == {"selectors.monitor-misses-new block"}


PODS = [
    pytest.param(
        pod("x", {**SHARED, "version": "v2"}), {"selectors.orphan-adopted block"}, id="an orphan with the new labels"
    ),
    pytest.param(pod("x", SHARED), set(), id="an orphan with the old labels"),
    pytest.param(pod("x", {**SHARED, "version": "v2"}, NEW, "DaemonSet"), set(), id="a pod of the DaemonSet"),
]


@pytest.mark.parametrize(("made", "found"), PODS)
def test_an_orphan_that_would_be_adopted_blocks(made: Manifest, found: set[str]) -> None:
    assert codes(selectors.nobody_is_adopted(propose(world(made), SPEC))) == found


STRAYS = [
    pytest.param(pod("gw-6f7d-1", SHARED, "gw-6f7d"), False, id="a pod of the Deployment"),
    pytest.param(pod("x", SHARED), True, id="an orphan"),
    pytest.param(pod("x", SHARED, "other"), True, id="a pod of another ReplicaSet"),
    pytest.param(pod("x", {**SHARED, "version": "v2"}, NEW, "DaemonSet"), False, id="a new pod"),
]


@pytest.mark.parametrize(("made", "stray"), STRAYS)
def test_a_pod_that_only_looks_like_an_old_one_is_named(made: Manifest, stray: bool) -> None:
    assert codes(selectors.owners_are_as_expected(propose(world(made), SPEC))) == (
        {"selectors.stray-pod warn"} if stray else set()
    )


def test_another_workload_with_the_same_labels_is_named_and_the_two_sides_are_not() -> None:
    spec = {"selector": {"matchLabels": SHARED}, "template": {"metadata": {"labels": SHARED}}}
    twin, own = thing("StatefulSet", "twin", spec, api="apps/v1"), thing("Deployment", OLD, spec, api="apps/v1")

    assert codes(selectors.workloads_are_distinct(propose(world(twin, own), SPEC))) == {"selectors.other-workload warn"}
    assert not list(selectors.workloads_are_distinct(propose(world(own), SPEC)))


def test_a_daemonset_with_another_selector_cannot_be_applied_over() -> None:
    there = thing("DaemonSet", NEW, {"selector": {"matchLabels": {"app": "gw"}}}, api="apps/v1")
    same = thing("DaemonSet", NEW, {"selector": {"matchLabels": {**SHARED, "version": "v2"}}}, api="apps/v1")

    assert codes(selectors.selector_is_kept(propose(world(there), SPEC))) == {"selectors.immutable block"}
    assert not list(selectors.selector_is_kept(propose(world(same), SPEC)))
    assert not list(selectors.selector_is_kept(propose(world(there), replace(SPEC, target=Derived("other")))))
