"""Sides in two namespaces: what is of one namespace alone is told, and whose it is."""

from __future__ import annotations

from dataclasses import replace

from migrator.adapters.balancers import profile_of
from migrator.domain.gateways.audit import Reach
from migrator.domain.model.manifests import Manifest, labels, ref_of
from migrator.domain.model.spec import SourceSpec, Spec
from migrator.domain.model.target import Existing, Network
from migrator.domain.observation.world import World
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.checks.cluster import scaling, selectors
from migrator.domain.planning.checks.workloads import elsewhere
from migrator.domain.planning.derive import derive
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.matrix import matrix
from migrator.domain.planning.proposal import propose
from tests.domain.model.test_target import KEPT
from tests.domain.planning.checks.ground import (
    NEW,
    OLD,
    SHARED,
    SPACE,
    SPEC,
    codes,
    deployment,
    service,
    template,
    thing,
    world,
)
from tests.domain.planning.derive.gateways import deployment as other
from tests.domain.planning.derive.gateways import spec as moved

THERE = "edge"
APART = replace(SPEC, target=replace(SPEC.target, namespace=THERE))
NAMES = template(
    serviceAccountName="gw",
    imagePullSecrets=[{"name": "registry"}],
    volumes=[
        {"name": "a", "configMap": {"name": "mesh", "optional": True}},
        {"name": "b", "secret": {"secretName": "certs"}},
        {"name": "c", "projected": {"sources": [{"configMap": {"name": "ca"}}]}},
    ],
    containers=[
        {
            "name": "istio-proxy",
            "envFrom": [{"configMapRef": {"name": "flags"}}],
            "env": [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "token", "key": "k"}}}],
        }
    ],
)


def test_the_workload_and_its_service_are_made_where_the_new_side_is() -> None:
    found = propose(world(), APART)

    assert ref_of(found.workload).namespace == THERE
    assert found.services.own is not None
    assert ref_of(found.services.own).namespace == THERE
    assert found.changes == ()


def test_a_service_of_the_old_side_leads_to_no_pod_of_another_namespace() -> None:
    assert codes(selectors.services_stay_behind(propose(world(), APART))) == {"selectors.service-elsewhere block"}
    assert not list(selectors.services_are_told_apart(propose(world(), APART)))
    assert not list(selectors.services_stay_behind(propose(world(), SPEC)))


def test_on_the_way_back_the_services_of_the_first_namespace_select_by_themselves() -> None:
    back = replace(SPEC, target=replace(KEPT, namespace=THERE))
    found = propose(world(), back)

    assert codes(selectors.services_stay_behind(found)) == {"selectors.service-elsewhere info"}
    assert (found.services.own, found.changes) == (None, ())


def test_what_pods_look_up_by_name_does_not_come_with_them() -> None:
    seen = world(source=deployment(NAMES))
    (found,) = elsewhere.names_are_there(propose(seen, APART))

    assert found["names"] == (
        "ServiceAccount gw",
        "Secret registry",
        "Secret certs",
        "ConfigMap ca",
        "ConfigMap flags",
        "Secret token",
    )
    assert not list(elsewhere.names_are_there(propose(seen, SPEC)))


def test_what_selects_by_label_means_the_pods_of_its_own_namespace() -> None:
    both = {"podSelector": {"matchLabels": {"istio": "ingressgateway"}}}
    entry = {"workloadSelector": {"labels": SHARED}, "hosts": ["a"]}
    seen = world(
        thing("NetworkPolicy", "old", both, api="networking.k8s.io/v1"),
        thing("NetworkPolicy", "new", both, space=THERE, api="networking.k8s.io/v1"),
        thing("ServiceEntry", "old", entry, api="networking.istio.io/v1"),
        service("theirs", {"istio": "ingressgateway"}),
    )
    spec = replace(APART, target=replace(APART.target, network=Network.HOST_PORT))
    reach = {(row.ref.kind, row.ref.name): row.reach for row in matrix(propose(seen, spec))}

    assert (reach["NetworkPolicy", "old"], reach["NetworkPolicy", "new"]) == (Reach.OLD, Reach.NEW)
    assert (reach["ServiceEntry", "old"], reach["Service", "theirs"]) == (Reach.OLD, Reach.OLD)
    assert codes(selectors.policies_mean_both(propose(seen, spec))) == {"selectors.network-policy block"}


def test_what_istio_applies_in_the_old_namespace_alone_blocks() -> None:
    kept = {"selector": {"matchLabels": {"istio": "ingressgateway"}}, "action": "ALLOW", "rules": [{}]}
    seen = world(thing("AuthorizationPolicy", "limits", kept, api="security.istio.io/v1"))

    here, there = (
        thing("AuthorizationPolicy", "limits", kept, space, "security.istio.io/v1") for space in (SPACE, THERE)
    )

    assert one_sided(seen, APART) == {("istio.old-only", "namespace", "block")}
    assert one_sided(world(there), APART) == {("istio.new-only", "namespace", "block")}
    assert one_sided(seen, SPEC) == one_sided(world(here, there), APART) == set()


def one_sided(seen: World, spec: Spec) -> set[tuple[str, str, str]]:
    """Give what the audit of Istio's resources finds of one side alone: code, variant, severity."""
    found = preflight(propose(seen, spec))
    return {(each.code, each.variant, each.severity.value) for each in found if each.code.endswith("-only")}


def test_a_budget_counts_the_pods_of_its_own_namespace() -> None:
    bounds = {"minAvailable": 1, "selector": {"matchLabels": {"istio": "ingressgateway"}}}
    seen = world(thing("PodDisruptionBudget", "old", bounds, api="policy/v1"))

    assert not list(scaling.budgets_count_right(propose(seen, APART)))
    assert list(scaling.budgets_count_right(propose(seen, SPEC)))


def test_rights_are_asked_for_where_each_side_is() -> None:
    needed = permissions(APART, profile_of("tencent"))

    assert {space for verb, _, kind, space in needed if (verb, kind) == ("create", "DaemonSet")} == {THERE}
    assert {space for verb, _, kind, space in needed if (verb, kind) == ("delete", "Deployment")} == {SPACE}
    assert {space for verb, _, kind, space in needed if (verb, kind) == ("list", "Pod")} == {SPACE, THERE}
    assert {space for _, _, kind, space in needed if kind == "Lease"} == {SPACE}


def test_the_owner_that_istio_is_told_is_in_the_new_namespace() -> None:
    source = other()
    owner = {
        "name": "ISTIO_META_OWNER",
        "value": f"kubernetes://apis/apps/v1/namespaces/{moved().cluster.namespace}/deployments/gateway",
    }
    source["spec"]["template"]["spec"]["containers"][0]["env"] = [owner]
    spec = moved()

    made, _ = derive(source, replace(spec, target=replace(spec.target, namespace=THERE)))

    pod: Manifest = made["spec"]["template"]["spec"]
    assert pod["containers"][0]["env"][0]["value"].endswith(f"/namespaces/{THERE}/daemonsets/gateway-ds")
    assert labels(made, "metadata", "labels")


def test_a_workload_that_stands_in_another_namespace_is_found_there() -> None:
    stands = thing("DaemonSet", NEW, {"template": template()}, space=THERE, api="apps/v1")
    spec = replace(SPEC, source=SourceSpec("Deployment", OLD), target=Existing(NEW, "DaemonSet", namespace=THERE))

    assert propose(world(stands), spec).workload == stands
    assert propose(world(stands), replace(spec, target=Existing(NEW, "DaemonSet"))).workload == {}
