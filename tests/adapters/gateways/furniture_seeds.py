"""Single changes of the furnished dump, by section: differences with the place that must be named, and changes without meaning."""
# ruff: noqa: E501 - a change a line

from __future__ import annotations

from collections.abc import Callable

from migrator.domain.model.manifests import Json, Manifest, dig, items
from tests.adapters.gateways.seeds import Change, part, turned_everywhere

ROOTS: dict[str, tuple[str, tuple[str | int, ...]]] = {
    "listeners": ("Listeners", ("dynamic_listeners", 0, "active_state", "listener")),
    "filters": ("Listeners", ("dynamic_listeners", 0, "active_state", "listener", "filter_chains", 0, "filters", 1, "typed_config")),
    "routes": ("Routes", ("dynamic_route_configs", 0, "route_config")),
    "clusters": ("Clusters", ("dynamic_active_clusters", 0, "cluster")),
    "endpoints": ("Endpoints", ("dynamic_endpoint_configs", 0, "endpoint_config")),
    "secrets": ("Secrets", ("dynamic_active_secrets",)),
    "extension configs": ("Ecds", ("ecds_filters",)),
    "bootstrap": ("Bootstrap", ("bootstrap",)),
}  # fmt: skip


def keys(path: str) -> list[str | int]:
    """Give the steps of a path in text; `name=x` is the row that has this name."""
    return [int(step) if step.isdecimal() else step for step in path.split("/")]


def found(dump: Manifest, section: str, path: list[str | int]) -> Json:
    """Give a part of a section's resource."""
    kind, root = ROOTS[section]
    at = part(dump, kind, *root)
    for step in path:
        if isinstance(step, str) and step.startswith("name="):
            at = next(
                row
                for row in (at if isinstance(at, list) else [])
                if step[5:] in (dig(row, "name"), dig(row, "ecds_filter", "name"))
            )
        else:
            at = dig(at, step)
    return at


def put(section: str, path: str, to: Json) -> Change:
    """Give the change of one value."""

    def change(dump: Manifest) -> None:
        *before, last = keys(path)
        parent = found(dump, section, before)
        assert isinstance(parent, dict | list)
        parent[last] = to  # type: ignore[index, call-overload]  # a path of a fabricated document

    return change


def gone(section: str, path: str) -> Change:
    """Give the change that takes a part out."""

    def change(dump: Manifest) -> None:
        *before, last = keys(path)
        parent = found(dump, section, before)
        assert isinstance(parent, dict | list)
        del parent[last]  # type: ignore[arg-type]  # a path of a fabricated document

    return change


def turn(section: str, path: str = "") -> Change:
    """Give the change that turns a list round."""

    def change(dump: Manifest) -> None:
        rows = found(dump, section, keys(path) if path else [])
        assert isinstance(rows, list)
        assert len(rows) > 1
        rows.reverse()

    return change


SHOP = "virtual_hosts/1/routes/0"  # of the new gateway's dump, in which lists without an order are turned
FILTER = "http_filters/{}/typed_config/{}"
WASM = FILTER.format(0, "config/configuration/value/")
TLS = "filter_chains/0/transport_socket/typed_config/"
LISTENER_FILTERS = "listener_filters/{}/typed_config/{}"
PROTOCOL = "typed_extension_protocol_options/envoy.extensions.upstreams.http.v3.HttpProtocolOptions/"
CA = "name=ROOTCA/secret/validation_context/"
PLUGIN = "name=extenstions.istio.io/wasmplugin/shop.auth"


def by_plugin(path: str, to: Json) -> Change:
    """Give the change of a value of the plugin that is discovered; its name has slashes."""

    def change(dump: Manifest) -> None:
        row = found(dump, "extension configs", [PLUGIN, "ecds_filter", "typed_config", "config", *keys(path)[:-1]])
        assert isinstance(row, dict | list)
        row[keys(path)[-1]] = to  # type: ignore[index, call-overload]  # as above

    return change


