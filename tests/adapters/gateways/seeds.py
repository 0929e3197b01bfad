"""Single changes of a gateway's dump: those that mean something, by section, with the place that must be named; those that do not."""
# ruff: noqa: E501 - a change a line

from __future__ import annotations

import re
from collections.abc import Callable

from migrator.domain.model.manifests import Json, Manifest, dig
from tests.adapters.gateways import istio_like
from tests.adapters.gateways.istio_like import APP, PLUGIN

Change = Callable[[Manifest], None]


def part(dump: Manifest, kind: str, *path: str | int) -> Json:
    """Give a part of a section of a dump, to be changed."""
    sections = dump["configs"]
    assert isinstance(sections, list)
    found = next(s for s in sections if str(dig(s, "@type")).endswith(f".{kind}ConfigDump"))
    return dig(found, *path)


def row(dump: Manifest, kind: str, rows: str, key: str, name: str) -> Manifest:
    """Give the first resource in a section of a dump in which this pattern is found."""
    found = part(dump, kind, rows)
    assert isinstance(found, list)
    resource = next(dig(r, *key.split(".")) for r in found if re.search(name, str(dig(r, *key.split(".")))))
    assert isinstance(resource, dict)
    return resource


def put(kind: str, rows: str, key: str, name: str, *path: str | int, to: Json) -> Change:
    """Give a change of one value of one resource."""

    def change(dump: Manifest) -> None:
        at: Json = row(dump, kind, rows, key, name)
        for step in path[:-1]:
            at = at[step]  # type: ignore[index, call-overload]  # a fabricated document
        at[path[-1]] = to  # type: ignore[index, call-overload]

    return change


PLAIN, TLS = r"'http\.\d+'", r"https\.443\.https\.a"


def listener(*path: str | int, to: Json, of: str = PLAIN) -> Change:
    return put("Listeners", "dynamic_listeners", "active_state.listener", of, *path, to=to)


MANAGER = ("filter_chains", 0, "filters", 0, "typed_config")
FILTERS = (*MANAGER, "http_filters")


def route(*path: str | int, to: Json) -> Change:
    return put("Routes", "dynamic_route_configs", "route_config", PLAIN, *path, to=to)


def cluster(*path: str | int, to: Json, of: str = APP) -> Change:
    return put("Clusters", "dynamic_active_clusters", "cluster", f"'name': '{re.escape(of)}'", *path, to=to)


def endpoint(*path: str | int, to: Json) -> Change:
    return put(
        "Endpoints",
        "dynamic_endpoint_configs",
        "endpoint_config",
        re.escape(APP),
        "endpoints",
        0,
        "lb_endpoints",
        *path,
        to=to,
    )


def secret(*path: str | int, to: Json) -> Change:
    return put("Secrets", "dynamic_active_secrets", "secret", "kubernetes://a.example'", *path, to=to)


def authority(*path: str | int, to: Json) -> Change:
    return put("Secrets", "dynamic_active_secrets", "secret", "a.example-cacert", *path, to=to)


def extension(*path: str | int, to: Json) -> Change:
    return put("Ecds", "ecds_filters", "ecds_filter", re.escape(PLUGIN), *path, to=to)


def bootstrap(*path: str | int, to: Json) -> Change:
    def change(dump: Manifest) -> None:
        at = part(dump, "Bootstrap", "bootstrap", *path[:-1])
        at[path[-1]] = to  # type: ignore[index, call-overload]  # a fabricated document

    return change


def without(kind: str, rows: str, name: str) -> Change:
    """Give the change that takes out the row with this name in it."""

    def change(dump: Manifest) -> None:
        found = part(dump, kind, rows)
        assert isinstance(found, list)
        found[:] = [each for each in found if not re.search(name, str(each))]

    return change


def further(kind: str, rows: str, key: str, name: str) -> Change:
    """Give the change that adds a resource like the one of this name, under another."""

    def change(dump: Manifest) -> None:
        found, like = part(dump, kind, rows), row(dump, kind, rows, key, name)
        assert isinstance(found, list)
        wrapped: Json = {**like, "name": "another", "cluster_name": "another"}
        for step in reversed(key.split(".")):
            wrapped = {step: wrapped}
        assert isinstance(wrapped, dict)
        found.append({"name": "another", **wrapped})

    return change


def chain_gone(dump: Manifest) -> None:
    found = row(dump, "Listeners", "dynamic_listeners", "active_state.listener", TLS)["filter_chains"]
    assert isinstance(found, list)
    del found[1]


