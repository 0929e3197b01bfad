"""Each one-sided resource is told, and the change that is offered beside it makes it reach both sides."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.model.manifests import Manifest
from tests.domain.gateways.istio.ground import V1, V2, cells, changed, envoy_filter, patch, rows
from tests.domain.planning.checks.ground import OLD, SPACE, service, thing

OWNER = f"kubernetes://apis/apps/v1/namespaces/{SPACE}/deployments/{OLD}"
PLUGIN_PORT = [{"ports": [{"number": 8080}]}]
BOTH_MODES = [{"mode": "CLIENT", "ports": [{"number": 443}, {"number": 8080}]}]


def by(key: str, value: str) -> Manifest:
    return patch(proxy={"metadata": {key: value}})


ONE_SIDED = [
    pytest.param(thing("Gateway", "g", {"selector": {"version": "v2"}}), "new only", id="gateway"),
    pytest.param(
        thing("Gateway", "g", {"selector": {"istio": "ingressgateway", "pod-template-hash": "6f7d"}}),
        "old only",
        id="gateway by two labels",
    ),
    pytest.param(thing("AuthorizationPolicy", "p", {"selector": V1}), "old only", id="authorization"),
    pytest.param(thing("RequestAuthentication", "p", {"selector": V2}), "new only", id="JWT"),
    pytest.param(thing("PeerAuthentication", "p", {"selector": V2}), "new only", id="mTLS"),
    pytest.param(thing("Telemetry", "p", {"selector": V1}), "old only", id="telemetry"),
    pytest.param(thing("ProxyConfig", "p", {"selector": V1}), "old only", id="proxy configuration"),
    pytest.param(thing("WasmPlugin", "p", {"selector": V1}), "old only", id="plugin"),
    pytest.param(thing("TrafficExtension", "p", {"selector": V2, "lua": {}}), "new only", id="extension"),
    pytest.param(thing("DestinationRule", "d", {"workloadSelector": V1}), "old only", id="destination rule by client"),
    pytest.param(
        envoy_filter(patch(), workloadSelector={"labels": {"version": "v2"}}), "new only", id="filter by a label"
    ),
    pytest.param(envoy_filter(by("WORKLOAD_NAME", OLD)), "old only", id="filter by the workload's name"),
    pytest.param(envoy_filter(by("WORKLOAD_NAME", "gw-ds")), "new only", id="filter by the new workload's name"),
    pytest.param(envoy_filter(by("OWNER", OWNER)), "old only", id="filter by the owner"),
    pytest.param(envoy_filter(patch(listener={"portNumber": 8080})), "old only", id="filter by port"),
    pytest.param(envoy_filter(patch(listener={"name": "0.0.0.0_8080"})), "old only", id="filter by listener"),
    pytest.param(envoy_filter(patch(listener={"name": "[::]_18080"})), "new only", id="filter by IPv6 listener"),
    pytest.param(envoy_filter(patch(routeConfiguration={"name": "http.8080"})), "old only", id="filter by route"),
    pytest.param(
        envoy_filter(patch(), patch(listener={"portNumber": 8080}), patch(listener={"name": "0.0.0.0_8080"})),
        "old only",
        id="two patches of three",
    ),
    pytest.param(thing("WasmPlugin", "w", {"match": PLUGIN_PORT}), "old only", id="plugin by port"),
    pytest.param(thing("TrafficExtension", "w", {"match": BOTH_MODES}), "old only", id="extension by one port of two"),
    pytest.param(
        thing("WasmPlugin", "w", {"match": [{"ports": [{"number": 18080}]}]}), "new only", id="plugin by the new port"
    ),
    pytest.param(
        thing("DestinationRule", "d", {"host": OLD, "subsets": [{"name": "a", "labels": {"version": "v2"}}]}),
        "new only",
        id="subset of a gateway's Service",
    ),
]


@pytest.mark.parametrize(("made", "cell"), ONE_SIDED)
def test_a_one_sided_resource_is_told_and_can_be_widened(made: Manifest, cell: str) -> None:
    (row,) = rows(made)

    assert str(row.reach) == cell
    assert cells(changed(made, row.widening)) == ["both"]


ROUTES = [
    pytest.param([{"sourceLabels": {"version": "v2"}}], "new only", id="by a label"),
    pytest.param([{"sourceLabels": {"app": "gw", "pod-template-hash": "6f7d"}}], "old only", id="by two labels"),
    pytest.param([{"uri": {}}, {"sourceLabels": {"version": "v2"}}], "new only", id="the second match"),
]


@pytest.mark.parametrize("part", ["http", "tls", "tcp"])
@pytest.mark.parametrize(("match", "cell"), ROUTES)
def test_a_match_by_labels_is_told_and_can_be_widened(part: str, match: Any, cell: str) -> None:
    gateway = thing("Gateway", "edge", {"selector": {"app": "gw"}})
    made = thing("VirtualService", "v", {"gateways": ["edge"], part: [{"match": match}]})

    (row,) = [row for row in rows(gateway, made) if row.kind == "VirtualService"]

    assert str(row.reach) == cell
    assert row.by_part
    assert cells(gateway, changed(made, row.widening), kind="VirtualService") == ["both"]


def test_a_reference_to_one_sides_gateway_is_widened_by_one_to_the_others() -> None:
    from dataclasses import replace

    from tests.domain.planning.checks.ground import SPEC, deployment, template

    name = "gateway.networking.k8s.io/gateway-name"
    labelled = template()
    labelled["metadata"] = {"labels": {"app": "gw", name: "old"}}
    source = deployment(labelled)
    spec = replace(SPEC, target=replace(SPEC.target, labels=((name, "new"),)))
    gone = {"old": replace(world_of(source).old, pods=())}

    for ref in (
        {"targetRef": {"kind": "Gateway", "name": "old"}},
        {"targetRefs": [{"kind": "Gateway", "name": "new"}]},
    ):
        made = thing("AuthorizationPolicy", "p", ref)
        (row,) = rows(made, spec=spec, source=source, plain=[service()], **gone)
        assert row.one_sided
        wider = changed(made, row.widening)
        assert cells(wider, spec=spec, source=source, plain=[service()], **gone) == ["both"]


def world_of(source: Manifest) -> Any:
    from tests.domain.planning.checks.ground import world

    return world(source=source)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(envoy_filter(by("NAME", f"{OLD}-6f7d-1")), id="one pod's name: the others' are not known yet"),
        pytest.param(envoy_filter(by("NODE_NAME", "old-1")), id="one node's name: there are several others"),
        pytest.param(
            thing("AuthorizationPolicy", "p", {"targetRefs": [{"kind": "Gateway", "name": "x"}]}), id="nobody's Gateway"
        ),
    ],
)
def test_what_nobody_can_widen_has_no_change(made: Manifest) -> None:
    (row,) = rows(made)

    assert row.widening is None


def test_a_reference_to_a_gateway_of_istios_own_api_is_mended_at_that_gateway() -> None:
    early = thing("Gateway", "early", {"selector": {"version": "v2"}})
    ref = {"group": "networking.istio.io", "kind": "Gateway", "name": "early"}
    made = thing("AuthorizationPolicy", "p", {"targetRefs": [ref]})

    (row,) = [row for row in rows(early, made) if row.kind == "AuthorizationPolicy"]

    assert str(row.reach) == "new only"
    assert row.widening is None


def test_without_a_source_there_is_no_row() -> None:
    from dataclasses import replace

    from migrator.domain.gateways.istio.matrix import matrix
    from migrator.domain.planning.proposal import propose
    from tests.domain.planning.checks.ground import SPEC, world

    seen = world(thing("Gateway", "g", {"selector": {"app": "gw"}}))

    assert matrix(propose(replace(seen, source=None), SPEC)) == ()


def test_without_a_label_in_common_there_is_no_change() -> None:
    from dataclasses import replace

    from tests.domain.planning.checks.ground import SPEC

    other = replace(SPEC, target=replace(SPEC.target, labels=(("app", "x"), ("istio", "x"), ("version", "x"))))
    for made in (
        thing("Gateway", "g", {"selector": {"app": "gw"}}),
        thing("AuthorizationPolicy", "p", {"selector": {"matchLabels": {"app": "x"}}}),
    ):
        (row,) = rows(made, spec=other)
        assert row.one_sided
        assert row.widening is None
