"""What changes or refuses pods on their way in, and who else counts on old ones: webhooks, quotas, classes, scalers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.manifests import Manifest
from migrator.domain.planning.checks.cluster import admission, scaling, selectors
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import (
    HOST_PORT,
    NEW,
    OLD,
    SPACE,
    SPEC,
    codes,
    deployment,
    node,
    template,
    thing,
    world,
)

PODS = {"operations": ["CREATE"], "apiGroups": [""], "resources": ["pods"]}
V2 = {"matchLabels": {"version": "v2"}}


def hook(selector: Any = None, rule: Any = None, space: Any = None) -> Manifest:
    row = {"name": "h", "rules": [PODS if rule is None else rule], "namespaceSelector": space or {}}
    made = {**row, **({} if selector is None else {"objectSelector": selector})}
    return {**thing("MutatingWebhookConfiguration", "m", space=""), "webhooks": [made]}


WEBHOOKS = [
    pytest.param(hook(), None, id="every pod"),
    pytest.param(hook(V2), "new", id="the new pods"),
    pytest.param(
        hook({"matchExpressions": [{"key": "version", "operator": "NotIn", "values": ["v2"]}]}), "old", id="old"
    ),
    pytest.param(hook(V2, {**PODS, "operations": ["*"], "resources": ["*"], "apiGroups": ["*"]}), "new", id="anything"),
    pytest.param(hook(V2, {**PODS, "resources": ["pods/*"]}), "new", id="with subresources"),
    pytest.param(hook(V2, {**PODS, "resources": ["deployments"], "apiGroups": ["apps"]}), None, id="other kinds"),
    pytest.param(hook(V2, {**PODS, "operations": ["DELETE"]}), None, id="on the way out"),
    pytest.param(hook(V2, {"operations": "CREATE"}), None, id="rules that are none"),
    pytest.param(
        hook(V2, space={"matchLabels": {"kubernetes.io/metadata.name": SPACE}}), "new", id="of this namespace"
    ),
    pytest.param(
        hook(V2, space={"matchLabels": {"kubernetes.io/metadata.name": "x"}}), None, id="of another namespace"
    ),
]


@pytest.mark.parametrize("spec", [pytest.param(SPEC, id="hostNetwork"), pytest.param(HOST_PORT, id="host ports")])
@pytest.mark.parametrize(("made", "side"), WEBHOOKS)
def test_a_webhook_that_changes_one_sides_pods_is_told(spec: Any, made: Manifest, side: str | None) -> None:
    found = list(admission.webhooks_mean_both(propose(world(made), spec)))

    assert [(each.code, each["side"]) for each in found] == ([("selectors.webhook", side)] if side else [])
    assert not list(admission.webhooks_mean_both(propose(replace(world(made), source=None), spec)))


def test_istios_injection_is_derived_in_the_nodes_network() -> None:
    chosen = {"matchExpressions": [{"key": "sidecar.istio.io/inject", "operator": "NotIn", "values": ["false"]}]}
    spec = replace(HOST_PORT, target=replace(HOST_PORT.target, labels=(("sidecar.istio.io/inject", "false"),)))

    assert list(admission.webhooks_mean_both(propose(world(hook(chosen)), spec)))
    in_node = replace(spec, target=replace(spec.target, network=SPEC.target.network))
    assert not list(admission.webhooks_mean_both(propose(world(hook(chosen)), in_node)))


def quota(hard: Any, used: Any = None, space: str = SPACE, **spec: Any) -> Manifest:
    status = {"hard": hard, "used": used or {}}
    return {**thing("ResourceQuota", "q", {"hard": hard, **spec}, space), "status": status}


ASKED = {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1"}}
QUOTAS = [
    pytest.param(quota({"pods": "10"}, {"pods": "7"}), False, id="just room"),
    pytest.param(quota({"pods": "10"}, {"pods": "8"}), True, id="one pod too many"),
    pytest.param(quota({"count/pods": "2"}), True, id="by count"),
    pytest.param(quota({"requests.cpu": "1500m"}), False, id="cores, just room"),
    pytest.param(quota({"requests.cpu": "1499m"}), True, id="cores"),
    pytest.param(quota({"cpu": "1"}), True, id="cores by the short name"),
    pytest.param(quota({"requests.memory": "2Gi"}), True, id="memory"),
    pytest.param(quota({"limits.cpu": "2"}), True, id="limits"),
    pytest.param(quota({"limits.memory": "1"}), False, id="what no pod has"),
    pytest.param(quota({"pods": "no number"}), False, id="what is no amount"),
    pytest.param(quota({"pods": "1"}, space="shop"), False, id="of another namespace"),
    pytest.param(thing("ResourceQuota", "q", {"hard": {"pods": "1"}}), True, id="without a status yet"),
    pytest.param(quota({"pods": "1"}, scopes=["NotTerminating"]), True, id="of lasting pods"),
    pytest.param(quota({"pods": "1"}, scopes=["Terminating"]), False, id="of pods that end"),
    pytest.param(quota({"pods": "1"}, scopes=["BestEffort"]), False, id="of pods that ask for nothing"),
    pytest.param(quota({"pods": "1"}, scopes=["NotBestEffort"]), True, id="of pods that ask"),
    pytest.param(quota({"pods": "1"}, scopes=["CrossNamespacePodAffinity"]), False, id="of a scope that is not ours"),
    pytest.param(
        quota(
            {"pods": "1"}, scopeSelector={"matchExpressions": [{"scopeName": "PriorityClass", "operator": "Exists"}]}
        ),
        False,
        id="of pods with a priority",
    ),
    pytest.param(
        quota(
            {"pods": "1"},
            scopeSelector={"matchExpressions": [{"scopeName": "PriorityClass", "operator": "DoesNotExist"}]},
        ),
        True,
        id="of pods without a priority",
    ),
]


@pytest.mark.parametrize(("made", "blocks"), QUOTAS)
def test_a_quota_must_have_room_for_all_new_pods(made: Manifest, blocks: bool) -> None:
    sound: Any = template()["spec"]
    source = deployment(template(containers=[{**sound["containers"][0], "resources": ASKED}]))

    assert codes(admission.quotas_have_room(propose(world(made, source=source), SPEC))) == (
        {"capacity.quota block"} if blocks else set()
    )


def test_a_quota_of_a_priority_counts_pods_that_have_it() -> None:
    rows = [{"scopeName": "PriorityClass", "operator": "In", "values": ["high"]}]
    made = quota({"pods": "1"}, scopeSelector={"matchExpressions": rows})
    high = deployment(template(priorityClassName="high"))

    assert list(admission.quotas_have_room(propose(world(made, source=high), SPEC)))
    assert not list(admission.quotas_have_room(propose(world(made), SPEC)))


def test_a_quota_is_not_asked_where_the_new_pods_are_there_or_nothing_is_planned() -> None:
    made = quota({"pods": "1"})
    there = replace(world(made).new, uid="u")

    assert not list(admission.quotas_have_room(propose(world(made, new=there), SPEC)))
    assert not list(admission.quotas_have_room(propose(world(made, nodes=()), SPEC)))
    assert not list(admission.quotas_have_room(propose(replace(world(made), source=None), SPEC)))


def runtime_class(name: str, **selector: str) -> Manifest:
    return {**thing("RuntimeClass", name, space=""), "handler": "h", "scheduling": {"nodeSelector": selector}}


def test_a_runtime_class_may_not_ask_for_other_nodes() -> None:
    nodes = [node(f"node-{i}", f"10.1.0.{i}") for i in (1, 2, 3)]
    sandboxed = deployment(template(runtimeClassName="gvisor"))

    def found(made: Manifest, source: Manifest = sandboxed) -> set[str]:
        return codes(admission.runtime_class_has_nodes(propose(world(made, *nodes, source=source), SPEC)))

    assert found(runtime_class("gvisor", sandbox="yes")) == {"nodes.runtime-class block"}
    assert found(runtime_class("gvisor")) == set()
    assert found(runtime_class("kata", sandbox="yes")) == set()
    assert found(runtime_class("gvisor", sandbox="yes"), deployment()) == set()


def test_a_runtime_class_whose_nodes_the_plan_has_is_no_trouble() -> None:
    labelled = [node(f"node-{i}", f"10.1.0.{i}") for i in (1, 2, 3)]
    for each in labelled:
        meta: Any = each["metadata"]
        meta["labels"] = {"sandbox": "yes"}
    seen = world(
        runtime_class("gvisor", sandbox="yes"), *labelled, source=deployment(template(runtimeClassName="gvisor"))
    )

    assert not list(admission.runtime_class_has_nodes(propose(seen, SPEC)))


def scaler(mode: str | None, name: str = OLD, space: str = SPACE) -> Manifest:
    policy: Any = {"updatePolicy": {"updateMode": mode}} if mode else {}
    return thing("VerticalPodAutoscaler", "v", {"targetRef": {"kind": "Deployment", "name": name}, **policy}, space)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (scaler(None), True),
        (scaler("Recreate"), True),
        (scaler("InPlaceOrRecreate"), True),
        (scaler("Off"), False),
        (scaler(None, NEW), False),
        (scaler(None, space="shop"), False),
    ],
)
def test_a_vertical_scaler_of_the_old_side_is_told_unless_it_is_off(made: Manifest, told: bool) -> None:
    assert codes(scaling.vertical_scalers_rest(propose(world(made), SPEC))) == (
        {"arithmetic.vpa warn"} if told else set()
    )


def slice_of(address: str, **labels: str) -> Manifest:
    made = thing("EndpointSlice", "s", labels=labels, api="discovery.k8s.io/v1")
    return {**made, "endpoints": [{"addresses": [address]}, {"addresses": None}]}


MANAGED = "endpointslice.kubernetes.io/managed-by"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (slice_of("10.0.0.1"), True),
        (slice_of("10.0.0.1", **{MANAGED: "me", "kubernetes.io/service-name": "x"}), True),
        (slice_of("10.0.0.1", **{MANAGED: "endpointslice-controller.k8s.io"}), False),
        (slice_of("10.9.9.9"), False),
    ],
)
def test_a_slice_that_somebody_else_writes_and_that_names_old_pods_is_told(made: Manifest, told: bool) -> None:
    assert codes(selectors.slices_are_followed(propose(world(made), SPEC))) == (
        {"selectors.endpoints-by-address warn"} if told else set()
    )
