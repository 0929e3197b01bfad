"""Whatever chooses pods by label: what catches the new pods, what misses them, who would adopt whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.kubernetes import matches
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec
from migrator.domain.model.target import Derived
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


SERVICES = [
    pytest.param({"app": "gw"}, {"selectors.service-catches-new info"}, id="both sides: Guard narrows it"),
    pytest.param(
        {"app": "gw", "pod-template-hash": "6f7d"}, {"selectors.service-catches-new info"}, id="narrowed already"
    ),
    pytest.param({"app": "gw", "version": "v1"}, {"selectors.service-left-behind block"}, id="the old side alone"),
    pytest.param({"app": "shop"}, set(), id="somebody else's"),
    pytest.param({}, set(), id="no selector at all"),
]


@pytest.mark.parametrize(("chosen", "found"), SERVICES)
def test_a_service_is_narrowed_or_left_behind(chosen: dict[str, str], found: set[str]) -> None:
    made = template()
    made["metadata"] = {"labels": V1}
    seen = world(plain=[service("s", chosen)], source=deployment(made))

    assert codes(selectors.services_are_told_apart(propose(seen, SPEC))) == found


def test_a_service_over_two_templates_cannot_be_narrowed() -> None:
    seen = world()
    first, second = seen.old.pods
    mixed = replace(second, labels=tuple((k, "0000" if k == "pod-template-hash" else v) for k, v in second.labels))
    seen = replace(seen, old=replace(seen.old, pods=(first, mixed)))

    assert codes(selectors.services_are_told_apart(propose(seen, SPEC))) == {"selectors.service-not-narrowed block"}


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
