"""What real meshes put into a gateway besides what istiod always does: EnvoyFilters, plugins, policies, Envoy Gateway's.

A small dump of its own, with one resource of each section that holds many of these details. `furnished` gives it for one of
two gateways of equal intent; where a gateway's own name or address stands in it, that is where real ones have it.
"""
# ruff: noqa: E501 - a detail a line

from __future__ import annotations

from migrator.domain.model.manifests import Json, Manifest
from tests.adapters.gateways.istio_dumps import row, rows, section, turned
from tests.adapters.gateways.istio_like import EXTENSIONS, OLD, Side, address, made_by, source

HTTP = f"{EXTENSIONS}.filters.http"
STRUCT = "type.googleapis.com/google.protobuf.Struct"
TYPED = "type.googleapis.com/xds.type.v3.TypedStruct"
APP = "outbound|8080||app.shop.svc.cluster.local"


def typed(name: str, kind: str, **rest: Json) -> Manifest:
    """Give an extension and its configuration."""
    return {"name": name, "typed_config": {"@type": f"{EXTENSIONS}.{kind}", **rest}}


def grpc(side: Side, cluster: str) -> Manifest:
    """Give how a service is called by gRPC: who calls stands in the metadata."""
    metadata: Json = [{"key": "x-node", "value": side.identity.node_id}, {"key": "authorization", "value": "Bearer t"}]
    return {"envoy_grpc": {"cluster_name": cluster, "authority": "a"}, "timeout": "0.25s", "initial_metadata": metadata}


def filters(side: Side) -> list[Json]:
    """Give HTTP filters as plugins, EnvoyFilters and policies make them."""
    user: Json = {
        "nonce": "n1", "version_info": "7", "stat_prefix": "mine", "virtual_hosts": ["a"], "filter_chains": ["b"],
        "custom_tags": ["c"], "path_config_source": "/d", "thresholds": [2, 1], "last_updated": "never",
    }  # fmt: skip
    access: Json = {"header": {"name": "x-api-key", "string_match": {"exact": "s3cret"}}}
    rate: Json = [{"stage": 0, "actions": [{"remote_address": {}}, {"generic_key": {"descriptor_value": "v"}}]}]
    return [
        typed("envoy.filters.http.wasm", "filters.http.wasm.v3.Wasm", config={"root_id": "r", "fail_open": True, "vm_config": {"runtime": "envoy.wasm.runtime.v8", "code": {"local": {"filename": "/var/lib/istio/data/abc/def.wasm"}}}, "configuration": {"@type": STRUCT, "value": user}}),
        {"name": "envoy.filters.http.typed", "typed_config": {"@type": TYPED, "type_url": "type.googleapis.com/stats.PluginConfig", "value": user}},
        typed("envoy.filters.http.lua", "filters.http.lua.v3.Lua", default_source_code={"inline_string": "function envoy_on_request(h) end"}, stat_prefix="lua"),
        typed("envoy.filters.http.ext_authz", "filters.http.ext_authz.v3.ExtAuthz", transport_api_version="V3", failure_mode_allow=False, grpc_service=grpc(side, "authz"), with_request_body={"max_request_bytes": 8192}, stat_prefix="ext"),
        typed("envoy.filters.http.ext_proc", "filters.http.ext_proc.v3.ExternalProcessor", grpc_service=grpc(side, "proc"), processing_mode={"request_header_mode": "SEND"}, message_timeout="0.2s"),
        typed("envoy.filters.http.ratelimit", "filters.http.ratelimit.v3.RateLimit", domain="edge", failure_mode_deny=True, timeout="0.1s", rate_limit_service={"grpc_service": grpc(side, "rate"), "transport_api_version": "V3"}),
        typed("envoy.filters.http.local_ratelimit", "filters.http.local_ratelimit.v3.LocalRateLimit", stat_prefix="local", token_bucket={"max_tokens": 100, "tokens_per_fill": 10, "fill_interval": "1s"}, filter_enforced={"default_value": {"numerator": 100}}),
        typed("envoy.filters.http.jwt_authn", "filters.http.jwt_authn.v3.JwtAuthentication", providers={"p": {"issuer": "https://i", "forward": True, "local_jwks": {"inline_string": "{}"}, "from_headers": [{"name": "authorization", "value_prefix": "Bearer "}]}}, rules=[{"match": {"prefix": "/"}, "requires": {"provider_name": "p"}}]),
        typed("envoy.filters.http.cors", "filters.http.cors.v3.Cors"),
        typed("envoy.filters.http.rbac", "filters.http.rbac.v3.RBAC", rules={"action": "ALLOW", "policies": {"p": {"permissions": [{"destination_port": 8443}, access], "principals": [{"authenticated": {"principal_name": {"exact": "spiffe://a/b"}}}]}}}, shadow_rules_stat_prefix="x_"),
        typed("envoy.filters.http.compressor", "filters.http.compressor.v3.Compressor", response_direction_config={"common_config": {"min_content_length": 1024}}),
        typed("envoy.filters.http.header_mutation", "filters.http.header_mutation.v3.HeaderMutation", mutations={"request_mutations": [{"remove": "x-a"}, {"append": {"header": {"key": "x-b", "value": "1"}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}}]}),
        typed("envoy.filters.http.oauth2", "filters.http.oauth2.v3.OAuth2", config={"credentials": {"client_id": "c", "token_secret": {"name": "token"}}, "redirect_path_matcher": {"path": {"exact": "/cb"}}, "rate_limits": rate}),
        typed("envoy.filters.http.grpc_stats", "filters.http.grpc_stats.v3.FilterConfig", emit_filter_state=True),
        typed("envoy.filters.http.router", "filters.http.router.v3.Router", upstream_log=[], start_child_span=True),
    ]  # fmt: skip


