"""Hardening of a plan, of a workload in the cluster and of a file: what is looked at, and what the user's words change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.app.harden.hardened import Said, is_workload, named, of_cluster, of_manifests, of_plan
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.hardening import What
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.messages.message import verbatim
from migrator.domain.model.manifests import Manifest, ObjectRef, dig
from migrator.domain.model.refs import lease_ref
from migrator.domain.model.side.companion import By, CompanionSpec
from migrator.domain.model.spec import BalancerSpec, ListenerSpec, Spec
from migrator.domain.planning.proposal import propose
from tests.domain.hardening.ground import workload
from tests.domain.planning.checks.ground import SPEC, thing, world
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster
from tests.words import refused

REF = ObjectRef("apps/v1", "Deployment", "edge", "gw")
PORTS = [{"port": 15021, "targetPort": 15021}, {"port": 80, "targetPort": 8080}, {"port": 443, "targetPort": 8443}]
SERVICE = thing("Service", "gw", {"selector": {"app": "gw"}, "ports": PORTS}, space="edge")
OTHER = thing("Service", "other", {"selector": {"app": "x"}, "ports": [{"port": 1}]}, space="edge")
BUDGET = thing(
    "PodDisruptionBudget", "b", {"minAvailable": 1, "selector": {"matchLabels": {"app": "gw"}}}, "edge", "policy/v1"
)
MESH = {**thing("ConfigMap", "istio", space="istio-system"), "data": {"mesh": "terminationDrainDuration: 1m"}}


def cluster(*objects: Manifest) -> FakeCluster:
    fake = FakeCluster(FakeClock())
    for made in objects:
        fake.add(made)
    return fake


def test_a_plan_is_hardened_by_the_health_check_of_its_own_balancer() -> None:
    slow = (HealthCheck("l-1", interval=10.0, unhealthy=3, path="/healthz/ready"),)

    found = of_plan(propose(world(health=slow), SPEC), Said())

    assert found.ground.removal.seconds == 35.0
    assert found.ground.ports == (8080,)
    assert {measure.what: measure.now for measure in found.measures}[What.DRAIN] == "40s"


def test_a_plan_without_its_source_is_refused() -> None:
    with pytest.raises(UsageError):
        of_plan(propose(replace(world(), source=None), SPEC), Said())


def test_a_workload_is_looked_at_with_what_surrounds_it() -> None:
    found = of_cluster(cluster(workload(), SERVICE, OTHER, BUDGET, MESH), REF, Said())

    assert found.ground.ports == (8080, 8443)
    assert len(found.ground.budgets or ()) == 1
    assert What.DRAIN not in {measure.what for measure in found.measures}
    assert not found.objects


def test_a_workload_whose_surroundings_may_not_be_seen_is_hardened_all_the_same() -> None:
    fake = cluster(workload(), SERVICE, BUDGET)
    fake.orders.fail("list_objects", Refused(verbatim("no")), times=-1)

    found = of_cluster(fake, REF, Said(ports=(80,)))

    assert (found.ground.budgets, found.ground.ports) == (None, (80,))
    assert "harden.budget-unseen" in {remark.code for remark in found.remarks}


def test_settings_that_cannot_be_read_leave_the_defaults() -> None:
    class NoMesh(FakeCluster):
        def get(self, ref: ObjectRef) -> Manifest | None:
            if ref.kind == "ConfigMap":
                raise Unreachable(verbatim("no answer"))
            return super().get(ref)

    fake = NoMesh(FakeClock())
    fake.add(workload())

    assert of_cluster(fake, REF, Said()).ground.settings == ""


def test_a_daemonsets_pods_are_those_that_its_controller_wants() -> None:
    made = {**workload(kind="DaemonSet"), "status": {"desiredNumberScheduled": 7}}

    assert of_manifests([made], Said(), "f").ground.pods == 7
    assert of_manifests([workload(kind="DaemonSet")], Said(), "f").ground.pods is None


def test_a_workload_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError) as error:
        of_cluster(cluster(), REF, Said())

    assert error.value.message["what"] == "Deployment edge/gw"


def test_a_file_says_all_that_there_is_to_know() -> None:
    found = of_manifests([workload(), SERVICE], Said(), "f.yaml")

    assert (found.ground.ports, found.ground.server, found.ground.removal.measured) == ((8080, 8443), "", False)
    assert of_manifests([workload(), BUDGET], Said(), "f.yaml").ground.budgets == (BUDGET,)


@pytest.mark.parametrize("objects", [[], [SERVICE], [workload(), workload(kind="DaemonSet")]])
def test_a_file_that_does_not_hold_one_workload_is_refused(objects: Any) -> None:
    with pytest.raises(UsageError):
        of_manifests(objects, Said(), "f.yaml")


def test_the_users_words_go_over_what_was_seen() -> None:
    check = HealthCheck("", interval=10.0, unhealthy=5, healthy=3, path="")
    found = of_manifests([workload(), SERVICE], Said("envoy", (443,), check, 30.0), "f.yaml")

    assert (found.ground.product.name, found.ground.ports, found.ground.longest) == ("envoy", (443,), 30.0)
    assert (found.ground.removal.seconds, found.ground.removal.connects) == (55.0, True)


def test_a_gateway_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError):
        of_manifests([workload()], Said("traefik"), "f.yaml")


NAMES = [
    pytest.param("deployment/gw", ObjectRef("apps/v1", "Deployment", "edge", "gw"), id="deployment"),
    pytest.param("deploy/gw", ObjectRef("apps/v1", "Deployment", "edge", "gw"), id="deploy"),
    pytest.param("DaemonSet/gw", ObjectRef("apps/v1", "DaemonSet", "edge", "gw"), id="in capitals"),
    pytest.param("ds/gw", ObjectRef("apps/v1", "DaemonSet", "edge", "gw"), id="ds"),
    pytest.param("plans/lab.yaml", None, id="a file in a folder"),
    pytest.param("ds/a/b.yaml", None, id="a file deeper down"),
    pytest.param("gw.yaml", None, id="a file"),
]


@pytest.mark.parametrize(("what", "ref"), NAMES)
def test_a_workload_is_named_as_kubectl_has_it(what: str, ref: ObjectRef | None) -> None:
    assert (named(what, "edge") if is_workload(what) else None) == ref


BESIDE = CompanionSpec("registry.example.com/migrator:1")
ALONE = BalancerSpec("tencent", "lb-1", (ListenerSpec("l-1", 443),), "ap-1")


def planned(provider: str = "tencent") -> Spec:
    """Give what a plan file says of this balancer, and of the gateway."""
    return replace(SPEC, balancer=replace(ALONE, provider=provider))


def test_a_container_that_sets_weights_is_given_the_least_policy_for_it() -> None:
    found = of_cluster(cluster(workload(), SERVICE), REF, Said(companion=BESIDE, plan=planned()))

    (policy,) = [remark["policy"] for remark in found.remarks if remark.code == "harden.companion-policy"]
    assert "clb:BatchModifyTargetWeight" in str(policy)
    assert "Register" not in str(policy)


def test_a_container_beside_a_gateway_of_a_plan_knows_the_plans_balancer() -> None:
    found = of_plan(propose(world(), SPEC), Said(companion=BESIDE))

    assert found.ground.balancer == SPEC.balancer
    assert found.ground.lease == lease_ref(SPEC)


def test_a_container_that_sets_weights_may_read_the_gateways_lease_and_nothing_else() -> None:
    found = of_cluster(cluster(workload(), SERVICE), REF, Said(companion=BESIDE, plan=planned()))

    role, binding = found.objects[-2:]
    lease = lease_ref(SPEC)
    assert role["rules"] == [
        {
            "apiGroups": ["coordination.k8s.io"],
            "resources": ["leases"],
            "resourceNames": [lease.name],
            "verbs": ["get"],
        }
    ]
    assert dig(role, "metadata", "namespace") == dig(binding, "metadata", "namespace") == lease.namespace
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "default", "namespace": "edge"}]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param(Said(companion=BESIDE), "harden.companion-no-balancer", id="no balancer is known"),
        pytest.param(
            Said(companion=BESIDE, plan=planned("aws")),
            "farewell.no-weight",
            id="weights of groups",
        ),
        pytest.param(Said(companion=BESIDE, plan=planned("tke")), "farewell.no-weight", id="a controller's"),
    ],
)
def test_a_container_that_could_set_no_weight_is_refused(said: Said, code: str) -> None:
    with refused(UsageError, code):
        of_cluster(cluster(workload(), SERVICE), REF, said)


def test_a_container_whose_ports_nobody_knows_is_refused() -> None:
    with refused(UsageError, "harden.no-port"):
        of_cluster(cluster(workload()), REF, Said(companion=BESIDE, plan=planned()))


def test_a_balancer_that_no_cloud_guards_needs_no_policy_and_a_follower_none_either() -> None:
    plain = planned("haproxy")
    by_follower = Said(companion=CompanionSpec("i", By.FOLLOWER))

    for said in (Said(companion=BESIDE, plan=plain), by_follower):
        found = of_cluster(cluster(workload(), SERVICE), REF, said)
        assert "harden.companion-policy" not in {remark.code for remark in found.remarks}
