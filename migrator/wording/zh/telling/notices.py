"""Chinese: what people are told of a run that they do not watch, and why they cannot be told."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "notify.title": "任务 {run}（{name}）：{moment:word moment}",
    "notify.where": "{source} → {target}，[context {context}，]命名空间 {namespace}，负载均衡 {provider} {balancer}",
    "notify.end": "[需要执行的命令：{command}\n]{at:instant}，通知编号 {id}",
    "notify.began": "任务已开始。",
    "notify.share": "新侧已按计划要求的时长承载 {share:number g}% 的新建连接[，实测 {observed:number .1f}%][（"
    "共 {connections:number} 条连接）]。",
    "notify.waits": "任务等待人工确认：{question}在此之前流量保持不变。",
    "notify.held": "任务暂缓推进：{why}问题消除后自动继续；流量保持不变。",
    "notify.kept": "{pod}，最差的网关，已保留供查看：不在负载均衡上，也没有控制器拥有它。查看完毕后请删除它。",
    "notify.turned-back": "任务已转入回滚：正在把全部新建连接切回旧侧[。原因：{why}]。",
    "notify.halted": "任务已停止推进，需要人工处理[：{why}]",
    "notify.ended": "任务已结束：{state:word state}[（{why}）]。",
    "notify.unwatched": "自 {since:instant} 起任务无人看护：{by} 已退出。流量保持不变，且没有任何机制会自动回滚。",
    "notify.was-unwatched": "自 {since:instant} 起任务曾有 {seconds:seconds}无人看护：{by} 曾退出。现已恢复看护。",
    "notify.test": "这是通道 {channel} 的测试消息，与任何任务无关。",
    "notify.test-title": "migrator：通道 {channel} 测试",
    "view.told": "[任务 {run}，][通道 {channel}：]已发送 {sent:number} 条通知[；{trouble}]",
    "view.told-nothing": "各通道没有未送达的通知。",
    # Why a channel cannot be told.
    "notify.no-address": "计划要通知通道 {channel}，但没有设置环境变量 {variable}。它应包含该通道的地址，按 "
    "apprise 的写法。",
    "notify.not-installed": "计划要通知通道 {channel}，但没有安装 apprise：请安装 `migrator[[notify]]`。",
    "notify.address-unknown": "{variable} 中通道 {channel} 的地址是 apprise 不认识的。地址含有密钥，此处不显示。",
    "notify.cannot": "{troubles:lines}\n未做任何改动，任务没有开始。请补上缺失的内容，或从计划文件中去掉该通道"
    "并重新生成计划。",
    "notify.broken": "通道 {channel} 中断（{error}）。",
    "notify.hangs": "通道 {channel} 尚未应答。",
    "notify.not-taken": "通道 {channel} 没有接受该通知。",
    "notify.no-channel": "计划在 `spec.notify` 下没有任何通道。没有发送通知。",
}