def manager(side: Side) -> Manifest:
    """Give an HTTP connection manager with its limits, logs and traces."""
    als = typed(
        "envoy.access_loggers.http_grpc",
        "access_loggers.grpc.v3.HttpGrpcAccessLogConfig",
        common_config={"log_name": "edge", "grpc_service": grpc(side, "als"), "buffer_size_bytes": 16384},
    )
    filter_of: Json = {
        "and_filter": {
            "filters": [
                {"response_flag_filter": {"flags": ["NR"]}},
                {"header_filter": {"header": {"name": "cookie", "string_match": {"exact": "s3cret"}}}},
            ]
        }
    }
    log: Json = {
        **typed(
            "envoy.access_loggers.file",
            "access_loggers.file.v3.FileAccessLog",
            path="/dev/stdout",
            log_format={"json_format": {"pod": side.pod, "path": "%REQ(:PATH)%", "status": "%RESPONSE_CODE%"}},
        ),
        "filter": filter_of,
    }
    provider = typed(
        "envoy.tracers.zipkin",
        "tracers.zipkin.v3.Stub",
        collector_cluster="zipkin",
        service_name=side.identity.node_cluster,
        trace_id_128bit=True,
    )
    return typed(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=f"outbound_0.0.0.0_{side.https}",
        rds={"route_config_name": f"http.{side.http}", "config_source": source(side, "rds")},
        http_filters=filters(side),
        access_log=[log, als],
        tracing={"provider": provider, "client_sampling": {"value": 100}, "max_path_tag_length": 256},
        common_http_protocol_options={"idle_timeout": "3600s", "max_headers_count": 100, "headers_with_underscores_action": "REJECT_REQUEST", "max_stream_duration": "0s"},
        http2_protocol_options={"max_concurrent_streams": 100, "initial_stream_window_size": 65536, "allow_connect": True},
        xff_num_trusted_hops=1,
        forward_client_cert_details="SANITIZE_SET",
        set_current_client_cert_details={"subject": True, "dns": True},
        path_with_escaped_slashes_action="UNESCAPE_AND_REDIRECT",
        merge_slashes=True,
        local_reply_config={"mappers": [{"filter": {"status_code_filter": {"comparison": {"op": "EQ", "value": {"default_value": 503}}}}, "status_code": 500}]},
        max_request_headers_kb=60,
        delayed_close_timeout="1s",
        drain_timeout="5s",
        strip_any_host_port=True,
        preserve_external_request_id=True,
        server_header_transformation="PASS_THROUGH",
    )  # fmt: skip


