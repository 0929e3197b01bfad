"""Equal intent is equal; whatever changes what a client would see is not."""

from __future__ import annotations

import copy
import json

import pytest

from migrator.adapters.gateways.comparison.difference import differing
from migrator.adapters.gateways.configuration.canonical import canonical
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, Manifest, items, mapping
from tests.adapters.gateways.dumps import NEW, OLD, address, changed, dump, read, units
from tests.words import texts

CLUSTERS, ENDPOINTS, LISTENERS, ROUTES, SECRETS = 1, 2, 3, 4, 5
HTTP_CHAIN = ("dynamic_listeners", 1, "active_state", "listener", "filter_chains", 0)
MANAGER = (*HTTP_CHAIN, "filters", 0, "typed_config")
HOST = ("dynamic_route_configs", 0, "route_config", "virtual_hosts", 0)


def test_two_gateways_of_equal_intent_have_no_difference_at_all() -> None:
    old, new = units(OLD), units(NEW)

    assert old == new
    assert set(old) == {
        "cluster/agent",
        "cluster/outbound|8080||app.ns.svc",
        "cluster/outbound|80||gw.ns.svc.cluster.local",
        "endpoints/outbound|8080||app.ns.svc",
        "listener/0.0.0.0_80",
        "listener/0.0.0.0_443",
        "listener/static_15021",
        "bootstrap/stats_config",
        "route/http.80",
        "secret/default",
        "secret/kubernetes://site",
    }


def routes_swapped() -> Manifest:
    rows = items(dump(NEW), "configs", ROUTES, *HOST, "routes")
    return changed(NEW, ROUTES, *HOST, "routes", to=list[Json](rows[::-1]))


@pytest.mark.parametrize(
    ("new", "unit", "words"),
    [
        pytest.param(
            routes_swapped(), "route/http.80", "virtual_hosts[api.x].routes: another order", id="two routes swapped"
        ),
        pytest.param(
            changed(NEW, ROUTES, *HOST, "routes", 0, "route", "timeout", to="16s"),
            "route/http.80",
            'virtual_hosts[api.x].routes[0].route.timeout: old "15s", new "16s"',
            id="a timeout",
        ),
        pytest.param(
            changed(NEW, ROUTES, *HOST, "routes", to=[]),
            "route/http.80",
            "virtual_hosts[api.x].routes[1]: missing on the new gateway",
            id="routes removed",
        ),
        pytest.param(
            changed(NEW, CLUSTERS, "dynamic_active_clusters", to=[]),
            "cluster/outbound|8080||app.ns.svc",
            ": missing on the new gateway",
            id="clusters removed",
        ),
        pytest.param(
            changed(NEW, LISTENERS, *MANAGER, "http_filters", to=[{"name": "wasm"}, {"name": "router"}]),
            "listener/0.0.0.0_80",
            "http_filters[wasm]: only on the new gateway",
            id="other HTTP filters",
        ),
        pytest.param(
            changed(NEW, LISTENERS, *MANAGER, "http_filters", to=[{"name": n} for n in ("cors", "fault", "router")]),
            "listener/0.0.0.0_80",
            "http_filters: another order; old fault, cors, router; new cors, fault, router",
            id="HTTP filters in another order",
        ),
        pytest.param(
            changed(
                NEW,
                SECRETS,
                "dynamic_active_secrets",
                0,
                "secret",
                to={"tls_certificate": {"certificate_chain": {"inline_bytes": "T1RIRVI="}}},
            ),
            "secret/kubernetes://site",
            'certificate_chain.inline_bytes: old "sha256:',
            id="another certificate",
        ),
        pytest.param(
            changed(NEW, ENDPOINTS, "dynamic_endpoint_configs", 0, "endpoint_config", "endpoints", to=[]),
            "endpoints/outbound|8080||app.ns.svc",
            "endpoints.10.1.0.1:8080: missing on the new gateway",
            id="endpoints lost",
        ),
        pytest.param(
            changed(NEW, LISTENERS, *HTTP_CHAIN, "transport_socket", to={"name": "tls"}),
            "listener/0.0.0.0_80",
            "transport_socket: only on the new gateway",
            id="another TLS setting",
        ),
    ],
)
def test_what_a_client_would_notice_is_a_difference_of_that_unit(new: Manifest, unit: str, words: str) -> None:
    before, after = units(OLD), units(NEW, new)
    differ = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))

    assert unit in differ
    assert any(
        line.startswith(unit) and words in line
        for line in texts(differing(read(OLD).units, read(NEW, new).units, differ).lines)
    )


