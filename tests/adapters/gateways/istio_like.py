"""What istiod sends a gateway, in miniature but of every kind, for two gateways of equal intent.

The old one listens on 8080 and 8443 with an address of its own; the new one has its node's, and listens on 80 and 443.
The Gateway's servers are 80 and 443, so that virtual hosts have these names on both.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.gateways.configuration.identity import Identity
from migrator.domain.model.manifests import Json, Manifest

EXTENSIONS = "type.googleapis.com/envoy.extensions"
APP = "outbound|8080||app.shop.svc.cluster.local"
REMOTE = "outbound|443||api.example.com"
PLUGIN = "extensions.istio.io/wasmplugin/shop.limit"


@dataclass(frozen=True)
class Side:
    """One gateway. `folder` is where a real Envoy reads its resources from; `backend` and `node` are the same for both."""

    ip: str
    pod: str
    workload: str
    version: str
    http: int
    https: int
    stamp: str
    folder: str = "/etc/istio/proxy"
    backend: str = "10.1.0.1"
    node: str = "192.168.7.4"
    bind: str = "0.0.0.0"

    @property
    def identity(self) -> Identity:
        """Give what it calls itself."""
        node_id = f"router~{self.ip}~{self.pod}.edge~edge.svc.cluster.local"
        return Identity(node_id, f"{self.workload}.edge", self.pod, self.ip)


OLD = Side("10.0.0.1", "gw-7f9d6c5b4-abcde", "gw", "v1", 8080, 8443, "2026-01-01T00:00:00Z")
NEW = Side("192.168.7.4", "gw-ds-x7k2p", "gw-ds", "v2", 80, 443, "2026-01-02T09:09:09Z")
PORTS = {8080: 80, 8443: 443}


def made_by(kind: str, name: str) -> Manifest:
    """Give the metadata in which istiod says of which object a part was made."""
    path = f"/apis/networking.istio.io/v1/namespaces/shop/{kind}/{name}"
    return {"filter_metadata": {"istio": {"config": path}}}


def address(ip: str, port: int) -> Manifest:
    """Give a socket address."""
    return {"socket_address": {"address": ip, "port_value": port}}


def source(side: Side, name: str) -> Manifest:
    """Give where a resource is read from."""
    path: Json = {"path": f"{side.folder}/{name}.json", "watched_directory": {"path": side.folder}}
    return {"resource_api_version": "V3", "path_config_source": path}


def listeners(side: Side) -> list[Manifest]:
    """Give the listeners of LDS: plain HTTP, and TLS with a chain a host."""
    plain = _manager(side, f"http.{side.http}", side.http)
    return [
        _listener(side, side.http, [{"filters": [plain]}]),
        {
            **_listener(side, side.https, [_tls(side, host) for host in ("a.example", "b.example", "c.example")]),
            "listener_filters": [
                _typed("envoy.filters.listener.tls_inspector", "filters.listener.tls_inspector.v3.TlsInspector")
            ],
        },
    ]


def _listener(side: Side, port: int, chains: list[Manifest]) -> Manifest:
    return {
        "name": f"0.0.0.0_{port}",
        "address": address(side.bind, port),
        "filter_chains": list[Json](chains),
        "traffic_direction": "OUTBOUND",
        "per_connection_buffer_limit_bytes": 32768,
        "max_connections_to_accept_per_socket_event": 1,
    }


def _typed(name: str, kind: str, **rest: Json) -> Manifest:
    return {"name": name, "typed_config": {"@type": f"{EXTENSIONS}.{kind}", **rest}}


def _tls(side: Side, host: str) -> Manifest:
    certificate: Json = {"name": f"kubernetes://{host}", "sds_config": source(side, f"sds.{host}")}
    context: Manifest = {
        "tls_certificate_sds_secret_configs": [certificate],
        "tls_params": {"tls_minimum_protocol_version": "TLSv1_2", "cipher_suites": ["ECDHE-ECDSA-AES128-GCM-SHA256"]},
        "alpn_protocols": ["h2", "http/1.1"],
    }
    if host == "a.example":
        name = f"kubernetes://{host}-cacert"
        context["validation_context_sds_secret_config"] = {
            "name": name,
            "sds_config": source(side, f"sds.{host}-cacert"),
        }
    kind = "transport_sockets.tls.v3.DownstreamTlsContext"
    return {
        "filter_chain_match": {"server_names": [host, f"www.{host}"]},
        "filters": [_manager(side, f"https.443.https.{host}.shop", side.https)],
        "transport_socket": _typed("envoy.transport_sockets.tls", kind, common_tls_context=context),
    }


def _manager(side: Side, routes: str, port: int) -> Manifest:
    log = _typed("envoy.access_loggers.file", "access_loggers.file.v3.FileAccessLog", path="/dev/stdout")
    tag: Json = {"tag": "istio.canonical_revision", "literal": {"value": side.version}}
    own: Json = {"tag": "istio.canonical_service", "literal": {"value": side.workload}}
    mesh: Json = {"tag": "istio.mesh_id", "literal": {"value": "cluster.local"}}
    return _typed(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=f"outbound_0.0.0.0_{port}",
        rds={"route_config_name": routes, "config_source": source(side, routes)},
        http_filters=list[Json](_filters(side)),
        access_log=[log],
        tracing={"random_sampling": {"value": 1}, "custom_tags": [tag, own, mesh]},
        server_name="istio-envoy",
        use_remote_address=True,
        normalize_path=True,
        stream_idle_timeout="0s",
        request_timeout="60s",
        upgrade_configs=[{"upgrade_type": "websocket"}],
        http_protocol_options={"accept_http_10": True},
    )


def _filters(side: Side) -> list[Manifest]:
    """One of access control that names a node's address, one that is discovered, one of a fault, and the router."""
    by_node: Json = {"direct_remote_ip": {"address_prefix": side.node, "prefix_len": 32}}
    ids: Json = {"and_ids": {"ids": [{"or_ids": {"ids": [by_node]}}]}}
    anything: Json = {"and_rules": {"rules": [{"any": True}]}}
    policy: Json = {"permissions": [anything], "principals": [ids]}
    rules: Json = {"action": "DENY", "policies": {"ns[shop]-policy[deny]-rule[0]": policy}}
    discovery: Json = {
        "config_source": source(side, "ecds"),
        "type_urls": [f"{EXTENSIONS}.filters.http.buffer.v3.Buffer"],
    }
    return [
        _typed("envoy.filters.http.rbac", "filters.http.rbac.v3.RBAC", rules=rules),
        {"name": PLUGIN, "config_discovery": discovery},
        _typed("envoy.filters.http.fault", "filters.http.fault.v3.HTTPFault"),
        _typed("envoy.filters.http.router", "filters.http.router.v3.Router", suppress_envoy_headers=True),
    ]