def listener(side: Side) -> Manifest:
    """Give a listener with many kinds of matches, original destinations, limits and a second address."""
    wrapped = typed("tls", "transport_sockets.tls.v3.DownstreamTlsContext", require_client_certificate=True, disable_stateless_session_resumption=True, session_timeout="300s", common_tls_context={
        "tls_params": {"tls_minimum_protocol_version": "TLSv1_2", "tls_maximum_protocol_version": "TLSv1_3", "ecdh_curves": ["X25519", "P-256"]},
        "combined_validation_context": {"default_validation_context": {"match_typed_subject_alt_names": [{"san_type": "URI", "matcher": {"prefix": "spiffe://"}}]}, "validation_context_sds_secret_config": {"name": "file-root:/etc/ca.pem", "sds_config": source(side, "sds")}},
    })  # fmt: skip
    match: Json = {
        "server_names": ["a.example", "*.a.example"],
        "application_protocols": ["h2", "http/1.1"],
        "source_prefix_ranges": [
            {"address_prefix": "10.0.0.0", "prefix_len": 8},
            {"address_prefix": "172.16.0.0", "prefix_len": 12},
        ],
        "destination_port": side.https,
        "transport_protocol": "tls",
    }
    proxy = typed(
        "envoy.filters.network.tcp_proxy",
        "filters.network.tcp_proxy.v3.TcpProxy",
        cluster="BlackHoleCluster",
        stat_prefix="bh",
        idle_timeout="3600s",
        max_connect_attempts=2,
        hash_policy=[{"source_ip": {}}],
    )
    limit = typed(
        "envoy.filters.network.connection_limit",
        "filters.network.connection_limit.v3.ConnectionLimit",
        stat_prefix="cl",
        max_connections=1000,
        delay="0.1s",
    )
    return {
        "name": f"0.0.0.0_{side.https}",
        "address": address("0.0.0.0", side.https),
        "additional_addresses": [{"address": address("::", side.https), "socket_options": {"socket_options": [{"level": 6, "name": 23, "int_value": 256}]}}],
        "filter_chains": [
            {"name": f"0.0.0.0_{side.https};", "filter_chain_match": match, "filters": [limit, manager(side)], "transport_socket": wrapped, "transport_socket_connect_timeout": "15s"},
            {"filter_chain_match": {"server_names": ["pass.example"]}, "filters": [proxy], "metadata": made_by("gateway", "edge")},
        ],
        "default_filter_chain": {"name": "virtual", "filters": [proxy]},
        "listener_filters": [
            typed("envoy.filters.listener.tls_inspector", "filters.listener.tls_inspector.v3.TlsInspector", enable_ja3_fingerprinting=True),
            typed("envoy.filters.listener.original_dst", "filters.listener.original_dst.v3.OriginalDst"),
            typed("envoy.filters.listener.proxy_protocol", "filters.listener.proxy_protocol.v3.ProxyProtocol", allow_requests_without_proxy_protocol=True),
        ],
        "listener_filters_timeout": "5s",
        "continue_on_listener_filters_timeout": True,
        "use_original_dst": True,
        "connection_balance_config": {"exact_balance": {}},
        "enable_reuse_port": True,
        "tcp_backlog_size": 1024,
        "socket_options": [{"level": 1, "name": 9, "int_value": 1}],
        "access_log": [typed("envoy.access_loggers.file", "access_loggers.file.v3.FileAccessLog", path="/dev/stdout")],
        "bypass_overload_manager": False,
        "stat_prefix": f"ip_{side.https}",
    }  # fmt: skip