def test_a_backends_port_is_never_mapped() -> None:
    elsewhere = address("10.1.0.1", 80)
    endpoint = (
        "dynamic_endpoint_configs",
        0,
        "endpoint_config",
        "endpoints",
        0,
        "lb_endpoints",
        1,
        "endpoint",
        "address",
    )
    moved = changed(NEW, ENDPOINTS, *endpoint, to=elsewhere)

    assert units(NEW, moved)["endpoints/outbound|8080||app.ns.svc"] != units(OLD)["endpoints/outbound|8080||app.ns.svc"]


def test_an_address_is_replaced_as_a_whole_and_not_inside_another() -> None:
    text = "10.0.0.1 10.0.0.10 110.0.0.1 10.0.0.1:80 10.0.0.1_80 x-gw-7f9d-abcde gw-7f9d-abcde.other"
    listener = ("dynamic_listeners", 0, "active_state", "listener")
    own = mapping(
        read(OLD, changed(OLD, LISTENERS, *listener, "address", to={"path": text})).units["listener/0.0.0.0_80"]
    )
    other = mapping(read(OLD, changed(OLD, LISTENERS, *listener, "note", to=text)).units["listener/0.0.0.0_80"])

    assert own["address"] == {"path": "{ip} 10.0.0.10 110.0.0.1 {ip}:80 {ip}_80 x-gw-7f9d-abcde gw-7f9d-abcde.other"}
    assert other["note"] == text  # an address is the gateway's own only where it binds, calls itself or calls from


def test_no_certificate_or_key_is_left_in_a_unit() -> None:
    inline: Manifest = {"certificate_chain": {"inline_string": "PEM"}, "private_key": {"inline_bytes": "S0VZ"}}
    chain = ("dynamic_listeners", 0, "active_state", "listener", "filter_chains", 0, "transport_socket")
    found = read(NEW, changed(NEW, LISTENERS, *chain, to={"common_tls_context": {"tls_certificates": [inline]}}))

    words = json.dumps({name: unit for name, unit in found.units.items()})
    assert not any(secret in words for secret in ("PEM", "S0VZ", "Q0VSVA=="))


@pytest.mark.parametrize(
    ("section", "row", "words"),
    [
        pytest.param(
            LISTENERS, ("dynamic_listeners", {"name": "l", "warming_state": {"a": 1}}), "warming", id="warming"
        ),
        pytest.param(
            LISTENERS, ("dynamic_listeners", {"name": "l", "draining_state": {"a": 1}}), "draining", id="draining"
        ),
        pytest.param(
            LISTENERS, ("dynamic_listeners", {"name": "l", "error_state": {"details": "bad"}}), "(bad)", id="rejected"
        ),
        pytest.param(CLUSTERS, ("dynamic_warming_clusters", {"cluster": {"name": "c"}}), "cluster c", id="a cluster"),
        pytest.param(SECRETS, ("dynamic_warming_secrets", {"name": "s"}), "secret s: warming", id="a secret"),
        pytest.param(
            ROUTES, ("dynamic_route_configs", {"error_state": {"details": "no"}}), "rejected (no)", id="routes"
        ),
    ],
)
def test_what_is_not_settled_is_unready_and_not_ignored(section: int, row: tuple[str, Json], words: str) -> None:
    found = copy.deepcopy(dump(NEW))
    rows = mapping(items(found, "configs")[section])
    rows[row[0]] = [row[1]]

    assert any(words in line for line in texts(read(NEW, found).unready))
    assert read(NEW).unready == ()


def test_a_dump_without_anything_known_has_only_the_extra_units() -> None:
    found = canonical({"configs": [{"@type": "x.Unknown"}]}, NEW.identity, {}, "1", {"process/drain": "immediate"})

    assert dict(found.units) == {"process/drain": "immediate"}


def test_differences_are_bounded() -> None:
    old: dict[str, Json] = {f"cluster/{n}": {"a": n} for n in range(100)}
    lines = differing(old, {}, sorted(old)).lines

    assert len(lines) == 40
    assert lines[-1] == say("config.more", unit="", more=61)