def routes(side: Side) -> list[Manifest]:
    """Give the route configurations of RDS: one for the plain listener, one for each host of the other."""
    hosts = [_host("shop.example", 80), _host("api.example", 80)]
    plain: Manifest = {"name": f"http.{side.http}", "virtual_hosts": list[Json](hosts), "validate_clusters": False}
    names = ("a.example", "b.example", "c.example")
    return [plain, *({"name": f"https.443.https.{n}.shop", "virtual_hosts": [_host(n, 443)]} for n in names)]


def _host(name: str, port: int) -> Manifest:
    name_of_host = name.split(".")[0]
    action: Json = {
        "cluster": APP,
        "timeout": "15s",
        "retry_policy": {"retry_on": "connect-failure,5xx", "num_retries": 2},
        "hash_policy": [{"cookie": {"name": "session"}}],
    }
    rows: list[Json] = [
        {
            "name": "first",
            "match": {"prefix": "/v1", "case_sensitive": True, "headers": [{"name": "x-user", "present_match": True}]},
            "route": action,
            "metadata": made_by("virtual-service", name_of_host),
            "request_headers_to_add": [
                {"header": {"key": "x-from", "value": "edge"}, "append_action": "ADD_IF_ABSENT"}
            ],
        },
        {"match": {"path": "/old"}, "redirect": {"path_redirect": "/new", "response_code": "FOUND"}},
        {
            "match": {"prefix": "/"},
            "route": {"weighted_clusters": {"clusters": [{"name": APP, "weight": 90}, {"name": REMOTE, "weight": 10}]}},
            "metadata": made_by("virtual-service", name_of_host),
        },
    ]
    return {
        "name": f"{name}:{port}",
        "domains": [name, f"{name}:*"],
        "routes": rows,
        "include_request_attempt_count": True,
    }


