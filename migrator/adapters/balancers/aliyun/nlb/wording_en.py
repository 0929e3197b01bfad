"""English: what the driver of Aliyun's NLB says of a balancer's server groups."""

from __future__ import annotations

from migrator.adapters.balancers.aliyun import wording_en as aliyun

MESSAGES: dict[str, str] = {
    **aliyun.MESSAGES,
    "aliyun-nlb.limit": "NLB's published limit of {most}",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    **aliyun.FINDINGS,
    "balancer.scheduler:aliyun-nlb": (
        "its scheduler {scheduler} does not honour weights exactly",
        "",
        "set the scheduler to weighted round robin (Wrr)",
    ),
    "balancer.any-port": (
        "it forwards to the port that the client dialled, so a server has no port of its own to move to",
        "",
        "use a server group without all-port forwarding",
    ),
    "balancer.reset-on-removal:aliyun-nlb": (
        "the connections of a removed or unhealthy server are cut after {seconds} s",
        "",
        "set the drain's timeout longer than what your clients need, or switch it off",
    ),
}
