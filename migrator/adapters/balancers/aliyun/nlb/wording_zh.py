"""Chinese: what the driver of Aliyun's NLB says of a balancer's server groups."""

from __future__ import annotations

from migrator.adapters.balancers.aliyun import wording_zh as aliyun

MESSAGES: dict[str, str] = {
    **aliyun.MESSAGES,
    "aliyun-nlb.limit": "NLB 公布的上限 {most}",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    **aliyun.FINDINGS,
    "balancer.scheduler:aliyun-nlb": (
        "它的调度算法 {scheduler} 不能精确按权重分配",
        "",
        "把调度算法设为加权轮询（Wrr）",
    ),
    "balancer.any-port": (
        "它转发到客户端所连接的端口，因此服务器没有自己的端口可供切换",
        "",
        "使用未启用全端口转发的服务器组",
    ),
    "balancer.reset-on-removal:aliyun-nlb": (
        "服务器被移除或不健康 {seconds} 秒之后，它的连接会被断开",
        "",
        "把连接优雅中断的超时设为长于客户端所需的时间，或关闭它",
    ),
}
