"""EnvoyFilters of the lab: who is selected, and which patches are honoured."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.lab.controllers.api.resources import ENVOY_FILTERS
from migrator.lab.istiod.filters import http_filters
from tests.lab.controllers.cluster import Cluster
from tests.lab.istiod.test_config import LABELS, config, mesh, pod

Json = dict[str, Any]
VALUE = {"name": "envoy.filters.http.header_mutation"}


def envoy_filter(
    labels: Json | None = None,
    namespace: str = "gateways",
    apply_to: str = "HTTP_FILTER",
    operation: str = "INSERT_BEFORE",
    context: str = "GATEWAY",
) -> Json:
    patch = {
        "applyTo": apply_to,
        "match": {"context": context},
        "patch": {"operation": operation, "value": VALUE},
    }
    spec = {"workloadSelector": {"labels": labels or {}}, "configPatches": [patch]}
    return {"metadata": {"name": "f", "namespace": namespace}, "spec": spec}


@pytest.mark.parametrize(
    ("made", "given"),
    [
        pytest.param(envoy_filter(LABELS), [VALUE], id="its labels"),
        pytest.param(envoy_filter(), [VALUE], id="no selector selects all"),
        pytest.param(envoy_filter(namespace="istio-system"), [VALUE], id="of the root namespace"),
        pytest.param(envoy_filter({"app": "other"}), [], id="other labels"),
        pytest.param(envoy_filter(namespace="shop"), [], id="another namespace"),
        pytest.param(envoy_filter(apply_to="NETWORK_FILTER"), [], id="a patch beyond the lab"),
        pytest.param(envoy_filter(operation="MERGE"), [], id="another operation"),
        pytest.param(envoy_filter(context="SIDECAR_INBOUND"), [], id="a sidecar's"),
    ],
)
def test_a_pod_gets_the_http_filters_that_select_it(made: Json, given: list[Json]) -> None:
    cluster = Cluster()
    cluster.add(ENVOY_FILTERS, made)

    assert http_filters(pod(), cluster.world()) == given


def test_a_filter_changes_the_version_of_who_gets_it_and_of_nobody_else() -> None:
    plain, filtered = mesh(), mesh()
    filtered.add(ENVOY_FILTERS, envoy_filter({"app": "igw"}))
    other = pod("gw-2", labels={"app": "other", "istio": "ingressgateway"})

    assert config(filtered, pod())["version"] != config(plain, pod())["version"]
    assert config(filtered, other)["version"] == config(plain, other)["version"]