def filters_turned(dump: Manifest) -> None:
    manager = dig(row(dump, "Listeners", "dynamic_listeners", "active_state.listener", PLAIN), *MANAGER)
    assert isinstance(manager, dict)
    found = manager["http_filters"]
    assert isinstance(found, list)
    manager["http_filters"] = [found[2], found[1], found[0], found[3]]


ROUTE = ("virtual_hosts", 0, "routes", 0)
SEEDS = [
    ("listeners", "its address", listener("address", "socket_address", "address", to="127.0.0.1"), " address.socket_address"),
    ("listeners", "its port", listener("address", "socket_address", "port_value", to=81), " address.socket_address"),
    ("listeners", "a buffer limit", listener("per_connection_buffer_limit_bytes", to=1), "per_connection_buffer_limit_bytes"),
    ("listeners", "its direction", listener("traffic_direction", to="INBOUND"), "traffic_direction"),
    ("listeners", "a missing listener", without("Listeners", "dynamic_listeners", TLS), "listener/0.0.0.0_"),
    ("listeners", "one TLS chain gone", chain_gone, "filter_chains[b.example,www.b.example]"),
    ("listeners", "another SNI", listener("filter_chains", 0, "filter_chain_match", "server_names", to=["z.example"], of=TLS), "filter_chains["),
    ("listeners", "another certificate's name", listener("filter_chains", 0, "transport_socket", "typed_config", "common_tls_context", "tls_certificate_sds_secret_configs", 0, "name", to="kubernetes://z", of=TLS), "tls_certificate_sds_secret_configs"),
    ("listeners", "an older TLS", listener("filter_chains", 0, "transport_socket", "typed_config", "common_tls_context", "tls_params", "tls_minimum_protocol_version", to="TLSv1_0", of=TLS), "tls_minimum_protocol_version"),
    ("listeners", "ALPN in another order", listener("filter_chains", 0, "transport_socket", "typed_config", "common_tls_context", "alpn_protocols", to=["http/1.1", "h2"], of=TLS), "alpn_protocols"),
    ("listeners", "no listener filter", listener("listener_filters", to=[], of=TLS), "listener_filters"),
    ("filters", "an HTTP filter more", listener(*FILTERS, to=[{"name": "envoy.filters.http.router"}]), "http_filters["),
    ("filters", "filters in another order", filters_turned, "http_filters"),
    ("filters", "a rule of access by the node's address is another", listener(*FILTERS, 0, "typed_config", "rules", "action", to="ALLOW"), "rules.action"),
    ("filters", "a rule of access for another address", listener(*FILTERS, 0, "typed_config", "rules", "policies", "ns[shop]-policy[deny]-rule[0]", "principals", 0, "and_ids", "ids", 0, "or_ids", "ids", 0, "direct_remote_ip", "address_prefix", to="10.0.0.1"), "direct_remote_ip.address_prefix"),
    ("filters", "a policy gone", listener(*FILTERS, 0, "typed_config", "rules", "policies", to={}), "ns[shop]-policy[deny]-rule[0]"),
    ("filters", "an HTTP limit", listener(*MANAGER, "request_timeout", to="61s"), "request_timeout"),
    ("filters", "no upgrade to WebSocket", listener(*MANAGER, "upgrade_configs", to=[]), "upgrade_configs[0]"),
    ("filters", "the client's address not used", listener(*MANAGER, "use_remote_address", to=False), "use_remote_address"),
    ("filters", "another mesh in the traces", listener(*MANAGER, "tracing", "custom_tags", 2, "literal", "value", to="other"), "custom_tags[2]"),
    ("filters", "another log", listener(*MANAGER, "access_log", 0, "typed_config", "path", to="/dev/null"), "access_log["),
    ("filters", "another router option", listener(*FILTERS, 3, "typed_config", "suppress_envoy_headers", to=False), "suppress_envoy_headers"),
    ("routes", "a timeout", route(*ROUTE, "route", "timeout", to="16s"), "virtual_hosts[shop.example].routes[0].route.timeout"),
    ("routes", "a cluster", route(*ROUTE, "route", "cluster", to="other"), "routes[0].route.cluster"),
    ("routes", "a prefix", route(*ROUTE, "match", "prefix", to="/v2"), "routes[0].match.prefix"),
    ("routes", "a header that is wanted", route(*ROUTE, "match", "headers", to=[]), "routes[0].match.headers"),
    ("routes", "retries", route(*ROUTE, "route", "retry_policy", "num_retries", to=9), "num_retries"),
    ("routes", "a weight", route("virtual_hosts", 0, "routes", 2, "route", "weighted_clusters", "clusters", 0, "weight", to=1), "clusters[outbound|8080||app.shop.svc.cluster.local].weight"),
    ("routes", "a redirect", route("virtual_hosts", 0, "routes", 1, "redirect", "response_code", to="MOVED_PERMANENTLY"), "redirect.response_code"),
    ("routes", "a domain", route("virtual_hosts", 0, "domains", to=["shop.example"]), "domains"),
    ("routes", "a domain's port", route("virtual_hosts", 0, "domains", to=["shop.example", "shop.example:8080"]), "domains"),
    ("routes", "a header that is added", route(*ROUTE, "request_headers_to_add", 0, "header", "value", to="x"), "header.value"),
    ("routes", "a whole configuration gone", without("Routes", "dynamic_route_configs", "https.443.https.b"), "route/https.443.https.b.example.shop"),
    ("clusters", "a missing cluster", without("Clusters", "dynamic_active_clusters", "vm.shop"), "cluster/outbound|9000||vm.shop.svc.cluster.local"),
    ("clusters", "a further cluster", further("Clusters", "dynamic_active_clusters", "cluster", f"'name': '{re.escape(APP)}'"), "cluster/another"),
    ("clusters", "a time to connect", cluster("connect_timeout", to="1s"), "connect_timeout"),
    ("clusters", "how it balances", cluster("lb_policy", to="RANDOM"), "lb_policy"),
    ("clusters", "a circuit breaker", cluster("circuit_breakers", "thresholds", 0, "max_connections", to=1), "max_connections"),
    ("clusters", "outlier detection", cluster("outlier_detection", "consecutive_5xx", to=50), "consecutive_5xx"),
    ("clusters", "no mutual TLS", cluster("transport_socket_matches", to=[]), "transport_socket_matches"),
    ("clusters", "a host name that is resolved", cluster("load_assignment", "endpoints", 0, "lb_endpoints", 0, "endpoint", "address", "socket_address", "address", to="other.example", of=istio_like.REMOTE), "load_assignment.endpoints"),
    ("clusters", "which addresses are resolved", cluster("dns_lookup_family", to="V6_ONLY", of=istio_like.REMOTE), "dns_lookup_family"),
    ("clusters", "subsets", cluster("lb_subset_config", "fallback_policy", to="NO_FALLBACK"), "fallback_policy"),
    ("endpoints", "an address", endpoint(0, "endpoint", "address", "socket_address", "address", to="10.1.0.9"), "endpoints.10.1.0.9:8080"),
    ("endpoints", "a port", endpoint(0, "endpoint", "address", "socket_address", "port_value", to=80), ":80"),
    ("endpoints", "all gone", put("Endpoints", "dynamic_endpoint_configs", "endpoint_config", re.escape(APP), "endpoints", to=[]), "endpoints.10.1.0.3:8080"),
    ("endpoints", "one without mutual TLS", endpoint(0, "metadata", "filter_metadata", "envoy.transport_socket_match", to={}), "tlsMode"),
    ("endpoints", "another mode of TLS", endpoint(0, "metadata", "filter_metadata", "envoy.transport_socket_match", "tlsMode", to="disabled"), "tlsMode"),
    ("endpoints", "another subset", endpoint(0, "metadata", "filter_metadata", "envoy.lb", "version", to="v2"), "version"),
    ("endpoints", "no metadata at all", endpoint(0, "metadata", to={}), "metadata"),
    ("endpoints", "metadata where none was", endpoint(2, "metadata", to={"filter_metadata": {"envoy.lb": {"a": "b"}}}), "metadata"),
    ("endpoints", "another host name", endpoint(0, "endpoint", "hostname", to="other"), "hostname"),
    ("endpoints", "a whole table gone", without("Endpoints", "dynamic_endpoint_configs", re.escape(APP)), f"endpoints/{APP}"),
    ("endpoints", "an overprovisioning factor", put("Endpoints", "dynamic_endpoint_configs", "endpoint_config", re.escape(APP), "policy", "overprovisioning_factor", to=200), "policy.overprovisioning_factor"),
    ("secrets", "another certificate", secret("tls_certificate", "certificate_chain", to={"inline_string": "other"}), "certificate_chain"),
    ("secrets", "another key", secret("tls_certificate", "private_key", to={"inline_string": "other"}), "private_key"),
    ("secrets", "a certificate from a file", secret("tls_certificate", "certificate_chain", to={"filename": "/etc/x.pem"}), "certificate_chain"),
    ("secrets", "a staple", secret("tls_certificate", "ocsp_staple", to={"inline_string": "x"}), "ocsp_staple"),
    ("secrets", "a certificate missing", without("Secrets", "dynamic_active_secrets", "kubernetes://b.example"), "secret/kubernetes://b.example"),
    ("secrets", "a further certificate", further("Secrets", "dynamic_active_secrets", "secret", "kubernetes://b.example"), "secret/another"),
    ("secrets", "another authority", authority("validation_context", "trusted_ca", to={"inline_string": "other"}), "trusted_ca"),
    ("secrets", "a name that is wanted of clients", authority("validation_context", "match_typed_subject_alt_names", to=[{"san_type": "DNS"}]), "match_typed_subject_alt_names"),
    ("secrets", "a list of revoked certificates", authority("validation_context", "crl", to={"inline_string": "x"}), "crl"),
    ("secrets", "another kind of secret", authority("validation_context", to={}), "validation_context"),
    ("extension configs", "a limit", extension("typed_config", "max_request_bytes", to=1), "max_request_bytes"),
    ("extension configs", "no limit", extension("typed_config", to={"@type": "x"}), "typed_config"),
    ("extension configs", "another kind of filter", extension("typed_config", "@type", to="type.googleapis.com/other"), "@type"),
    ("extension configs", "another name", extension("name", to="other"), "ecds/other"),
    ("extension configs", "none", without("Ecds", "ecds_filters", re.escape(PLUGIN)), f"ecds/{PLUGIN}"),
    ("extension configs", "a further one", further("Ecds", "ecds_filters", "ecds_filter", re.escape(PLUGIN)), "ecds/another"),
    ("extension configs", "a further field", extension("typed_config", "fail_open", to=True), "fail_open"),
    ("extension configs", "switched off", extension("disabled", to=True), "disabled"),
    ("bootstrap", "a limit of connections", bootstrap("overload_manager", "resource_monitors", 0, "typed_config", "max_active_downstream_connections", to=100), "max_active_downstream_connections"),
    ("bootstrap", "no overload manager", bootstrap("overload_manager", to={}), "bootstrap/overload_manager"),
    ("bootstrap", "an action under load", bootstrap("overload_manager", "actions", to=[{"name": "stop_accepting"}]), "actions"),
    ("bootstrap", "runtime", bootstrap("layered_runtime", "layers", 0, "static_layer", "re2.max_program_size.error_level", to=1), "error_level"),
    ("bootstrap", "a runtime flag more", bootstrap("layered_runtime", "layers", 0, "static_layer", "envoy.reloadable_features.x", to=False), "envoy.reloadable_features.x"),
    ("bootstrap", "which statistics there are", bootstrap("stats_config", "stats_matcher", to={"reject_all": True}), "stats_matcher"),
    ("bootstrap", "how often statistics are flushed", bootstrap("stats_flush_interval", to="60s"), "stats_flush_interval"),
    ("bootstrap", "who may reach the admin port", bootstrap("admin", "address", "socket_address", "address", to="0.0.0.0"), "bootstrap/admin"),
    ("bootstrap", "where listeners come from", bootstrap("dynamic_resources", "lds_config", to={"ads": {}}), "lds_config"),
    ("bootstrap", "a static cluster", bootstrap("static_resources", "clusters", 0, "connect_timeout", to="9s"), "connect_timeout"),
    ("bootstrap", "how names are resolved", bootstrap("typed_dns_resolver_config", to={"name": "c-ares"}), "typed_dns_resolver_config"),
]  # fmt: skip


