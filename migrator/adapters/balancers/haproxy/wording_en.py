"""English: what the HAProxy driver says of the process and its backend sections."""

from __future__ import annotations

MESSAGES: dict[str, str] = {}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.version": (
        "before 2.6, servers with health checks cannot be added at runtime",
        "{version}",
        "use HAProxy 2.6 or newer",
    ),
    "balancer.volatile": (
        "a reload loses the servers that the run adds and the weights that it sets",
        "pid {pid}, up for {uptime} s",
        "do not reload HAProxy during the run; before step Retire, add the new servers to the configuration file",
    ),
    "balancer.reloaded": (
        "it was started or reloaded within the last minute; somebody may be changing it",
        "up for {uptime} s",
        "wait until nobody changes its configuration any more",
    ),
    "balancer.scheduler:haproxy": (
        "its algorithm {algorithm} does not honour weights exactly",
        "",
        "set `balance roundrobin`",
    ),
    "balancer.sticky:haproxy": (
        "a stick table or cookie keeps clients on their server, at weight 0 too",
        "",
        "remove `stick on` and `cookie`; waive this code when the table only counts",
    ),
    "balancer.backup": (
        "backup servers get no connection while others are up, whatever their weight",
        "{servers:few 5}",
        "make them ordinary servers, or remove them",
    ),
}
