"""Chinese: what the driver of Aliyun's CLB says of a balancer and its listeners."""

from __future__ import annotations

from migrator.adapters.balancers.aliyun import wording_zh as aliyun

MESSAGES: dict[str, str] = {
    **aliyun.MESSAGES,
    "aliyun-clb.limit": "CLB 公布的上限 {most}",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    **aliyun.FINDINGS,
    "balancer.inactive": (
        "它的状态为 {status}，不转发任何流量",
        "",
        "启动它，或查明阿里云为何锁定了它",
    ),
    "balancer.scheduler:aliyun-clb": (
        "它的调度算法 {scheduler} 不能精确按权重分配",
        "",
        "把调度算法设为加权轮询（wrr）",
    ),
    "balancer.sticky:aliyun-clb": (
        "会话保持让客户端在 {seconds} 秒内固定在旧网关上，不受权重影响",
        "",
        "迁移期间关闭会话保持",
    ),
    "balancer.sticky:aliyun-clb-cookie": (
        "基于 Cookie 的会话保持让客户端固定在旧网关上，不受权重影响",
        "",
        "迁移期间关闭会话保持",
    ),
    "balancer.reset-on-removal:aliyun-clb": (
        "后端被移除或不健康 {seconds} 秒之后，它的连接会被断开",
        "",
        "把连接优雅中断的超时设为长于客户端所需的时间，或关闭 ConnectionDrain",
    ),
    "balancer.udp-lags": (
        "UDP 监听器在后端移除之后，最长五分钟内仍可能向它发送流量",
        "",
        "旧侧从负载均衡移除之后，再保留这么长时间",
    ),
    "balancer.forwarding-rules": (
        "有 {rules:count 条转发规则}指向同一个虚拟服务器组；它们的流量会一起切换",
        "",
        "如果这正是你想要的，无需处理",
    ),
}
