"""English: what the IPVS driver says of the machine and its virtual services."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "ipvs.unknown-forward": "loadBalancer.options.forward: '{forward}' is not masq, route or tunnel. Nothing was changed."
    " Write one of them.",
    "ipvs.no-service-name": "loadBalancer.listeners: '{listener}' is no address:port of a virtual service. Nothing was "
    "changed."
    " Write it as `ipvsadm -Ln` prints it, like 10.0.0.1:443.",
    "ipvs.no-server": "IPVS has no server {server}. Weights stay as they are.",
    "ipvs.unreadable-table": "ipvsadm printed a table that cannot be read ({words}).",
    "ipvs.no-service": "IPVS has no TCP service {services:list}[; it has {there:list}]. Weights stay as they are. Write the "
    "address:port of a virtual service under loadBalancer.listeners.",
    "ipvs.no-forward": "{service} does not tell how to forward. Nothing was changed; set loadBalancer.options.forward.",
    "ipvs.fixed-port": "{server}: {forward} cannot change the port. Nothing was changed; use the service's own port.",
    "ipvs.no-answer": "ipvsadm did not answer (it ended with {ended}).[ {then}]",
    "ipvs.refused": "ipvsadm {command} ended with {ended}[: {words}]. Weights stay as they are.",
    "ipvs.several-servers": "IPVS changes one server at a time, not {servers}. Nothing was changed.",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.not-looked-at": (
        "IPVS runs on another machine; its sysctls and a keepalived there cannot be checked from here",
        "",
        "check there: no keepalived, net.ipv4.vs.conn_reuse_mode=1, expire_nodest_conn=0",
    ),
    "balancer.keepalived": (
        "keepalived owns this table and overwrites what the run sets",
        "{pid_file}",
        "change keepalived's configuration instead, through the exec driver",
    ),
    "balancer.reuse": (
        "a client that uses a port again gets its old server, even at weight 0",
        "conn_reuse_mode=0",
        "sysctl -w net.ipv4.vs.conn_reuse_mode=1",
    ),
    "balancer.reset-on-removal:ipvs": (
        "removing a server resets its connections",
        "expire_nodest_conn=1",
        "sysctl -w net.ipv4.vs.expire_nodest_conn=0",
    ),
    "balancer.thresholds": (
        "servers have connection thresholds, which a change of their weight would remove",
        "{servers:few 5}",
        "remove the thresholds (ipvsadm -e … -x 0 -y 0)",
    ),
    "balancer.scheduler:ipvs": (
        "its scheduler {scheduler} does not honour weights exactly",
        "",
        "ipvsadm -E -t {service} -s wrr",
    ),
    "balancer.sticky:ipvs": (
        "persistence keeps clients on their server, at weight 0 too",
        "{flags:list}",
        "switch persistence off for the run",
    ),
}
