"""Chinese: what the checks find about how a gateway pod ends."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "termination.unknown-length": ("无法得知它的 preStop 需要多长时间", "{numbers}"),
    "termination.no-prestop": (
        "没有会等待的 preStop：驱逐或滚动更新时，负载均衡还在发送流量，Pod 就已终止",
        "{numbers}",
        "在 spec.target.patch 中添加 preStop，sleep {wanted:number g} 秒或更长",
    ),
    "termination.prestop-short": (
        "它的 preStop 等待 {waits:number g} 秒，而负载均衡可能需要 {wanted:number g} 秒才停止发送流量",
        "{numbers}",
        "sleep {wanted:number g} 秒或更长",
    ),
    "termination.grace-short": (
        "terminationGracePeriodSeconds {grace:number g} 小于 preStop + 排空所需的 {needed:number g}：kubelet "
        "会在排空完成之前强制结束 Pod",
        "{numbers}",
        "把 terminationGracePeriodSeconds 设为 {better:number g} 或更大",
    ),
    "termination.numbers": ("Pod 被他人删除时的终止过程", "{numbers}"),
    "termination.hardened": (
        "为它补上所缺的设置，使其 Pod 在终止和启动时都不丢失请求（spec.target.harden）",
        "{changes:parts}",
    ),
    "termination.ends-noticed": (
        "它的 Pod 终止时还会继续服务 {serves:number g} 秒，而 {within:number g} 秒之内就不再有流量发给它：迁移"
        "期间的重启、驱逐或缩容不会丢失请求，只可能丢失届时仍未关闭的 WebSocket 上正在传输的消息。崩溃或 OOM "
        "最多丢失处理中的请求，以及被下一轮发现之前发来的请求",
        "{by}",
    ),
    "termination.ends-unnoticed": (
        "它的 Pod 终止时还会继续服务 {serves:number g} 秒，而要 {within:number g} 秒之后才不再有流量发给它：重"
        "启、驱逐、缩容或崩溃都会丢失处理中的请求，以及被下一轮发现之前发来的请求",
        "{by}",
        "迁移期间不要重启任何东西，或先让它的 preStop sleep {better:number g} 秒或更长",
    ),
    "termination.ends-unnoticed:unknown": (
        "无法得知它的 Pod 终止时还会服务多久（至少 {serves:number g} 秒），而要 {within:number g} 秒之后才不再"
        "有流量发给它：重启、驱逐、缩容或崩溃都可能丢失处理中的请求，以及被下一轮发现之前发来的请求",
        "{by}",
        "迁移期间不要重启任何东西，除非它的 preStop 等待时间超过 {within:number g} 秒",
    ),
    "termination.drain-not-posted": (
        "它用 GET 请求 drain_listeners，Envoy 返回 405：实际没有排空任何连接",
        "{command}",
        "改用 POST",
    ),
    "termination.drain-no-effect": (
        "drain_listeners?inboundonly 对 Istio 网关不起作用：它的监听器都是 OUTBOUND",
        "{command}",
        "改用 healthcheck/fail，或 drain_listeners?graceful&skip_exit",
    ),
    "termination.drain-refuses": (
        "不带 graceful 的 drain_listeners 会立即拒绝新连接，而此时负载均衡仍在发送流量",
        "{command}",
        "改用 healthcheck/fail，或 drain_listeners?graceful&skip_exit",
    ),
    "termination.liveness": (
        "它的 livenessProbe 访问 {path}，网关被要求排空时（healthcheck/fail）该路径会返回 503：kubelet 会在排"
        "空过程中杀掉网关",
        "{asks}",
        "让 livenessProbe 检查不会随之变化的东西：tcpSocket，或 /server_info",
    ),
    "termination.raises-itself": (
        "它的容器 {container} 在 Pod 开始服务时就把该 Pod 的后端设为通常的权重：早于任务对它的验证，也会推翻任务降下的权重",
        "由 `migrator harden --image --by balancer` 加入",
        "请让它遵守该网关的 Lease（`migrator harden --image IMAGE --plan FILE` 会重新打印），或让它等待看护任务的答复（`--by "
        "follower`），或在任务期间移除它",
    ),
    "termination.companion": (
        "每个新网关旁边有一个 migrator 容器（{image}）；Pod 结束时，它把该 Pod 自己的后端权重设为 0。任务或看护任务持有该网关"
        "的 "
        "Lease 时，只有它们设置权重",
        "{namespace} 中的 Secret {secret}，内含云的环境变量；ServiceAccount {account} 读取 Lease {lease} 的权限",
        "请在任务之前准备好两者：`migrator rbac FILE --farewell` 会打印最小角色和该凭证的策略。没有该权限，Pod 不会就绪",
    ),
    "termination.companion:follower": (
        "每个新网关旁边有一个 migrator 容器（{image}）；Pod 结束时，它等待看护任务的答复，最多等满算出的秒数。它不需要凭证",
        "询问的是 {url}",
    ),
    "termination.companion-no-follower": (
        "每个新网关旁边的容器等待看护任务的答复，而计划中没有看护任务：每个 Pod 都会等满算出的秒数，结束时也没有人把它的权重设"
        "为 0",
        "target.harden.by 是 follower，after 是 {after}",
        "请写 `after: migrator` 并运行 `migrator follow`，或写 `by: balancer`",
    ),
    "termination.companion-no-weight": (
        "在该负载均衡后面，网关没有自己的权重（权重属于目标组，或由云控制器管理）：`target.harden` 中 `by: balancer` 的容器没"
        "有可"
        "设置的权重",
        "{provider}",
        "请写 `by: follower`，或 `harden: true`",
    ),
    "termination.long-connections": (
        "网关排空时，WebSocket 和空闲连接不会自行结束；{timeout:number g} 秒之后，任务会断开剩余连接并计数",
        "drain.timeout {timeout:number g} 秒，onTimeout {on_timeout}",
        "让客户端能够自动重连；用 idle_timeout 和 max_connection_duration 结束其余连接",
    ),
    "termination.long-connections:asks": (
        "网关排空时，WebSocket 和空闲连接不会自行结束；{timeout:number g} 秒之后，任务会请人决定",
    ),
    "termination.exit-on-zero": (
        "它会无限期等待连接数归零：只要有一个空闲连接，它就会一直等到被 kubelet 强制结束",
        "EXIT_ON_ZERO_ACTIVE_CONNECTIONS=true，宽限期 {grace:number g} 秒",
        "选择一个每次重启都能接受的宽限期",
    ),
}