DIFFERENCES = [
    ("listeners", "a limit of connections", put("listeners", "filter_chains/0/filters/0/typed_config/max_connections", 10), "max_connections"),
    ("listeners", "TLS 1.3 no more", put("listeners", TLS + "common_tls_context/tls_params/tls_maximum_protocol_version", "TLSv1_2"), "tls_maximum_protocol_version"),
    ("listeners", "curves in another order", turn("listeners", TLS + "common_tls_context/tls_params/ecdh_curves"), "ecdh_curves"),
    ("listeners", "clients without a certificate", put("listeners", TLS + "require_client_certificate", False), "require_client_certificate"),
    ("listeners", "another authority's name", put("listeners", TLS + "common_tls_context/combined_validation_context/validation_context_sds_secret_config/name", "ROOTCA"), "validation_context_sds_secret_config.name"),
    ("listeners", "names of a match as text", put("listeners", "filter_chains/0/filter_chain_match/server_names", ["a.example"]), "filter_chains["),
    ("listeners", "source addresses", put("listeners", "filter_chains/0/filter_chain_match/source_prefix_ranges/0/prefix_len", 16), "filter_chains["),
    ("listeners", "no chain by default", gone("listeners", "default_filter_chain"), "default_filter_chain"),
    ("listeners", "no PROXY protocol", gone("listeners", "listener_filters/2"), "listener_filters"),
    ("listeners", "the PROXY protocol is wanted", put("listeners", LISTENER_FILTERS.format(2, "allow_requests_without_proxy_protocol"), False), "allow_requests_without_proxy_protocol"),
    ("listeners", "original destinations", put("listeners", "use_original_dst", False), "use_original_dst"),
    ("listeners", "no second address", gone("listeners", "additional_addresses"), "additional_addresses"),
    ("listeners", "keep-alive of sockets", put("listeners", "socket_options/0/int_value", 0), "socket_options"),
    ("filters", "a plugin's own setting that Envoy has another meaning for", put("filters", WASM + "stat_prefix", "other"), "value.stat_prefix"),
    ("filters", "a plugin's own version", put("filters", WASM + "version_info", "8"), "value.version_info"),
    ("filters", "a plugin's own list of hosts", put("filters", WASM + "virtual_hosts", ["b"]), "value.virtual_hosts"),
    ("filters", "a plugin's own list in another order", turn("filters", WASM + "thresholds"), "value.thresholds"),
    ("filters", "another plugin's code", put("filters", FILTER.format(0, "config/vm_config/code/local/filename"), "/other.wasm"), "filename"),
    ("filters", "a script", put("filters", FILTER.format(2, "default_source_code/inline_string"), "x"), "inline_string"),
    ("filters", "authorization lets through when it fails", put("filters", FILTER.format(3, "failure_mode_allow"), True), "failure_mode_allow"),
    ("filters", "authorization by another service", put("filters", FILTER.format(3, "grpc_service/envoy_grpc/cluster_name"), "z"), "cluster_name"),
    ("filters", "another domain of limits", put("filters", FILTER.format(5, "domain"), "z"), "domain"),
    ("filters", "a local limit", put("filters", FILTER.format(6, "token_bucket/max_tokens"), 1), "max_tokens"),
    ("filters", "another issuer of tokens", put("filters", FILTER.format(7, "providers/p/issuer"), "z"), "issuer"),
    ("filters", "a header that is changed", put("filters", FILTER.format(11, "mutations/request_mutations/1/append/header/value"), "2"), "request_mutations"),
    ("filters", "header mutations in another order", turn("filters", FILTER.format(11, "mutations/request_mutations")), "request_mutations"),
    ("filters", "a rule of access with another key", put("filters", FILTER.format(9, "rules/policies/p/permissions/1/header/string_match/exact"), "other"), "permissions"),
    ("filters", "streams of HTTP/2", put("filters", "http2_protocol_options/max_concurrent_streams", 1), "max_concurrent_streams"),
    ("filters", "hops that are trusted", put("filters", "xff_num_trusted_hops", 2), "xff_num_trusted_hops"),
    ("filters", "a field of the log", put("filters", "access_log/0/typed_config/log_format/json_format/status", "x"), "json_format.status"),
    ("filters", "a reply of its own", put("filters", "local_reply_config/mappers/0/status_code", 502), "status_code"),
    ("filters", "which client certificates are told", put("filters", "forward_client_cert_details", "FORWARD_ONLY"), "forward_client_cert_details"),
    ("routes", "a time for each try", put("routes", SHOP + "/route/retry_policy/per_try_timeout", "9s"), "per_try_timeout"),
    ("routes", "what a hash is of", put("routes", SHOP + "/route/hash_policy/0/header/header_name", "z"), "hash_policy"),
    ("routes", "hashes in another order", turn("routes", SHOP + "/route/hash_policy"), "hash_policy"),
    ("routes", "a mirror", gone("routes", SHOP + "/route/request_mirror_policies"), "request_mirror_policies"),
    ("routes", "a limit by a header", put("routes", SHOP + "/route/rate_limits/0/actions/0/request_headers/header_name", "z"), "header_name"),
    ("routes", "an origin that is allowed", put("routes", SHOP + "/route/cors/allow_origin_string_match/0/exact", "z"), "cors"),
    ("routes", "a filter that is switched on for a route", put("routes", SHOP + "/typed_per_filter_config/envoy.filters.http.ext_authz/disabled", False), "disabled"),
    ("routes", "what a script is told", put("routes", SHOP + "/typed_per_filter_config/envoy.filters.http.lua/filter_context/virtual_hosts", ["z"]), "filter_context"),
    ("routes", "metadata in words of one's own", put("routes", SHOP + "/metadata/filter_metadata/envoy.filters.http.lua/nonce", 2), "nonce"),
    ("routes", "a subset", put("routes", SHOP + "/route/metadata_match/filter_metadata/envoy.lb/version", "v2"), "metadata_match"),
    ("routes", "a header with a credential", put("routes", SHOP + "/request_headers_to_add/0/header/value", "z"), "header.value"),
    ("routes", "a direct answer", put("routes", "virtual_hosts/1/routes/1/direct_response/status", 404), "direct_response.status"),
    ("routes", "routes in another order", turn("routes", "virtual_hosts/1/routes"), "routes"),
    ("clusters", "a circuit breaker of high priority", put("clusters", "circuit_breakers/thresholds/0/max_connections", 1), "thresholds"),
    ("clusters", "a breaker a host", put("clusters", "circuit_breakers/per_host_thresholds/0/max_connections", 9), "per_host_thresholds"),
    ("clusters", "how many may be thrown out", put("clusters", "outlier_detection/max_ejection_percent", 100), "max_ejection_percent"),
    ("clusters", "the ring's size", put("clusters", "ring_hash_lb_config/minimum_ring_size", 1), "minimum_ring_size"),
    ("clusters", "panic", put("clusters", "common_lb_config/healthy_panic_threshold/value", 50), "healthy_panic_threshold"),
    ("clusters", "keys of subsets", put("clusters", "lb_subset_config/subset_selectors/1/keys", ["stage"]), "subset_selectors"),
    ("clusters", "HTTP/1 upstream", put("clusters", PROTOCOL + "explicit_http_config", {"http_protocol_options": {}}), "explicit_http_config"),
    ("clusters", "requests a connection", put("clusters", PROTOCOL + "common_http_protocol_options/max_requests_per_connection", 1), "max_requests_per_connection"),
    ("clusters", "a health check's path", put("clusters", "health_checks/0/http_health_check/path", "/z"), "http_health_check.path"),
    ("clusters", "whom it takes for its backend", put("clusters", "transport_socket/typed_config/common_tls_context/combined_validation_context/default_validation_context/match_typed_subject_alt_names/0/matcher/exact", "z"), "matcher.exact"),
    ("clusters", "another address to call from", put("clusters", "upstream_bind_config/source_address/address", "10.9.9.9"), "source_address"),
    ("clusters", "metadata in words of one's own", put("clusters", "metadata/filter_metadata/other/nonce", "2"), "other.nonce"),
    ("endpoints", "one of two that share an address", put("endpoints", "endpoints/0/lb_endpoints/0/metadata/filter_metadata/envoy.lb/version", "v3"), "10.1.0.1:8080"),
    ("endpoints", "a port that is checked", put("endpoints", "endpoints/1/lb_endpoints/0/endpoint/health_check_config/port_value", 1), "health_check_config"),
    ("endpoints", "a second address", put("endpoints", "endpoints/0/lb_endpoints/1/endpoint/additional_addresses/0/address/socket_address/address", "fd00::4"), "additional_addresses"),
    ("endpoints", "what is dropped", put("endpoints", "policy/drop_overloads/0/drop_percentage/numerator", 50), "drop_overloads"),
    ("endpoints", "metadata of a locality", put("endpoints", "endpoints/0/metadata/filter_metadata/envoy.lb/stage", "z"), "groups"),
    ("endpoints", "one gone", gone("endpoints", "endpoints/0/lb_endpoints/1"), "10.1.0.3:8080"),
    ("endpoints", "another workload", put("endpoints", "endpoints/0/lb_endpoints/1/metadata/filter_metadata/istio/workload", "z"), "workload"),
    ("endpoints", "a flag that looks like a number", put("endpoints", "endpoints/0/lb_endpoints/1/metadata/filter_metadata/envoy.lb/canary", 0), "canary"),
    ("secrets", "a certificate's pin", put("secrets", CA + "verify_certificate_hash/0", "z"), "verify_certificate_hash"),
    ("secrets", "a key's pin", put("secrets", CA + "verify_certificate_spki/0", "z"), "verify_certificate_spki"),
    ("secrets", "who is trusted at all", put("secrets", CA + "trust_chain_verification", "ACCEPT_UNTRUSTED"), "trust_chain_verification"),
    ("secrets", "certificates that are over", put("secrets", CA + "allow_expired_certificate", True), "allow_expired_certificate"),
    ("secrets", "a root", put("secrets", CA + "trusted_ca/inline_string", "z"), "trusted_ca"),
    ("secrets", "session tickets in another order", turn("secrets", "name=tickets/secret/session_ticket_keys/keys"), "session_ticket_keys"),
    ("secrets", "a token", put("secrets", "name=token/secret/generic_secret/secret/inline_string", "z"), "generic_secret"),
    ("secrets", "no session tickets", gone("secrets", "name=tickets/secret"), "tickets"),
    ("extension configs", "a plugin's own setting", by_plugin("configuration/value/rules/0/nonce", "y"), "nonce"),
    ("extension configs", "a plugin's own tags", by_plugin("configuration/value/custom_tags", ["u"]), "custom_tags"),
    ("extension configs", "a plugin's own version", by_plugin("configuration/value/version_info", "4"), "version_info"),
    ("extension configs", "a plugin that lets through when it fails", by_plugin("fail_open", True), "fail_open"),
    ("extension configs", "a plugin's environment", by_plugin("vm_config/environment_variables/key_values/ISTIO_META_X", "2"), "ISTIO_META_X"),
    ("extension configs", "a plugin's code", by_plugin("vm_config/code/local/filename", "/z.wasm"), "filename"),
    ("extension configs", "a limit's answer", put("extension configs", "name=second/ecds_filter/typed_config/status/code", "Forbidden"), "status.code"),
    ("extension configs", "whom a rule means", put("extension configs", "name=third/ecds_filter/typed_config/rules/policies/p/principals/0/remote_ip/prefix_len", 16), "prefix_len"),
    ("bootstrap", "a limit of memory", put("bootstrap", "overload_manager/resource_monitors/0/typed_config/max_heap_size_bytes", "1"), "max_heap_size_bytes"),
    ("bootstrap", "when it acts", put("bootstrap", "overload_manager/actions/0/triggers/0/threshold/value", 0.5), "threshold"),
    ("bootstrap", "a flag of runtime in words of one's own", put("bootstrap", "layered_runtime/layers/0/static_layer/nonce", 2), "nonce"),
    ("bootstrap", "layers of runtime in another order", turn("bootstrap", "layered_runtime/layers"), "layers"),
    ("bootstrap", "a tag of statistics", put("bootstrap", "stats_config/stats_tags/0/regex", "z"), "stats_tags"),
    ("bootstrap", "a histogram's buckets", put("bootstrap", "stats_config/histogram_bucket_settings/0/buckets", [1]), "buckets"),
    ("bootstrap", "where statistics go", put("bootstrap", "stats_sinks/0/typed_config/address/socket_address/port_value", 1), "stats_sinks"),
    ("bootstrap", "a watchdog", put("bootstrap", "watchdogs/worker_watchdog/kill_timeout", "9s"), "kill_timeout"),
    ("bootstrap", "headers' prefix", put("bootstrap", "header_prefix", "x-envoy"), "header_prefix"),
    ("bootstrap", "a static cluster's host", put("bootstrap", "static_resources/clusters/0/load_assignment/endpoints/0/lb_endpoints/0/endpoint/address/socket_address/address", "z.x"), "static_resources"),
]  # fmt: skip


