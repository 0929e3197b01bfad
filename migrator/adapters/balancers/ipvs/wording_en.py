"""English: what the IPVS driver says of the machine and its virtual services."""

from __future__ import annotations

MESSAGES: dict[str, str] = {}
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