def clusters(side: Side) -> list[Manifest]:
    """Give the clusters of CDS: by EDS, by DNS, and with a list."""
    own: Json = {"name": "default", "sds_config": source(side, "sds.default")}
    context: Json = {"tls_certificate_sds_secret_configs": [own]}
    tls = _typed("tls", "transport_sockets.tls.v3.UpstreamTlsContext", sni="app.shop", common_tls_context=context)
    plain = _typed("raw", "transport_sockets.raw_buffer.v3.RawBuffer")
    matches: list[Json] = [
        {"name": "tlsMode-istio", "match": {"tlsMode": "istio"}, "transport_socket": tls},
        {"name": "tlsMode-disabled", "match": {}, "transport_socket": plain},
    ]
    by_list: Json = [
        {"lb_endpoints": [_endpoint("10.9.0.1", 9000), _endpoint("10.9.0.2", 9000)], "locality": {"zone": side.pod}}
    ]
    return [
        {
            "name": APP,
            "type": "EDS",
            "eds_cluster_config": {"eds_config": source(side, "eds"), "service_name": APP},
            "connect_timeout": "10s",
            "lb_policy": "LEAST_REQUEST",
            "circuit_breakers": {"thresholds": [{"max_connections": 100, "max_retries": 3}]},
            "outlier_detection": {"consecutive_5xx": 5, "interval": "10s"},
            "transport_socket_matches": matches,
            "lb_subset_config": {"fallback_policy": "ANY_ENDPOINT", "subset_selectors": [{"keys": ["version"]}]},
            "metadata": made_by("destination-rule", "app"),
        },
        {
            "name": REMOTE,
            "type": "STRICT_DNS",
            "connect_timeout": "10s",
            "dns_lookup_family": "V4_ONLY",
            "load_assignment": {
                "cluster_name": REMOTE,
                "endpoints": [{"lb_endpoints": [_endpoint("localhost", 443)]}],
            },
            "per_connection_buffer_limit_bytes": 65536,
        },
        {
            "name": "outbound|9000||vm.shop.svc.cluster.local",
            "type": "STATIC",
            "connect_timeout": "10s",
            "load_assignment": {"cluster_name": "outbound|9000||vm.shop.svc.cluster.local", "endpoints": by_list},
        },
    ]


def _endpoint(ip: str, port: int, weight: int = 1, **metadata: Json) -> Manifest:
    found: Manifest = {"endpoint": {"address": address(ip, port)}, "load_balancing_weight": weight}
    return {**found, "metadata": {"filter_metadata": metadata}} if metadata else found


def assignments(side: Side) -> list[Manifest]:
    """Give the endpoints of EDS: weights and locality by the gateway's place; one backend lives on the new gateway's node."""
    near = 3 if side is NEW else 1
    mutual: Manifest = {"envoy.transport_socket_match": {"tlsMode": "istio"}}
    subset: Manifest = {"envoy.lb": {"version": "v1"}, "istio": {"workload": "app;shop;app;v1;c1"}}
    rows: list[Json] = [
        _endpoint(side.backend, 8080, near, **mutual, **subset),
        _endpoint(side.node, 8080, 1, **mutual, **subset),
        _endpoint("10.1.0.3", 8080),
    ]
    locality: Json = {"region": "r", "zone": "near" if side is NEW else "far"}
    return [
        {
            "cluster_name": APP,
            "endpoints": [{"locality": locality, "lb_endpoints": rows, "load_balancing_weight": near}],
            "policy": {"overprovisioning_factor": 140},
        }
    ]


