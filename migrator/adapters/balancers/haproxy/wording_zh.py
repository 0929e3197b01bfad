"""Chinese: what the HAProxy driver says of the process and its backend sections."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "haproxy.no-socket": "缺少 loadBalancer.options.socket：即 HAProxy runtime API 的路径或 host:port。未做任何改动。"
    "请在计划文件中写明，例如 /run/haproxy/admin.sock。",
    "haproxy.no-backend-name": "loadBalancer.listeners：“{listener}”不能作为 HAProxy backend 的名称。未做任何改动。"
    "请按 `show stat` 显示的名字书写。",
    "haproxy.odd-check": "loadBalancer.options.check：“{check}”含有不属于 server 行的内容。未做任何改动。"
    "请只写 server 行的关键字，例如 `check inter 1s`。",
    "haproxy.socket-closed-to-us": "没有权限打开 HAProxy 的 socket {socket}。权重保持不变。",
    "haproxy.no-answer": "HAProxy 在 {socket} 没有应答（{problem}）。[{then}]",
    "haproxy.unreadable-table": "HAProxy 打印的表无法读取（{words}）。沿用之前读到的内容。",
    "haproxy.not-admin": "HAProxy 的 socket {socket} 缺少 `level admin`。权重保持不变。",
    "haproxy.not-of-the-run": "{listener} 不是本任务的 HAProxy backend。未做任何改动。",
    "haproxy.has-connections": "以下服务器仍有连接，没有移除任何服务器：{servers:list}。",
    "haproxy.connections": "{server}（{connections}）",
    "haproxy.no-backend": "HAProxy 没有 backend {backends:list}[；它有 {there:list}]。权重保持不变。"
    "请在 loadBalancer.listeners 中写 backend 段的名字。",
    "haproxy.half-an-answer": "HAProxy 只给出了部分应答；任务会重新查看后再做决定。",
    "haproxy.refused": "HAProxy 拒绝：{words:sentences} 权重保持不变。",
    "haproxy.partly-done": "HAProxy 只完成了一部分：{words:sentences} 任务会重新查看后再做决定。",
    "haproxy.no-ip-address": "“{address}”不是 IP 地址。未做任何改动。",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.version": (
        "2.6 之前的版本不能在运行时添加带健康检查的服务器",
        "{version}",
        "使用 HAProxy 2.6 或更新版本",
    ),
    "balancer.volatile": (
        "reload 会丢失任务添加的服务器和设置的权重",
        "pid {pid}，已运行 {uptime} 秒",
        "迁移期间不要 reload HAProxy；在步骤 Retire 之前，把新服务器写进配置文件",
    ),
    "balancer.reloaded": (
        "它在最近一分钟内启动或 reload 过；可能有人正在修改它",
        "已运行 {uptime} 秒",
        "等到没有人再修改它的配置",
    ),
    "balancer.scheduler:haproxy": (
        "它的算法 {algorithm} 不能精确按权重分配",
        "",
        "设置 `balance roundrobin`",
    ),
    "balancer.sticky:haproxy": (
        "stick table 或 cookie 让客户端固定在原服务器上，权重为 0 时也一样",
        "",
        "去掉 `stick on` 和 `cookie`；如果 stick table 只用于计数，可豁免此编码",
    ),
    "balancer.backup": (
        "只要有其他服务器可用，backup 服务器就收不到连接，不论权重多少",
        "{servers:few 5}",
        "把它们改为普通服务器，或移除",
    ),
}
