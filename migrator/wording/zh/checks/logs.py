"""Chinese: what logs warn of, as the checks and a run tell it."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "logs.rejected": (
        "新网关拒绝了下发给它的配置：它按之前的配置提供服务，或者什么也不服务；而它的配置看起来仍可能与旧网关一致",
        "{pod} 最近 {seconds:seconds}的日志中有 {count} 条告警[，最后一条在 {last} UTC]",
        "`kubectl logs -n {namespace} {pod} --since {seconds:number .0f}s` 会指出哪个对象有误：修复它，"
        "等告警早于 {seconds:seconds}之后重新生成计划",
    ),
    "logs.old-rejected": (
        "某个旧网关拒绝了下发给它的配置，继续使用之前的配置；新网关启动时并没有那份配置",
        "{pod} 最近 {seconds:seconds}的日志中有 {count} 条告警[，最后一条在 {last} UTC]",
        "`kubectl logs -n {namespace} {pod} --since {seconds:number .0f}s` 会指出哪个对象有误：请先修复它",
    ),
    "logs.warned": (
        "{what}",
        "{pod} 最近 {seconds:seconds}的日志中有 {count} 条告警[，最后一条在 {last} UTC]",
        "查看 `kubectl logs -n {namespace} {pod} --since {seconds:number .0f}s`",
    ),
    "logs.unread": (
        "并非所有日志都能读取来查找告警；除此之外没有任何影响",
        "{logs:lines}",
        "`migrator rbac` 会打印所需权限（`get pods/log`）；`spec.evidence.controller` 说明控制器的 Pod 在哪里",
    ),
    "logs.read": (
        "已读取 {count} 份日志查找告警：最近 {seconds:seconds}内有 {kinds} 种",
        "",
        "",
    ),
}

MESSAGES: dict[str, str] = {
    "logs.omitted": "控制面没有把某个监听器下发给网关",
    "logs.conflict": "某个 Gateway 的 server 与另一个冲突，控制面忽略了它",
    "logs.unbound": "控制面没有为某个 Gateway 的 server 找到路由",
    "logs.port": "某个端口无法打开",
    "logs.cut-off": "它与控制面的连接已断开，收不到任何变更",
    "logs.heard": "{who}：{what}",
    "logs.not-read": "{log}：{why}",
    "logs.no-controller": "没有正在运行的 Pod 带有标签 {labels:list}",
}