def route_config(side: Side) -> Manifest:
    """Give routes with what policies and plugins hang on them."""
    action: Json = {
        "cluster": APP, "idle_timeout": "60s", "max_stream_duration": {"max_stream_duration": "0s", "grpc_timeout_header_max": "5s"}, "prefix_rewrite": "/b",
        "retry_policy": {"retry_on": "reset,retriable-status-codes", "num_retries": 3, "per_try_timeout": "2s", "retriable_status_codes": [503], "retry_back_off": {"base_interval": "0.025s"}, "retry_host_predicate": [typed("envoy.retry_host_predicates.previous_hosts", "retry.host.previous_hosts.v3.PreviousHostsPredicate")], "host_selection_retry_max_attempts": 5},
        "hash_policy": [{"header": {"header_name": "x-user"}, "terminal": True}, {"cookie": {"name": "s", "ttl": "0s", "path": "/"}}],
        "request_mirror_policies": [{"cluster": "mirror", "runtime_fraction": {"default_value": {"numerator": 10}}}],
        "rate_limits": [{"actions": [{"request_headers": {"header_name": "x-user", "descriptor_key": "u"}}, {"header_value_match": {"descriptor_value": "v", "headers": [{"name": ":path", "string_match": {"prefix": "/"}}]}}]}],
        "cors": {"allow_origin_string_match": [{"exact": "https://a"}], "allow_credentials": True, "max_age": "60"},
        "upgrade_configs": [{"upgrade_type": "CONNECT", "connect_config": {}}], "metadata_match": {"filter_metadata": {"envoy.lb": {"version": "v1"}}}, "stat_prefix": "r",
    }  # fmt: skip
    first: Manifest = {
        "name": "first", "match": {"safe_regex": {"regex": "/v[12]/.*"}, "query_parameters": [{"name": "q", "present_match": True}], "headers": [{"name": "authorization", "string_match": {"exact": "s3cret"}}], "grpc": {}, "runtime_fraction": {"default_value": {"numerator": 50}}},
        "route": action, "decorator": {"operation": "op"}, "metadata": {"filter_metadata": {"istio": {"config": "/apis/x/v1/namespaces/shop/virtual-service/s"}, "envoy.filters.http.lua": {"nonce": 1, "stat_prefix": "mine", "thresholds": [2, 1]}}},
        "typed_per_filter_config": {"envoy.filters.http.local_ratelimit": {"@type": f"{HTTP}.local_ratelimit.v3.LocalRateLimit", "stat_prefix": "x", "token_bucket": {"max_tokens": 5}}, "envoy.filters.http.ext_authz": {"@type": f"{HTTP}.ext_authz.v3.ExtAuthzPerRoute", "disabled": True}, "envoy.filters.http.lua": {"@type": f"{HTTP}.lua.v3.LuaPerRoute", "source_code": {"inline_string": "x"}, "filter_context": {"virtual_hosts": ["a"]}}},
        "request_headers_to_add": [{"header": {"key": "authorization", "value": "s3cret"}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}], "response_headers_to_remove": ["x-a", "server"],
    }  # fmt: skip
    direct: Json = {
        "match": {"path_separated_prefix": "/gone"},
        "direct_response": {"status": 410, "body": {"inline_string": "gone"}},
    }
    redirect: Json = {
        "match": {"prefix": "/r"},
        "redirect": {
            "https_redirect": True,
            "port_redirect": 8443,
            "regex_rewrite": {"pattern": {"regex": "a"}, "substitution": "b"},
            "strip_query": True,
        },
    }
    host: Manifest = {
        "name": "shop.example:443", "domains": ["shop.example", "shop.example:*", "*.shop.example"], "routes": [first, direct, redirect], "require_tls": "EXTERNAL_ONLY",
        "retry_policy_typed_config": {"@type": "x"}, "per_request_buffer_limit_bytes": 1000, "virtual_clusters": [{"name": "vc", "headers": [{"name": ":path", "string_match": {"exact": "/"}}]}],
        "response_headers_to_add": [{"header": {"key": "strict-transport-security", "value": "max-age=1"}}, {"header": {"key": "alt-svc", "value": 'h3=":443"'}}], "include_attempt_count_in_response": True,
    }  # fmt: skip
    other: Json = {
        "name": "blackhole:443",
        "domains": ["*"],
        "routes": [{"match": {"prefix": "/"}, "direct_response": {"status": 404}}],
    }
    return {
        "name": f"http.{side.http}", "virtual_hosts": turned(side, [host, other]), "internal_only_headers": ["x-i"], "max_direct_response_body_size_bytes": 1048576,
        "request_headers_to_remove": ["x-envoy-peer"], "most_specific_header_mutations_wins": True, "ignore_port_in_host_matching": True, "vhds": {"config_source": source(side, "vhds")},
    }  # fmt: skip