def times(section: str) -> Change:
    """Give the change of every stamp of a section."""
    kind, _ = ROOTS[section]

    def change(dump: Manifest) -> None:
        for row in items(dump, "configs"):
            if str(row["@type"]).endswith(f".{kind}ConfigDump"):
                _stamp(row)

    return change


def _stamp(value: Json) -> None:
    """Stamp the rows of a section anew, not what stands inside them."""
    if isinstance(value, list):
        for each in value:
            _stamp(each)
    if isinstance(value, dict):
        for key in ("last_updated", "version_info"):
            if key in value:
                value[key] = "2031"
        for key, each in value.items():
            if key.startswith(("dynamic_", "ecds_filters", "active_state")):
                _stamp(each)


def within(section: str, change: Callable[[Json], Json]) -> Change:
    """Give the change of a whole resource."""

    def whole(dump: Manifest) -> None:
        kind, root = ROOTS[section]
        parent = part(dump, kind, *root[:-1])
        parent[root[-1]] = change(dig(parent, root[-1]))  # type: ignore[index, call-overload]  # as above

    return whole


def reversed_keys(value: Json) -> Json:
    """Give the same, keys in another order."""
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(each) for each in value] if isinstance(value, list) else value


def elsewhere(section: str) -> Change:
    """Give the change of where resources are read from."""
    return within(section, lambda value: _elsewhere(value))


