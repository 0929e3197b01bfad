"""English: what the HAProxy driver says of the process and its backend sections."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "haproxy.no-socket": "loadBalancer.options.socket is needed: the path, or host:port, of HAProxy's runtime API. Nothing was "
    "changed."
    " Write it in the plan file, like /run/haproxy/admin.sock.",
    "haproxy.no-backend-name": "loadBalancer.listeners: '{listener}' cannot be the name of an HAProxy backend. Nothing was "
    "changed."
    " Name it as `show stat` does.",
    "haproxy.odd-check": "loadBalancer.options.check: '{check}' holds what does not belong into a server line. Nothing was "
    "changed."
    " Write only keywords of a server line, like `check inter 1s`.",
    "haproxy.socket-closed-to-us": "HAProxy's socket {socket} may not be opened. Weights stay as they are.",
    "haproxy.no-answer": "HAProxy did not answer at {socket} ({problem}).[ {then}]",
    "haproxy.unreadable-table": "HAProxy printed a table that cannot be read ({words}). What was read before stands.",
    "haproxy.not-admin": "HAProxy's socket {socket} lacks `level admin`. Weights stay as they are.",
    "haproxy.not-of-the-run": "{listener} is not one of the run's HAProxy backends. Nothing was changed.",
    "haproxy.has-connections": "These servers still have connections; nothing was removed: {servers:list}.",
    "haproxy.connections": "{server} ({connections})",
    "haproxy.no-backend": "HAProxy has no backend {backends:list}[; it has {there:list}]. Weights stay as they are. Write "
    "the name of a "
    "backend section under loadBalancer.listeners.",
    "haproxy.half-an-answer": "HAProxy answered only in part; the run looks again before it decides.",
    "haproxy.refused": "HAProxy refuses: {words:sentences} Weights stay as they are.",
    "haproxy.partly-done": "HAProxy did only a part: {words:sentences} The run looks again before it decides.",
    "haproxy.no-ip-address": "'{address}' is no IP address. Nothing was changed.",
}
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
