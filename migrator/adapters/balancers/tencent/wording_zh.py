"""Chinese: what the driver of Tencent's CLB says of a balancer's listeners and rules."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "tencent.sts": "腾讯云 STS",
    "tencent.metadata-service": "CVM 元数据服务",
    "tencent.no-response": "腾讯云 CLB 对 {action} 返回 HTTP {status}，且没有 Response。[{then}]",
    "tencent.no-credentials": "没有找到腾讯云凭证。未做任何改动。请设置 TENCENTCLOUD_SECRET_ID 和 "
    "TENCENTCLOUD_SECRET_KEY、写好 ~/.tencentcloud/credentials，或在由 CVM 角色或 TKE ServiceAccount 提供凭证"
    "的地方运行。",
    "tencent.role-refused": "腾讯云 STS 拒绝了 ServiceAccount 的令牌：{answer}（角色 {role}）。未做任何改动。",
    "tencent.no-listener": "负载均衡 {balancer} 没有监听器 {listeners:list}[；它有 {there:list}]。权重保持不变。"
    "请在 loadBalancer.listeners 中写这个负载均衡的监听器 ID（lbl-…）。",
    "tencent.partly-done": "腾讯云 CLB 只完成了 {action} 的一部分[：{words}]（失败的监听器：{listeners:list}）。"
    "任务会重新查看后再做决定。",
    "tencent.controller": "迁移期间让这些用户走一个只由本计划管理的负载均衡或监听器，或使用 provider `tke`，它"
    "通过 Pod 注解向该控制器提出请求（docs/controllers.md）",
    "tencent.by-cookie": "基于 Cookie",
    "tencent.by-address": "基于源地址",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.no-listener:tencent": (
        "负载均衡 {balancer} 没有这个监听器，或该监听器没有这条规则",
        "",
        "检查 loadBalancer.listeners",
    ),
    "balancer.listener-port": (
        "它监听端口 {port}，而计划写的是 {planned}：任务自己的连接得不到应答",
        "DescribeListeners: Port {port}",
        "在 loadBalancer.listeners 中为它设置 port: {port}",
    ),
    "balancer.layer-7": (
        "负载均衡自身处理 HTTP（七层）：权重按请求分配，保持长连接的客户端也会切换，客户端地址放在 X-Forwarded-For 中",
        "{protocol}，{rules:count 条转发规则}",
        "新侧信任的代理层数要与旧侧相同（numTrustedProxies）",
    ),
    "balancer.upstream-keepalive": (
        "负载均衡与网关之间保持长连接：权重为 0 时这些连接仍然打开，但没有请求，因此旧侧的排空可能一直持续到期限",
        "KeepaliveEnable 1",
        "把 drain.timeout 设为长于网关的空闲超时，或设置 `onTimeout: cut`：剩下的都是空闲连接",
    ),
    "balancer.quic": (
        "这是 QUIC 监听器：它的连接是数据报，任务既无法探测，也看不到排空情况",
        "",
        "先把它的用户切到另一个监听器",
    ),
    "balancer.reset-on-removal:tencent": (
        "移除后端会重置它的连接",
        "",
        "关闭 DeregisterTargetRst",
    ),
    "balancer.cuts-at-zero": (
        "把权重设为 0 会断开现有连接",
        "",
        "关闭 RescheduleTargetZeroWeight",
    ),
    "balancer.target-group": (
        "它的目标是 {type}，其权重不属于监听器自身",
        "",
        "把目标直接绑定到监听器（七层：绑定到规则）",
    ),
    "balancer.scheduler:tencent": (
        "它的调度算法 {scheduler} 不能精确按权重分配",
        "",
        "把调度算法设为 WRR",
    ),
    "balancer.sticky:tencent": (
        "会话保持让客户端在 {seconds} 秒内固定在旧网关上，不受权重影响",
        "{by}",
        "迁移期间关闭会话保持",
    ),
    "balancer.check-content": (
        "它的健康检查把 {well:and} 都算作健康：没有路由的网关，或只返回错误的网关，负载均衡都不会摘除",
        "HttpCode {code}：{asks:few 8}",
        "只接受 2xx 和 3xx，并使用网关路由会应答的路径和域名",
    ),
}
