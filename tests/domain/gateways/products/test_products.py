"""The rows of what turns a health check: every kind has one, the last of a kind marks all, and containers tell the kind."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.products import Check, Clients
from migrator.domain.gateways.recognise import kind_of
from migrator.wording import render

PRODUCTS = [pytest.param(product, id=product.name) for profile in PROFILES.values() for product in profile.products]


def template(*rows: Any, **labels: str) -> Any:
    return {"metadata": {"labels": labels}, "spec": {"containers": list(rows)}}


def stops(*command: str) -> Any:
    return {"name": "m", "lifecycle": {"preStop": {"exec": {"command": list(command)}}}}


@pytest.mark.parametrize("kind", PROFILES)
def test_a_kind_has_a_product_for_every_template(kind: str) -> None:
    assert PROFILES[kind].product({}).name == PROFILES[kind].products[-1].name


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_with_a_drain_of_its_own_turns_its_check_while_it_accepts(product: Any) -> None:
    turns = [turn for turn in product.turns if turn.check is Check.FAILS and turn.clients is not Clients.REFUSED]

    assert bool(turns) is (product.drain is not None or product.name == "envoy")
    assert all(render(turn.event) for turn in product.turns)


MARKS = [
    pytest.param("envoy", template(stops("/bin/contour", "envoy", "shutdown")), "contour", id="Contour"),
    pytest.param("envoy", template(stops("envoy-gateway", "envoy", "shutdown")), "envoy-gateway", id="Envoy Gateway"),
    pytest.param(
        "envoy",
        template({"name": "envoy"}, **{"app.kubernetes.io/managed-by": "envoy-gateway"}),
        "envoy-gateway",
        id="Envoy Gateway by its label",
    ),
    pytest.param("envoy", template({"name": "envoy"}), "envoy", id="an Envoy"),
    pytest.param(
        "nginx", template({"name": "c", "args": ["/nginx-ingress-controller"]}), "ingress-nginx", id="ingress-nginx"
    ),
    pytest.param("nginx", template({"name": "nginx"}), "nginx", id="nginx"),
    pytest.param("istio", template({"name": "istio-proxy"}), "istio", id="Istio"),
    pytest.param("none", template({"name": "haproxy"}), "unknown", id="anything else"),
]


@pytest.mark.parametrize(("kind", "made", "product"), MARKS)
def test_a_template_tells_its_kind_and_its_product(kind: str, made: Any, product: str) -> None:
    assert kind_of(made) == kind
    assert PROFILES[kind].product(made).name == product