def cluster(side: Side) -> Manifest:
    """Give a cluster with everything that a DestinationRule or a BackendTrafficPolicy can say."""
    upstream = typed(
        "tls",
        "transport_sockets.tls.v3.UpstreamTlsContext",
        sni="app",
        auto_host_sni=True,
        max_session_keys=1,
        allow_renegotiation=True,
        common_tls_context={
            "alpn_protocols": ["istio-peer-exchange", "istio"],
            "tls_params": {"tls_maximum_protocol_version": "TLSv1_3"},
            "combined_validation_context": {
                "default_validation_context": {
                    "match_typed_subject_alt_names": [{"san_type": "URI", "matcher": {"exact": "spiffe://a"}}]
                },
                "validation_context_sds_secret_config": {"name": "ROOTCA", "sds_config": source(side, "sds")},
            },
        },
    )
    breakers: Json = [
        {
            "priority": "DEFAULT",
            "max_connections": 10,
            "max_pending_requests": 10,
            "max_requests": 10,
            "track_remaining": True,
        },
        {
            "priority": "HIGH",
            "max_connections": 20,
            "retry_budget": {"budget_percent": {"value": 20}, "min_retry_concurrency": 3},
        },
    ]
    return {
        "name": APP, "type": "EDS", "eds_cluster_config": {"service_name": APP, "eds_config": source(side, "eds")}, "alt_stat_name": f"app-{side.pod}", "connect_timeout": "10s",
        "lb_policy": "RING_HASH", "ring_hash_lb_config": {"minimum_ring_size": 1024, "hash_function": "MURMUR_HASH_2"}, "common_lb_config": {"healthy_panic_threshold": {"value": 0}, "locality_weighted_lb_config": {}, "consistent_hashing_lb_config": {"hash_balance_factor": 150}},
        "circuit_breakers": {"thresholds": turned(side, breakers), "per_host_thresholds": [{"max_connections": 3}]},
        "outlier_detection": {"consecutive_5xx": 7, "consecutive_gateway_failure": 5, "enforcing_consecutive_5xx": 0, "interval": "10s", "base_ejection_time": "30s", "max_ejection_percent": 10, "split_external_local_origin_errors": True},
        "health_checks": [{"timeout": "1s", "interval": "5s", "unhealthy_threshold": 3, "healthy_threshold": 2, "http_health_check": {"host": "app", "path": "/h", "expected_statuses": [{"start": 200, "end": 300}]}}],
        "lb_subset_config": {"fallback_policy": "DEFAULT_SUBSET", "default_subset": {"version": "v1"}, "subset_selectors": [{"keys": ["version"]}, {"keys": ["stage", "version"], "fallback_policy": "NO_FALLBACK"}], "panic_mode_any": True},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {"@type": f"{EXTENSIONS}.upstreams.http.v3.HttpProtocolOptions", "common_http_protocol_options": {"idle_timeout": "60s", "max_requests_per_connection": 100}, "explicit_http_config": {"http2_protocol_options": {"max_concurrent_streams": 1073741824, "connection_keepalive": {"interval": "30s", "timeout": "5s"}}}, "upstream_http_protocol_options": {"auto_sni": True, "auto_san_validation": True}}},
        "upstream_connection_options": {"tcp_keepalive": {"keepalive_probes": 3, "keepalive_time": 60}, "set_local_interface_name_on_upstream_connections": True}, "upstream_bind_config": {"source_address": {"address": side.ip, "port_value": 0}},
        "max_requests_per_connection": 5, "slow_start_config": {}, "transport_socket": upstream, "filters": [typed("istio.metadata_exchange", "filters.network.x.v3.X", protocol="istio-peer-exchange")],
        "dns_refresh_rate": "60s", "respect_dns_ttl": True, "preconnect_policy": {"per_upstream_preconnect_ratio": 1.5}, "ignore_health_on_host_removal": True,
        "metadata": {"filter_metadata": {"istio": {"config": "/apis/networking.istio.io/v1/namespaces/shop/destination-rule/app", "services": [{"host": "app.shop.svc.cluster.local", "name": "app", "namespace": "shop"}]}, "other": {"nonce": "1"}}},
    }  # fmt: skip


