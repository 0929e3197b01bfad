"""A follower in the cluster: what it may do, who the cloud takes it for, and the process that the manifests describe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.adapters.balancers import DRIVERS, profile_of
from migrator.domain.model.manifests import Manifest, dig, items, mapping, text
from migrator.domain.model.spec import Spec
from migrator.domain.planning.following.installation import (
    NAME,
    PORT,
    SECRET,
    Followed,
    Wanted,
    installation,
    namespace_labels,
    needs,
)
from tests.fakes.world import SPEC

WANTED = Wanted("ops", "registry.test/migrator:1", "the-role")
WRITES = {"create", "update", "patch", "delete"}


def gateway(provider: str = "tencent", spec: Spec = SPEC) -> Followed:
    return Followed(spec, "kind: Migration\n", profile_of(provider))


def made(*gateways: Followed) -> dict[str, Manifest]:
    """Give the manifests by kind, but for roles of other namespaces."""
    return {text(each, "kind"): each for each in installation(gateways or (gateway(),), WANTED)}


def test_it_may_read_what_it_decides_by_and_write_its_lease_and_nothing_else() -> None:
    found = needs(gateway())

    written = {(verb, kind) for verb, _, kind, _ in found if verb in WRITES}
    leases = {(verb, "Lease") for verb in ("create", "update", "delete")}  # it is deleted when it is given back
    assert written == {*leases, ("create", "pods/portforward")}
    assert ("list", "v1", "Node", "") in found
    assert {(verb, "v1", "Pod", SPEC.cluster.namespace) for verb in ("list", "watch")} <= set(found)
    assert not [need for need in found if need[2] in ("Secret", "HorizontalPodAutoscaler", "Service")]


def test_events_are_written_only_where_the_plan_wants_them() -> None:
    told = ("create", "v1", "Event", SPEC.cluster.namespace)

    assert told not in needs(gateway(spec=replace(SPEC, events=False)))
    assert told in needs(gateway(spec=replace(SPEC, events=True)))


def test_a_driver_that_needs_rights_in_the_cluster_gets_them() -> None:
    assert ("patch", "v1", "Pod", SPEC.cluster.namespace) in needs(gateway("tke"))


def test_the_roles_are_bound_to_the_service_account_of_the_installation() -> None:
    for each in installation((gateway(),), WANTED):
        if text(each, "kind").endswith("Binding"):
            assert items(each, "subjects") == [{"kind": "ServiceAccount", "name": NAME, "namespace": "ops"}]


@pytest.mark.parametrize(
    ("provider", "key"),
    [
        ("aws", "eks.amazonaws.com/role-arn"),
        ("tencent", "tke.cloud.tencent.com/role-arn"),
        ("aliyun-nlb", "pod-identity.alibabacloud.com/role-name"),
    ],
)
def test_the_clouds_workload_identity_gives_the_credentials_and_no_secret_is_named(provider: str, key: str) -> None:
    found = made(gateway(provider))

    assert mapping(found["ServiceAccount"], "metadata", "annotations")[key] == "the-role"
    assert SECRET not in str(found["Deployment"])


def test_without_a_role_an_example_stands_in_its_place() -> None:
    account = installation((gateway("aws"),), Wanted("ops", "i"))[0]

    assert text(account, "metadata", "annotations", "eks.amazonaws.com/role-arn").endswith("role/migrator-follow")


def test_a_provider_without_a_cloud_reads_a_secret_that_the_user_makes() -> None:
    found = made(gateway("haproxy"))

    container = items(found["Deployment"], "spec", "template", "spec", "containers")[0]
    assert container["envFrom"] == [{"secretRef": {"name": SECRET, "optional": True}}]
    assert "annotations" not in mapping(found["ServiceAccount"], "metadata")


def test_the_labels_that_the_namespace_needs_are_told() -> None:
    assert namespace_labels((gateway("aliyun-clb"), gateway("aws"), gateway("haproxy"))) == {
        "pod-identity.alibabacloud.com/injection": "on"
    }


def test_every_plan_file_is_mounted_and_followed_and_the_probes_ask_where_it_answers() -> None:
    other = replace(SPEC, name="api")

    found = made(gateway(), gateway(spec=other))

    container = items(found["Deployment"], "spec", "template", "spec", "containers")[0]
    assert set(mapping(found["ConfigMap"], "data")) == {"edge.yaml", "api.yaml"}
    assert container["args"] == ["follow", "/plans/edge.yaml", "/plans/api.yaml", "--metrics", f"0.0.0.0:{PORT}"]
    assert text(container, "livenessProbe", "httpGet", "path") == "/healthz"
    assert text(container, "readinessProbe", "httpGet", "path") == "/readyz"
    assert dig(container, "securityContext", "readOnlyRootFilesystem") is True


@pytest.mark.parametrize("provider", DRIVERS)
@pytest.mark.parametrize("kind", ["istio", "envoy", "contour", "nginx", "none"])
def test_there_is_an_installation_for_every_driver_and_gateway(provider: str, kind: str) -> None:
    spec = replace(SPEC, gateway=replace(SPEC.gateway, kind=kind))

    assert {"ServiceAccount", "Role", "ClusterRole", "ConfigMap", "Deployment"} <= set(made(gateway(provider, spec)))