def turned_everywhere(dump: Manifest) -> None:
    """Turn every list of resources round."""
    sections = dump["configs"]
    assert isinstance(sections, list)
    sections.reverse()
    for each in sections:
        assert isinstance(each, dict)
        for rows in each.values():
            if isinstance(rows, list):
                rows.reverse()


def turned(change: Callable[[Manifest], Json]) -> Change:
    """Give the change that turns a list round."""

    def turn(dump: Manifest) -> None:
        found = change(dump)
        assert isinstance(found, list)
        assert len(found) > 1
        found.reverse()

    return turn


def everywhere(key: str, to: Json) -> Change:
    """Give the change of every value under this key, wherever it is."""

    def change(dump: Manifest) -> None:
        assert _everywhere(dump, key, to) > 0

    return change


def _everywhere(value: Json, key: str, to: Json) -> int:
    if isinstance(value, list):
        return sum(_everywhere(each, key, to) for each in value)
    if not isinstance(value, dict):
        return 0
    found = sum(_everywhere(each, key, to) for name, each in value.items() if name != key)
    if key in value:
        value[key] = to
    return found + (key in value)


def keys_turned(dump: Manifest) -> None:
    """Give every object its keys in another order."""
    dump["configs"] = _keys_turned(dump["configs"])


def _keys_turned(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _keys_turned(value[key]) for key in reversed(value)}
    return [_keys_turned(each) for each in value] if isinstance(value, list) else value


