"""From an Envoy's config dump to hosts and paths: inline and named tables, SNI, patterns, and whatever else a dump may hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.adapters.gateways import routes as reading
from migrator.adapters.gateways.routes import MOST, hosts, path
from migrator.domain.gateways.istio import ISTIO
from migrator.domain.model.answers import Route
from migrator.domain.model.manifests import Json
from tests.adapters.gateways import istio_dumps
from tests.adapters.gateways.istio_like import OLD

HCM = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ADMIN = "type.googleapis.com/envoy.admin.v3"


def routes(dump: Json) -> tuple[Route, ...]:
    return reading.routes(dump, ISTIO.own.ports)


def table(*domains: str, name: str = "t", matches: tuple[Any, ...] = ({"prefix": "/"},)) -> dict[str, Any]:
    return {"name": name, "virtual_hosts": [{"domains": list(domains), "routes": [{"match": m} for m in matches]}]}


def chain(of: dict[str, Any], *names: str, tls: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"filters": [{"typed_config": {"@type": HCM, **of}}]}
    if names:
        found["filter_chain_match"] = {"server_names": list(names)}
    return found | ({"transport_socket": {"name": "tls"}} if tls else {})


def dump(
    *chains: dict[str, Any], port: int = 8080, named: tuple[dict[str, Any], ...] = (), static: bool = False
) -> Json:
    listener = {"address": {"socket_address": {"port_value": port}}, "filter_chains": list(chains)}
    rows = (
        {"static_listeners": [{"listener": listener}]}
        if static
        else {"dynamic_listeners": [{"active_state": {"listener": listener}}]}
    )
    tables = {"dynamic_route_configs": [{"route_config": each} for each in named]}
    return {
        "configs": [
            {"@type": f"{ADMIN}.ListenersConfigDump", **rows},
            {"@type": f"{ADMIN}.RoutesConfigDump", **tables},
        ]
    }


@pytest.mark.parametrize("static", [True, False])
def test_a_table_that_is_written_inline_is_read(static: bool) -> None:
    of = {"route_config": table("a.x", "b.x:*", matches=({"path": "/p"}, {"prefix": "/q"}))}

    assert routes(dump(chain(of), static=static)) == (
        Route(8080, False, "a.x", "/p"),
        Route(8080, False, "a.x", "/q"),
        Route(8080, False, "b.x", "/p"),
        Route(8080, False, "b.x", "/q"),
    )


def test_a_table_is_found_by_its_name_and_one_that_is_missing_has_no_route() -> None:
    known, unknown = {"rds": {"route_config_name": "t"}}, {"rds": {"route_config_name": "gone"}}

    assert routes(dump(chain(known), chain(unknown), named=(table("a.x"),))) == (Route(8080, False, "a.x", "/"),)


def test_a_chain_with_names_serves_these_alone_in_tls() -> None:
    of = {"route_config": table("*")}

    assert routes(dump(chain(of, "a.x", "b.x", tls=True))) == (
        Route(8080, True, "a.x", "/"),
        Route(8080, True, "b.x", "/"),
    )


def test_what_is_no_http_and_istios_own_ports_have_no_routes() -> None:
    tcp = {"filters": [{"typed_config": {"@type": "tcp_proxy"}}]}

    assert routes(dump(tcp)) == ()
    assert routes(dump(chain({"route_config": table("*")}), port=15021)) == ()


@pytest.mark.parametrize(
    ("domain", "served", "found"),
    [
        ("a.x", (), ("a.x",)),
        ("A.X:8080", (), ("a.x",)),
        ("*", (), ("*",)),
        ("*", ("a.x",), ("a.x",)),
        ("a.x", ("*",), ("a.x",)),
        ("a.x", ("*.x",), ("a.x",)),
        ("*.x", ("a.x",), ("*.x",)),
        ("a.x", ("b.x",), ()),
    ],
)
def test_hosts_are_those_that_come_through_the_chain(
    domain: str, served: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert hosts(domain, served) == found


@pytest.mark.parametrize(
    ("match", "found"),
    [
        ({"path": "/a"}, "/a"),
        ({"prefix": "/a/"}, "/a/"),
        ({"prefix": "a"}, "/a"),
        ({"path_separated_prefix": "/api"}, "/api"),
        ({"safe_regex": {"regex": r"/items/\d+"}}, "/items/"),
        ({"safe_regex": {"regex": r"^/v1\.0/.*"}}, "/v1.0/"),
        ({"safe_regex": {"regex": ".*"}}, "/"),
        ({"connect_matcher": {}}, "/"),
        ({}, "/"),
    ],
)
def test_a_path_is_one_that_the_match_is_about(match: Any, found: str) -> None:
    assert path(match) == found


def test_of_very_many_routes_a_bounded_number_is_read() -> None:
    of = {"route_config": table(*(f"h{n}.x" for n in range(MOST + 5)))}

    assert len(routes(dump(chain(of)))) == MOST


def test_an_istio_gateways_dump_has_its_hosts_and_none_of_its_agents_ports() -> None:
    found = routes(istio_dumps.by_hand(OLD))

    assert {route.port for route in found} <= {8080, 8443}
    assert found
    assert all(route.path.startswith("/") for route in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["configs", "@type", "static_listeners", "listener", "filter_chains", "virtual_hosts", "domains"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_dump_whatever_raises(found: Json) -> None:
    assert isinstance(routes(json.loads(json.dumps(found))), tuple)