def endpoints(side: Side) -> Manifest:
    """Give endpoints in two localities; one address is there twice, in two subsets."""

    def one(ip: str, version: str, **rest: Json) -> Json:
        return {
            "endpoint": {"address": address(ip, 8080), "hostname": "h", **rest},
            "load_balancing_weight": 1,
            "metadata": {
                "filter_metadata": {
                    "envoy.lb": {"version": version, "canary": False},
                    "istio": {"workload": "app;shop;app;v1;c1"},
                    "envoy.transport_socket_match": {"tlsMode": "istio"},
                }
            },
        }

    checked: Json = {"port_value": 9090, "hostname": "c"}
    far: Json = {
        "locality": {"zone": "a"},
        "priority": 1 if side is OLD else 0,
        "load_balancing_weight": 3,
        "lb_endpoints": [one("10.1.0.1", "v1", health_check_config=checked), one("10.1.0.2", "v1")],
    }
    near: Json = {
        "locality": {"zone": "b"},
        "priority": 0 if side is OLD else 1,
        "load_balancing_weight": 1,
        "lb_endpoints": [
            one("10.1.0.1", "v2"),
            one("10.1.0.3", "v2", additional_addresses=[{"address": address("fd00::3", 8080)}]),
        ],
        "metadata": {"filter_metadata": {"envoy.lb": {"stage": "p"}}},
    }
    policy: Json = {
        "drop_overloads": [{"category": "x", "drop_percentage": {"numerator": 1}}],
        "endpoint_stale_after": "60s",
        "weighted_priority_health": True,
    }
    return {"cluster_name": APP, "endpoints": turned(side, [far, near]), "policy": policy}


def secrets(side: Side) -> list[Manifest]:
    """Give secrets of every kind."""
    return [
        {"name": "kubernetes://a.example", "tls_certificate": {"certificate_chain": {"inline_string": "chain"}, "private_key": {"inline_string": "key"}, "signed_certificate_timestamp": [{"inline_string": "s"}], "password": {"inline_string": "p"}}},
        {"name": "ROOTCA", "validation_context": {"trusted_ca": {"inline_string": "ca"}, "verify_certificate_hash": ["ab"], "verify_certificate_spki": ["cd"], "only_verify_leaf_cert_crl": True, "max_verify_depth": 2, "trust_chain_verification": "VERIFY_TRUST_CHAIN", "allow_expired_certificate": False}},
        {"name": "tickets", "session_ticket_keys": {"keys": [{"inline_bytes": "a"}, {"inline_bytes": "b"}]}},
        {"name": "token", "generic_secret": {"secret": {"inline_string": "s3cret"}}},
        {"name": "default", "tls_certificate": {"certificate_chain": {"inline_string": f"of {side.pod}"}, "private_key": {"inline_string": side.pod}}},
    ]  # fmt: skip


def extensions(side: Side) -> list[Manifest]:
    """Give filters of ECDS: a plugin with its own settings, and one that counts."""
    user: Json = {"rules": [{"path": "/a", "nonce": "x"}], "custom_tags": ["t"], "version_info": "3"}
    vm: Json = {
        "vm_id": "v",
        "runtime": "envoy.wasm.runtime.v8",
        "environment_variables": {"key_values": {"ISTIO_META_X": "1"}},
        "code": {"local": {"filename": "/var/lib/istio/data/abc.wasm"}},
    }
    return [
        typed("extenstions.istio.io/wasmplugin/shop.auth", "filters.http.wasm.v3.Wasm", config={"root_id": "auth", "fail_open": False, "vm_config": vm, "configuration": {"@type": STRUCT, "value": user}, "capability_restriction_config": {"allowed_capabilities": {}}}),
        typed("second", "filters.http.local_ratelimit.v3.LocalRateLimit", stat_prefix="ecds", token_bucket={"max_tokens": 9}, status={"code": "TooManyRequests"}, response_headers_to_add=[{"header": {"key": "x-l", "value": "1"}}]),
        typed("third", "filters.network.rbac.v3.RBAC", rules={"action": "DENY", "policies": {"p": {"permissions": [{"any": True}], "principals": [{"remote_ip": {"address_prefix": "10.0.0.0", "prefix_len": 8}}]}}}, stat_prefix="tcp."),
    ]  # fmt: skip