def of_listener(of: str, *path: str | int) -> Callable[[Manifest], Json]:
    return lambda dump: dig(row(dump, "Listeners", "dynamic_listeners", "active_state.listener", of), *path)


def of_route(*path: str | int) -> Callable[[Manifest], Json]:
    return lambda dump: dig(row(dump, "Routes", "dynamic_route_configs", "route_config", PLAIN), *path)


def of_endpoints(*path: str | int) -> Callable[[Manifest], Json]:
    return lambda dump: dig(
        row(dump, "Endpoints", "dynamic_endpoint_configs", "endpoint_config", re.escape(APP)), *path
    )


def resolved_elsewhere(dump: Manifest) -> None:
    """Let another address be what DNS said of a name."""
    found = part(dump, "Endpoints", "dynamic_endpoint_configs")
    assert isinstance(found, list)
    found[:] = [each for each in found if istio_like.REMOTE not in str(each)]
    address = {"address": istio_like.address("203.0.113.7", 443)}
    table: Json = {"cluster_name": istio_like.REMOTE, "endpoints": [{"lb_endpoints": [{"endpoint": address}]}]}
    found.append({"endpoint_config": table})


def another_certificate_of_its_own(dump: Manifest) -> None:
    """Let the gateway have been given its own certificate anew."""
    chain = part(dump, "Secrets", "dynamic_active_secrets")
    assert isinstance(chain, list)
    own = next(each for each in chain if dig(each, "name") == "default")
    certificate = dig(own, "secret", "tls_certificate")
    assert isinstance(certificate, dict)
    certificate["certificate_chain"] = {"inline_bytes": "bmV3"}


