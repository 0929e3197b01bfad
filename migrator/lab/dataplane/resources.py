"""The layer-7 data plane as Envoy resources: listeners, forwarding rules, targets. Pure; nothing here asks or starts one.

A rule is a cluster, a target one of its endpoints. What gets no new requests (weight 0, ill, deregistered) stays as a
draining endpoint: its connections and its counts are kept.
"""

from collections.abc import Sequence
from pathlib import Path

from migrator.lab.balancer.model import Key
from migrator.lab.balancer.settings import RuleSpec
from migrator.lab.dataplane.discovery import CLUSTER, source
from migrator.lab.dataplane.pool import Pool
from migrator.lab.envoy.config import TYPES, Json, connection_manager, fixed_cluster, router, socket_address, upstream

ANSWERS_WITHIN = "60s"
CONNECTS_WITHIN = "5s"
DELAYS = "delays"
"""The name of the runtime layer that holds the network delay of every listener, in milliseconds."""
# Flags of Envoy's access log, by what went wrong with a request.
UNCONNECTED = "UF"  # the connection to the target could not be made
CUT = ("UC", "UR", "LR", "UPE")  # it ended, or the target spoke nonsense, before the answer was whole
LATE = "UT"
NO_TARGET = "UH"
_NO_RULE = "NR"
_LOGGED = {
    "cluster": "%UPSTREAM_CLUSTER_RAW%",
    "target": "%UPSTREAM_HOST%",
    "flags": "%RESPONSE_FLAGS%",
    "failure": "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
}


def bootstrap(admin: tuple[str, int], discovery: tuple[str, int]) -> Json:
    """Return the bootstrap of an Envoy that asks `discovery` for everything else."""
    return {
        "node": {"id": "balancer", "cluster": "balancer"},
        "admin": {"address": socket_address(*admin)},
        "dynamic_resources": {"lds_config": source(), "cds_config": source()},
        "static_resources": {"clusters": [fixed_cluster(CLUSTER, [discovery])]},
        "layered_runtime": {"layers": [{"name": DELAYS, "rtds_layer": {"name": DELAYS, "rtds_config": source()}}]},
    }


def cluster(name: str, vip: str, keepalive: bool) -> Json:
    """Return a rule's cluster; `vip` is the address its targets see. Each request has a connection of its own, or not."""
    once = {} if keepalive else {"max_requests_per_connection": 1}
    return {
        "name": name,
        "type": "EDS",
        "eds_cluster_config": {"eds_config": source()},
        "connect_timeout": CONNECTS_WITHIN,
        "lb_policy": "ROUND_ROBIN",
        # No panic: whether ill targets get requests is decided here, by `fail_open`. A new weight counts at once.
        "common_lb_config": {"healthy_panic_threshold": {"value": 0}, "update_merge_window": "0s"},
        "upstream_bind_config": {"source_address": {"address": vip, "port_value": 0}},
        **upstream(**once),
    }


def assignment(name: str, pool: Pool) -> Json:
    """Return who gets a rule's requests now, and who is there without getting any."""
    weights = {slot.key: slot.weight for slot in pool.rotation.eligible}
    endpoints = [_endpoint(key, weights.get(key)) for key in pool.targets]
    return {"cluster_name": name, "endpoints": [{"lb_endpoints": endpoints}]}


def _endpoint(key: Key, weight: int | None) -> Json:
    where = {"endpoint": {"address": socket_address(key.address, key.port)}}
    if weight is None:
        return {**where, "health_status": "DRAINING"}
    return {**where, "health_status": "HEALTHY", "load_balancing_weight": weight}


def listener(name: str, vip: str, port: int, rules: Sequence[tuple[RuleSpec, str]], failures: Path) -> Json:
    """Return an HTTP listener whose `rules` are (what it takes, cluster); failed requests are logged to `failures`."""
    logged = {
        "name": "envoy.access_loggers.file",
        "filter": {"response_flag_filter": {"flags": [UNCONNECTED, *CUT, LATE, NO_TARGET]}},
        "typed_config": {
            "@type": f"{TYPES}.access_loggers.file.v3.FileAccessLog",
            "path": str(failures),
            "log_format": {"json_format": _LOGGED},
        },
    }
    manager = connection_manager(
        f"http.{name}",
        {"route_config": routes(rules)},
        [_delay(name), router(suppress_envoy_headers=True)],
        codec_type="HTTP1",
        server_header_transformation="PASS_THROUGH",
        generate_request_id=False,
        skip_xff_append=True,
        stream_idle_timeout="0s",
        delayed_close_timeout="0.1s",
        access_log=[logged],
        local_reply_config=_own_answers(),
    )
    return {"name": name, "address": socket_address(vip, port), "filter_chains": [manager]}


def delay_key(name: str) -> str:
    """Return the runtime key of a listener's network delay."""
    return f"{DELAYS}.{name}"


def _delay(name: str) -> Json:
    fault = {
        "@type": f"{TYPES}.filters.http.fault.v3.HTTPFault",
        "delay": {"fixed_delay": "0.001s", "percentage": {"numerator": 100}},
        "delay_duration_runtime": delay_key(name),
    }
    return {"name": "envoy.filters.http.fault", "typed_config": fault}


def _own_answers() -> Json:
    """Return what the balancer itself answers where a target does not, as Tencent's layer 7 does."""
    rows = (
        ((UNCONNECTED, *CUT), 502, "the target ended the connection or refused it"),
        ((LATE,), 504, "the target did not answer in time"),
        ((NO_TARGET,), 503, "no target has weight"),
        ((_NO_RULE,), 404, "no forwarding rule takes this request"),
    )
    return {
        "mappers": [
            {
                "filter": {"response_flag_filter": {"flags": list(flags)}},
                "status_code": code,
                "body": {"inline_string": text},
            }
            for flags, code, text in rows
        ]
    }


def routes(rules: Sequence[tuple[RuleSpec, str]]) -> Json:
    """Return which rule takes a request: a whole host before the end of one before any, then the longest path.

    Envoy looks into one virtual host only, so each has the rules of every host that fits it, the most exact first.
    """
    ordered = sorted(rules, key=lambda row: (_exactness(row[0].domain), len(row[0].url)), reverse=True)
    domains = dict.fromkeys([*(spec.domain.lower() for spec, _ in ordered if spec.domain), "*"])
    hosts = [
        {
            "name": domain,
            "domains": [domain],
            "routes": [_route(*row) for row in ordered if _covers(row[0].domain, domain)],
        }
        for domain in domains
    ]
    return {"virtual_hosts": hosts, "validate_clusters": False, "ignore_port_in_host_matching": True}


def _route(spec: RuleSpec, cluster_name: str) -> Json:
    close = {"header": {"key": "connection", "value": "close"}, "append_action": "ADD_IF_ABSENT"}
    # Envoy itself would name its own address where the client's is a loopback one, as all are in a lab.
    client = {"header": {"key": "x-forwarded-for", "value": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"}}
    return {
        "match": {"prefix": spec.url},
        "route": {"cluster": cluster_name, "timeout": ANSWERS_WITHIN},
        "request_headers_to_add": [close, client],
        "request_headers_to_remove": ["x-envoy-external-address", "x-envoy-expected-rq-timeout-ms"],
    }


def _covers(rule: str, host: str) -> bool:
    """Return whether a rule for one domain takes the requests of a (perhaps more exact) virtual host."""
    rule = rule.lower()
    return rule in ("", host) or (rule.startswith("*.") and host.endswith(rule[1:]) and host != rule[1:])


def _exactness(domain: str) -> int:
    return 0 if not domain else 1 if domain.startswith("*.") else 2
