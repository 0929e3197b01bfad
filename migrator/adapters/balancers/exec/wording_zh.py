"""Chinese: what the exec driver says of the operator's command and its replies."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "exec.no-command": "缺少 loadBalancer.options.command：即实现 docs/exec-driver.md 协议的程序。未做任何改动。",
    "exec.not-the-protocol": "{command} 对 {verb} 的应答不符合 docs/exec-driver.md：{why}。如果是写操作之后，"
    "任务会重新查看后再做决定。",
    "exec.refused": "{command} 拒绝执行 {verb}[：{words}]。权重保持不变。",
    "exec.not-now": "{command} 现在无法执行 {verb}[：{words}]。没有执行任何操作。[{then}]",
    "exec.no-reply": "{command}：{verb}：以 {ended} 结束，没有可读的应答。写操作可能已经生效；任务会重新查看后"
    "再做决定。请手动执行该命令，看它打印什么。",
    "exec.no-list": "`{name}` 不是对象列表",
    "exec.no-object": "`{name}` 不是对象",
    "exec.unknown-capability": "未知的 capability `{name}`",
    "exec.no-text": "`{name}` 不是文本",
    "exec.no-whole-number": "`{name}` 不是 {least} 到 {most} 之间的整数",
    "exec.no-flag": "`{name}` 不是 true、false 或 null",
    "exec.no-seconds": "`{name}` 不是 0 到 {most} 之间的秒数",
}
FINDINGS: dict[str, tuple[str, ...]] = {}