def extensions(_: Side) -> list[Manifest]:
    """Give the filters of ECDS."""
    return [_typed(PLUGIN, "filters.http.buffer.v3.Buffer", max_request_bytes=65536)]


def secrets(side: Side, chain: str, key: str, authority: str) -> list[Manifest]:
    """Give the secrets of SDS for certificates in PEM; `default` is the gateway's own, as no other one has it."""
    own_text = f"# of {side.pod}\n"
    hosts = ("a.example", "b.example", "c.example")
    pair: Manifest = {"certificate_chain": {"inline_string": chain}, "private_key": {"inline_string": key}}
    certified: list[Manifest] = [{"name": f"kubernetes://{host}", "tls_certificate": pair} for host in hosts]
    context: Manifest = {"trusted_ca": {"inline_string": authority}}
    authorities: Manifest = {"name": "kubernetes://a.example-cacert", "validation_context": context}
    own: Manifest = {
        "name": "default",
        "tls_certificate": {**pair, "certificate_chain": {"inline_string": f"{own_text}{chain}"}},
    }
    return [*certified, authorities, own]


def bootstrap(side: Side) -> Manifest:
    """Give what the process is started with."""
    labels: Manifest = {"version": side.version, "pod-template-hash": "7f9d6c5b4"}
    metadata: Manifest = {"NAME": side.pod, "INSTANCE_IPS": side.ip, "LABELS": labels, "WORKLOAD_NAME": side.workload}
    node: Manifest = {"id": side.identity.node_id, "cluster": side.identity.node_cluster, "metadata": metadata}
    limit = "resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"
    connections = _typed(
        "envoy.resource_monitors.global_downstream_max_connections", limit, max_active_downstream_connections=50000
    )
    runtime: Json = {"name": "global", "static_layer": {"re2.max_program_size.error_level": 32768}}
    matcher: Json = {
        "inclusion_list": {"patterns": [{"prefix": "cluster_manager"}, {"suffix": "downstream_cx_active"}]}
    }
    return {
        "node": node,
        "admin": {"address": address(side.ip, 15000)},
        "dynamic_resources": {"lds_config": source(side, "lds"), "cds_config": source(side, "cds")},
        "layered_runtime": {"layers": [runtime, {"name": "admin", "admin_layer": {}}]},
        "stats_config": {"use_all_default_tags": False, "stats_matcher": matcher},
        "stats_flush_interval": "5s",
        "overload_manager": {"refresh_interval": "0.25s", "resource_monitors": [connections]},
        "cluster_manager": {"outlier_detection": {"event_log_path": "/dev/null"}},
        "static_resources": {
            "listeners": [_ready(side)],
            "clusters": [
                {
                    "name": "agent",
                    "type": "STATIC",
                    "connect_timeout": "1s",
                    "load_assignment": {
                        "cluster_name": "agent",
                        "endpoints": [{"lb_endpoints": [_endpoint(side.ip, 15020)]}],
                    },
                }
            ],
        },
    }


def _ready(side: Side) -> Manifest:
    route: Json = {"match": {"prefix": "/healthz/ready"}, "route": {"cluster": "agent"}}
    manager = _typed(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="agent",
        route_config={"name": "ready", "virtual_hosts": [{"name": "backend", "domains": ["*"], "routes": [route]}]},
        http_filters=[_typed("envoy.filters.http.router", "filters.http.router.v3.Router")],
    )
    return {"address": address(side.ip, 15021), "filter_chains": [{"filters": [manager]}]}
