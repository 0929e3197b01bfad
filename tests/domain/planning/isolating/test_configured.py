"""Which labels a pod can lose without losing its configuration, and what is said where it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.model.manifests import Manifest
from migrator.domain.planning.isolating.configured import configuring, lost, to_take
from migrator.domain.planning.isolating.isolation import outline
from tests.domain.planning.isolating.ground import ground, manifest, service
from tests.domain.seen import START
from tests.fakes.world import SPEC, on

NAME = "gateway.networking.k8s.io/gateway-name"
ONE = on(SPEC, "l-1")
ISTIO, API = "networking.istio.io/v1", "gateway.networking.k8s.io/v1"
INGRESS = {"istio": "ingressgateway"}


def thing(kind: str, spec: Any, api: str = ISTIO, space: str = "edge") -> Manifest:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "x", "namespace": space}, "spec": spec}


GATEWAY = thing("Gateway", {"selector": INGRESS}, space="shop")


def test_a_label_by_which_a_gateway_is_selected_is_left_where_another_one_frees_the_pod() -> None:
    seen = ground(services=(service(app="gw", istio="ingressgateway"),), configured=(GATEWAY,))

    assert to_take(seen) == ("app",)
    assert outline(ONE, seen, START, "ann@ops").loses == ()


def test_more_labels_are_taken_before_one_that_configures() -> None:
    both = {"app": "gw", **INGRESS}
    seen = ground(
        manifest={"spec": {"selector": {"matchLabels": {**both, "pod-template-hash": "abc"}}}},
        services=(service(**both), service(**INGRESS, tier="edge"), service(app="gw")),
        pod=manifest(tier="edge"),
    )

    assert to_take(seen) == ("app", "istio")
    assert to_take(ground(**{**_parts(seen), "configured": (GATEWAY,)})) == ("app", "tier")


def _parts(seen: Any) -> dict[str, Any]:
    return {"manifest": seen.manifest, "services": seen.services, "pod": seen.pod}


def test_what_a_pod_has_to_lose_is_said() -> None:
    seen = ground(services=(service(**INGRESS),), configured=(GATEWAY,), unlisted=("EnvoyFilter",))

    said = outline(ONE, seen, START, "ann@ops")

    assert (said.labels, said.loses, said.unlisted) == (("app", "istio"), ("Gateway shop/x",), ("EnvoyFilter",))


CONFIGURING = [
    pytest.param(thing("Gateway", {}), False, id="a Gateway of every gateway"),
    pytest.param(thing("Gateway", {"selector": {"istio": "other"}}), False, id="another's Gateway"),
    pytest.param(thing("EnvoyFilter", {"workloadSelector": {"labels": INGRESS}}), True, id="a filter"),
    pytest.param(
        thing("EnvoyFilter", {"workloadSelector": {"labels": INGRESS}}, space="istio-system"),
        True,
        id="a filter of the root",
    ),
    pytest.param(
        thing("EnvoyFilter", {"workloadSelector": {"labels": INGRESS}}, space="shop"), False, id="a filter of another's"
    ),
    pytest.param(thing("AuthorizationPolicy", {"selector": {"matchLabels": INGRESS}}), True, id="a policy"),
    pytest.param(thing("DestinationRule", {"workloadSelector": {"matchLabels": INGRESS}}), True, id="of a client"),
    pytest.param(thing("WasmPlugin", {"targetRefs": [{"kind": "Gateway", "name": "edge"}]}), True, id="by a reference"),
    pytest.param(
        thing("WasmPlugin", {"targetRefs": [{"group": "networking.istio.io", "kind": "Gateway", "name": "edge"}]}),
        False,
        id="by a reference to a Gateway that selects by itself",
    ),
    pytest.param(
        thing("Gateway", {"addresses": [{"value": "gw.edge.svc.cluster.local"}]}, API), True, id="by a Service"
    ),
    pytest.param(thing("Gateway", {"addresses": [{"value": "no.edge.svc"}]}, API), False, id="by another Service"),
    pytest.param(thing("Gateway", {"addresses": [{"value": "gw"}]}, API, "shop"), False, id="by a Service elsewhere"),
]


@pytest.mark.parametrize(("made", "found"), CONFIGURING)
def test_who_configures_by_labels(made: Manifest, found: bool) -> None:
    seen = ground(pod=manifest(**{NAME: "edge"}), configured=(made,))

    assert bool(configuring(seen)) is found
    assert bool(lost(seen, ("istio", "app", NAME))) is found


def test_a_gateway_that_istiod_made_pods_for_is_meant_by_their_own_label() -> None:
    made: Any = thing("Gateway", {}, API)
    seen = ground(pod=manifest(**{NAME: "x"}), configured=(made,))

    assert [each.name for each in configuring(seen)] == ["Gateway edge/x"]