def _elsewhere(value: Json) -> Json:
    if isinstance(value, dict):
        return {
            k: {"path": "/tmp/x"} if k == "path_config_source" and isinstance(v, dict) else _elsewhere(v)
            for k, v in value.items()
        }
    return [_elsewhere(each) for each in value] if isinstance(value, list) else value


def one_group(value: Json) -> Json:
    """Give the endpoints in one group more, as with another count of localities."""
    first = items(value, "endpoints")[0]
    rows = items(first, "lb_endpoints")
    beside = {key: part for key, part in first.items() if key != "lb_endpoints"}
    split = [
        {**beside, "lb_endpoints": list[Json](rows[:1])},
        {"locality": {"zone": "z"}, "lb_endpoints": list[Json](rows[1:])},
    ]
    assert isinstance(value, dict)
    return {**value, "endpoints": [*split, *items(value, "endpoints")[1:]]}


MEANINGLESS = [
    *((section, "times and versions", times(section)) for section in ROOTS),
    *((section, "keys in another order", within(section, reversed_keys)) for section in ROOTS),
    *((section, "where resources are read from", elsewhere(section)) for section in ("listeners", "filters", "routes", "clusters", "bootstrap")),
    *((section, "every section turned round", turned_everywhere) for section in ROOTS),
    ("listeners", "how it is called in statistics", put("listeners", "stat_prefix", "z")),
    ("listeners", "chains in another order", turn("listeners", "filter_chains")),
    ("listeners", "names of a match in another order", turn("listeners", "filter_chains/0/filter_chain_match/server_names")),
    ("listeners", "protocols of a match in another order", turn("listeners", "filter_chains/0/filter_chain_match/application_protocols")),
    ("listeners", "source addresses in another order", turn("listeners", "filter_chains/0/filter_chain_match/source_prefix_ranges")),
    ("listeners", "the object that a chain was made of", put("listeners", "filter_chains/1/metadata/filter_metadata/istio/config", "/apis/networking.istio.io/v1beta1/namespaces/shop/gateway/edge")),
    ("listeners", "how a limit is called in statistics", put("listeners", "filter_chains/0/filters/0/typed_config/stat_prefix", "z")),
    ("filters", "how it is called in statistics", put("filters", "stat_prefix", "z")),
    ("filters", "how a script is called in statistics", put("filters", FILTER.format(2, "stat_prefix"), "z")),
    ("filters", "how a local limit is called in statistics", put("filters", FILTER.format(6, "stat_prefix"), "z")),
    ("filters", "how a rule of access is called in statistics", put("filters", FILTER.format(9, "shadow_rules_stat_prefix"), "z")),
    ("routes", "how a route is called in statistics", put("routes", SHOP + "/route/stat_prefix", "z")),
    ("routes", "hosts in another order", turn("routes", "virtual_hosts")),
    ("routes", "domains in another order", turn("routes", "virtual_hosts/1/domains")),
    ("routes", "a host called by another port", put("routes", "virtual_hosts/1/name", "shop.example:18443")),
    ("routes", "the object that a route was made of", put("routes", SHOP + "/metadata/filter_metadata/istio/config", "/apis/x/v2/namespaces/shop/virtual-service/s")),
    ("routes", "how a filter of a route is called in statistics", put("routes", SHOP + "/typed_per_filter_config/envoy.filters.http.local_ratelimit/stat_prefix", "z")),
    ("clusters", "how it is called in statistics", put("clusters", "alt_stat_name", "z")),
    ("clusters", "no other name in statistics", gone("clusters", "alt_stat_name")),
    ("clusters", "breakers in another order", turn("clusters", "circuit_breakers/thresholds")),
    ("clusters", "the object that it was made of", put("clusters", "metadata/filter_metadata/istio/config", "/apis/networking.istio.io/v1alpha3/namespaces/shop/destination-rule/app")),
    ("endpoints", "localities in another order", turn("endpoints", "endpoints")),
    ("endpoints", "endpoints in another order", turn("endpoints", "endpoints/0/lb_endpoints")),
    ("endpoints", "a priority", put("endpoints", "endpoints/0/priority", 5)),
    ("endpoints", "a weight", put("endpoints", "endpoints/0/lb_endpoints/0/load_balancing_weight", 50)),
    ("endpoints", "a locality's weight", put("endpoints", "endpoints/0/load_balancing_weight", 9)),
    ("endpoints", "a locality", put("endpoints", "endpoints/0/locality", {"region": "q"})),
    ("endpoints", "health", put("endpoints", "endpoints/0/lb_endpoints/0/health_status", "DEGRADED")),
    ("endpoints", "a locality more", within("endpoints", one_group)),
    ("secrets", "in another order", turn("secrets")),
    ("secrets", "its own certificate", put("secrets", "name=default/secret/tls_certificate/certificate_chain/inline_string", "of another")),
    ("secrets", "its own certificate in bytes", put("secrets", "name=default/secret/tls_certificate/certificate_chain", {"inline_bytes": "eA=="})),
    ("secrets", "its own key", put("secrets", "name=default/secret/tls_certificate/private_key/inline_string", "z")),
    ("secrets", "when its own certificate came", put("secrets", "name=default/last_updated", "2032")),
    ("extension configs", "in another order", turn("extension configs")),
    ("extension configs", "how a limit is called in statistics", put("extension configs", "name=second/ecds_filter/typed_config/stat_prefix", "z")),
    ("extension configs", "how a rule is called in statistics", put("extension configs", "name=third/ecds_filter/typed_config/stat_prefix", "z")),
    ("extension configs", "a time of one", put("extension configs", "name=third/last_updated", "2032")),
    ("extension configs", "a version of one", put("extension configs", "name=third/version_info", "2032")),
    ("bootstrap", "its locality", put("bootstrap", "node/locality", {"zone": "q"})),
    ("bootstrap", "its build", put("bootstrap", "node/user_agent_name", "z")),
    ("bootstrap", "what it can be extended by", put("bootstrap", "node/extensions", [])),
    ("bootstrap", "its metadata", put("bootstrap", "node/metadata", {"NAME": "z"})),
    ("bootstrap", "static clusters in another order", turn("bootstrap", "static_resources/clusters")),
]  # fmt: skip
