"""VirtualServices: every way to write a Gateway's name, matches that tell proxies apart, and delegates."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.gateways.istio.routes import resolved
from migrator.domain.model.manifests import Manifest
from tests.domain.gateways.istio.ground import cells, rows
from tests.domain.planning.checks.ground import SPACE, thing

EDGE = thing("Gateway", "edge", {"selector": {"app": "gw"}})
EARLY = thing("Gateway", "early", {"selector": {"version": "v2"}}, "shop")

WRITTEN = [
    pytest.param("edge", f"{SPACE}/edge", id="short"),
    pytest.param("./edge", f"{SPACE}/edge", id="of the own namespace"),
    pytest.param("shop/edge", "shop/edge", id="full"),
    pytest.param("edge.shop", "shop/edge", id="with its namespace behind a dot"),
    pytest.param("edge.shop.svc.cluster.local", "shop/edge", id="as a host"),
    pytest.param("edge.shop.svc.corp.example", "shop/edge", id="as a host of another domain"),
]


@pytest.mark.parametrize(("written", "full"), WRITTEN)
def test_a_gateways_name_is_resolved_as_istiod_does(written: str, full: str) -> None:
    assert resolved(written, SPACE) == full


def route(name: str = "v", space: str = SPACE, **spec: Any) -> Manifest:
    return thing("VirtualService", name, spec, space)


REACHED = [
    pytest.param(route(gateways=["./edge"]), "both", id="of the own namespace"),
    pytest.param(route(space="shop", gateways=[f"edge.{SPACE}"]), "both", id="with its namespace"),
    pytest.param(route(space="apps", gateways=["early.shop.svc.cluster.local"]), "new only", id="as a host"),
    pytest.param(route(gateways=["edge", "shop/early"]), "both", id="two, one of them for both"),
    pytest.param(route(gateways=[7, None]), "none", id="what is no name"),
    pytest.param(route(), "none", id="inside the mesh alone"),
    pytest.param(
        route(gateways=["edge", "shop/early"], http=[{"match": [{"gateways": ["shop/early"]}]}]),
        "new only",
        id="a match through one side's Gateway",
    ),
    pytest.param(
        route(gateways=["edge"], http=[{"match": [{"gateways": ["./edge"], "sourceLabels": {"version": "v2"}}]}]),
        "both",
        id="a match that names Gateways does not look at labels",
    ),
    pytest.param(
        route(gateways=["edge"], http=[{"match": [{"port": 8080}]}]), "both", id="a port of the Gateway does not move"
    ),
]


@pytest.mark.parametrize(("made", "cell"), REACHED)
def test_a_route_goes_where_its_gateways_and_matches_let_it(made: Manifest, cell: str) -> None:
    assert cells(EDGE, EARLY, made, kind="VirtualService") == [cell]


def test_a_match_through_a_gateway_is_mended_at_that_gateway() -> None:
    made = route(gateways=["edge", "shop/early"], http=[{"match": [{"gateways": ["shop/early"]}]}])

    (row,) = [row for row in rows(EDGE, EARLY, made) if row.kind == "VirtualService"]

    assert row.widening is None
    assert row.why is not None
    assert row.why["match"] == "http[0].match[0].gateways"


def test_a_delegate_goes_where_those_go_that_delegate_to_it() -> None:
    root = route("root", gateways=["shop/early"], http=[{"delegate": {"name": "d", "namespace": "apps"}}])
    near = route("near", gateways=["./edge"], http=[{"delegate": {"name": "n"}}])

    assert cells(EDGE, EARLY, root, route("d", "apps", http=[]), kind="VirtualService") == ["new only", "new only"]
    assert cells(EDGE, near, route("n"), kind="VirtualService") == ["both", "both"]
    assert cells(EDGE, near, route("other"), kind="VirtualService") == ["both", "none"]