def bootstrap(side: Side) -> Manifest:
    """Give what a process is started with: limits, watchdogs, sinks, layers of runtime, what statistics are called."""
    heap = typed(
        "envoy.resource_monitors.fixed_heap",
        "resource_monitors.fixed_heap.v3.FixedHeapConfig",
        max_heap_size_bytes="1073741824",
    )
    shrink: Json = {
        "name": "envoy.overload_actions.shrink_heap",
        "triggers": [{"name": "envoy.resource_monitors.fixed_heap", "threshold": {"value": 0.95}}],
    }
    return {
        "node": {"id": side.identity.node_id, "cluster": side.identity.node_cluster, "metadata": {"NAME": side.pod, "PROXY_CONFIG": {"concurrency": 2}}, "locality": {"zone": side.pod}, "user_agent_name": "envoy", "extensions": [{"name": side.pod}]},
        "admin": {"address": address("127.0.0.1", 15000), "profile_path": "/var/lib/istio/data/envoy.prof", "access_log": [typed("f", "access_loggers.file.v3.FileAccessLog", path="/dev/null")], "ignore_global_conn_limit": True},
        "overload_manager": {"refresh_interval": "0.25s", "resource_monitors": [heap], "actions": [shrink], "buffer_factory_config": {"minimum_account_to_track_power_of_two": 20}},
        "layered_runtime": {"layers": [{"name": "deprecation", "static_layer": {"envoy.deprecated_features:x": True, "overload.global_downstream_max_connections": 2147483647, "nonce": 1}}, {"name": "rtds", "rtds_layer": {"name": "r", "rtds_config": source(side, "rtds")}}]},
        "stats_config": {"stats_tags": [{"tag_name": "cluster_name", "regex": "^cluster\\.((.+?)\\.)"}, {"tag_name": "response_code", "regex": "x"}], "histogram_bucket_settings": [{"match": {"prefix": "istio"}, "buckets": [0.5, 1, 5]}]},
        "stats_sinks": [typed("envoy.stat_sinks.statsd", "stat_sinks.x.v3.S", address=address("127.0.0.1", 9125), prefix="p")],
        "watchdogs": {"main_thread_watchdog": {"miss_timeout": "0.2s"}, "worker_watchdog": {"kill_timeout": "0s"}},
        "tracing": {"http": typed("envoy.tracers.datadog", "tracers.datadog.v3.D", collector_cluster="dd", service_name=side.identity.node_cluster)},
        "dynamic_resources": {"ads_config": {"api_type": "GRPC", "grpc_services": [grpc(side, "xds-grpc")], "set_node_on_first_message_only": True}, "lds_config": {"ads": {}, "initial_fetch_timeout": "0s"}},
        "static_resources": {"clusters": turned(side, [
            {"name": "xds-grpc", "type": "STATIC", "connect_timeout": "1s", "load_assignment": {"cluster_name": "xds-grpc", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {"pipe": {"path": "./etc/istio/proxy/XDS"}}}}]}]}},
            {"name": "zipkin", "type": "STRICT_DNS", "load_assignment": {"cluster_name": "zipkin", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address("zipkin.x", 9411)}}]}]}},
        ])},
        "default_socket_interface": "i", "perf_tracing_file_path": "", "header_prefix": "x-custom", "bootstrap_extensions": [typed("envoy.bootstrap.internal_listener", "bootstrap.x.v3.I", buffer_size_kb=64)], "fatal_actions": [],
    }  # fmt: skip


def furnished(side: Side) -> Manifest:
    """Give a dump of one gateway with all of these."""
    found = listener(side)
    scope: Json = {
        "name": "s",
        "scoped_route_configs": [
            {"name": "a", "key": {"fragments": [{"string_key": "k"}]}, "route_configuration_name": "http.1"}
        ],
    }
    return {"configs": turned(side, [
        section("BootstrapConfigDump", bootstrap=bootstrap(side), last_updated=side.stamp),
        section("ClustersConfigDump", dynamic_active_clusters=rows(side, "cluster", [cluster(side)])),
        section("EndpointsConfigDump", dynamic_endpoint_configs=rows(side, "endpoint_config", [endpoints(side)])),
        section("ListenersConfigDump", dynamic_listeners=[{"name": found["name"], "active_state": row(side, "listener", found)}]),
        section("ScopedRoutesConfigDump", dynamic_scoped_route_configs=[scope]),
        section("RoutesConfigDump", dynamic_route_configs=rows(side, "route_config", [route_config(side)])),
        section("SecretsConfigDump", dynamic_active_secrets=turned(side, [{"name": each["name"], **row(side, "secret", each)} for each in secrets(side)])),
        section("EcdsConfigDump", ecds_filters=turned(side, rows(side, "ecds_filter", extensions(side)))),
    ])}  # fmt: skip