def ports_in_hosts(dump: Manifest) -> None:
    """Call virtual hosts by another port, as they are called where the listener's is another."""
    hosts = of_route("virtual_hosts")(dump)
    assert isinstance(hosts, list)
    for host in hosts:
        assert isinstance(host, dict)
        host["name"] = str(host["name"]).replace(":80", ":18080")


MEANINGLESS = [
    ("times of the push", everywhere("last_updated", "2030-01-01T00:00:00Z")),
    ("versions of the push", everywhere("version_info", "77")),
    ("every list of resources the other way round", turned_everywhere),
    ("keys in another order", keys_turned),
    ("virtual hosts in another order", turned(of_route("virtual_hosts"))),
    ("domains in another order", turned(of_route("virtual_hosts", 0, "domains"))),
    ("filter chains in another order", turned(of_listener(TLS, "filter_chains"))),
    ("hosts of a chain in another order", turned(of_listener(TLS, "filter_chains", 0, "filter_chain_match", "server_names"))),
    ("endpoints in another order", turned(of_endpoints("endpoints", 0, "lb_endpoints"))),
    ("how statistics are called", everywhere("stat_prefix", "other")),
    ("another name for a cluster's statistics", cluster("alt_stat_name", to="other")),
    ("virtual hosts called by another port", ports_in_hosts),
    ("another revision of the workload", listener(*MANAGER, "tracing", "custom_tags", 0, "literal", "value", to="v99")),
    ("another app label", listener(*MANAGER, "tracing", "custom_tags", 1, "literal", "value", to="other")),
    ("where resources are read from", everywhere("path_config_source", {"path": "/tmp/elsewhere"})),
    ("an endpoint's weight", endpoint(0, "load_balancing_weight", to=9)),
    ("an endpoint's health", endpoint(0, "health_status", to="UNHEALTHY")),
    ("a locality", put("Endpoints", "dynamic_endpoint_configs", "endpoint_config", re.escape(APP), "endpoints", 0, "locality", to={"zone": "z"})),
    ("a priority", put("Endpoints", "dynamic_endpoint_configs", "endpoint_config", re.escape(APP), "endpoints", 0, "priority", to=1)),
    ("what DNS said", resolved_elsewhere),
    ("its own certificate", another_certificate_of_its_own),
    ("its labels", bootstrap("node", "metadata", "LABELS", to={"version": "v3"})),
    ("its node's locality", bootstrap("node", "locality", to={"zone": "z"})),
    ("its build", bootstrap("node", "user_agent_build_version", to={"version": {"major_number": 1}})),
    ("the API version of the object that a route was made of", route(*ROUTE, "metadata", "filter_metadata", "istio", "config", to="/apis/networking.istio.io/v1alpha3/namespaces/shop/virtual-service/shop")),
    ("the status that a client of discovery has", cluster("client_status", to="ACKED")),
]  # fmt: skip
