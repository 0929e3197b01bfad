"""English: what the driver of Tencent's CLB says of a balancer's listeners and rules."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "tencent.sts": "Tencent STS",
    "tencent.metadata-service": "the CVM's metadata service",
    "tencent.no-response": "Tencent CLB answered {action} with HTTP {status} and no Response.[ {then}]",
    "tencent.no-credentials": "No Tencent Cloud credentials were found. Nothing was changed. Set TENCENTCLOUD_SECRET_ID and "
    "TENCENTCLOUD_SECRET_KEY, write ~/.tencentcloud/credentials, or run where a CVM role or a TKE service account gives them.",
    "tencent.role-refused": "Tencent STS refuses the service account's token: {answer} (role {role}). Nothing was changed.",
    "tencent.no-listener": "Balancer {balancer} has no listener {listeners:list}[; it has {there:list}]. Weights stay as "
    "they are. "
    "Write an id of this balancer (lbl-…) under loadBalancer.listeners.",
    "tencent.partly-done": "Tencent CLB did only a part of {action}[: {words}] (failed: listeners {listeners:list}). The run "
    "looks again before it decides.",
    "tencent.controller": "let a balancer or listener that only the plan manages serve these users for the run, or use "
    "provider `tke`, which asks that controller by pod annotation (docs/controllers.md)",
    "tencent.by-cookie": "by cookie",
    "tencent.by-address": "by source address",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.no-listener:tencent": (
        "balancer {balancer} has no such listener, or the listener no such rule",
        "",
        "check loadBalancer.listeners",
    ),
    "balancer.listener-port": (
        "it listens on port {port}, and the plan says {planned}: the run's own connections would not be answered",
        "DescribeListeners: Port {port}",
        "set port: {port} for it in loadBalancer.listeners",
    ),
    "balancer.layer-7": (
        "the balancer speaks HTTP itself: weights steer requests, so clients with kept-alive connections move too, and the "
        "client's address comes in X-Forwarded-For",
        "{protocol}, {rules:count forwarding rule}",
        "trust as many proxies on the new side as on the old (numTrustedProxies)",
    ),
    "balancer.upstream-keepalive": (
        "the balancer keeps connections of its own to the gateways: at weight 0 they stay open without requests, so the drain "
        "of the old side may last until its deadline",
        "KeepaliveEnable 1",
        "set drain.timeout longer than the gateways' idle timeout, or say `onTimeout: cut`: the connections that are left are "
        "idle",
    ),
    "balancer.quic": (
        "it is a QUIC listener: its connections are datagrams, which the run can neither try nor see drain",
        "",
        "move its users to another listener first",
    ),
    "balancer.reset-on-removal:tencent": (
        "removing a backend resets its connections",
        "",
        "switch DeregisterTargetRst off",
    ),
    "balancer.cuts-at-zero": (
        "setting weight 0 cuts live connections",
        "",
        "switch RescheduleTargetZeroWeight off",
    ),
    "balancer.target-group": (
        "its targets are a {type}, whose weights are not the listener's own",
        "",
        "bind targets to the listener itself (on layer 7: to the rule)",
    ),
    "balancer.scheduler:tencent": (
        "its scheduler {scheduler} does not honour weights exactly",
        "",
        "set the scheduler to WRR",
    ),
    "balancer.sticky:tencent": (
        "session persistence keeps clients on their old gateway for {seconds} s, whatever the weights",
        "{by}",
        "switch session persistence off for the run",
    ),
    "balancer.check-content": (
        "its health check calls {well:and} healthy: the balancer never takes out a gateway without routes, or one that answers "
        "only errors",
        "HttpCode {code}: {asks:few 8}",
        "accept 2xx and 3xx only, with a path and a domain that the gateways' routes answer",
    ),
}
