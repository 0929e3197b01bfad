"""English: what the driver of Aliyun's CLB says of a balancer and its listeners."""

from __future__ import annotations

from migrator.adapters.balancers.aliyun import wording_en as aliyun

MESSAGES: dict[str, str] = {
    **aliyun.MESSAGES,
    "aliyun-clb.limit": "CLB's published limit of {most}",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    **aliyun.FINDINGS,
    "balancer.inactive": (
        "its status is {status}; it forwards nothing",
        "",
        "start it, or see why Aliyun locked it",
    ),
    "balancer.scheduler:aliyun-clb": (
        "its scheduler {scheduler} does not honour weights exactly",
        "",
        "set the scheduler to weighted round robin (wrr)",
    ),
    "balancer.sticky:aliyun-clb": (
        "session persistence keeps clients on their old gateway for {seconds} s, whatever the weights",
        "",
        "switch session persistence off for the run",
    ),
    "balancer.sticky:aliyun-clb-cookie": (
        "session persistence by cookie keeps clients on their old gateway, whatever the weights",
        "",
        "switch session persistence off for the run",
    ),
    "balancer.reset-on-removal:aliyun-clb": (
        "the connections of a removed or unhealthy backend are cut after {seconds} s",
        "",
        "set the drain's timeout longer than what your clients need, or switch ConnectionDrain off",
    ),
    "balancer.udp-lags": (
        "a UDP listener may send to a removed backend for up to five minutes",
        "",
        "keep the old side that long after it is detached",
    ),
    "balancer.forwarding-rules": (
        "{rules:count forwarding rule} {rules:choose leads|lead} to the same vServer group; {rules:choose its|their} traffic "
        "moves with it",
        "",
        "nothing to do if you want that",
    ),
}
