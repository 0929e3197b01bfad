"""Chinese: what is said of an in-place move, in which nodes change hands one after another."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "step.swap": "换手 {nodes:few 3}（Swap）",
    "step.swap-back": "换回 {nodes:few 3}（Swap back）",
    "swap.price": "Deployment 缩容时先结束 Pod {pod}",
    "swap.unprice": "Pod {pod} 保留，不再最先结束",
    "swap.shrink": "{object} 缩为 {replicas:number} 个副本：{node} 上的 Pod {pod} 结束，且不再补充",
    "swap.clear": "使 {object} 不再调度到 {nodes:few}：其上的 Pod 结束",
    "swap.grow": "{object} 扩为 {replicas:number} 个副本：旧 Pod 恢复一个",
    "swap.empty": "取走 {listeners:few} 之后的最后权重：节点换手完成前无人应答，计划已确认",
    "swap.ending": "{node}：Pod {pod} 即将结束",
    "swap.other-first": "{node}：暂不缩容，否则会先结束未就绪的 Pod {pod}",
    "step.keep-others": "其余节点保持旧侧",
    "swap.let-on": "允许 {object} 调度到 {node}：其 Pod 在此等待端口，节点没有权重",
    "swap.early": "不向 {nodes:few} 分流：新 Pod 先于轮次出现，尚未经过任何验证",
    "change.bars": "轮到本节点之前，{object} 不调度到此节点",
    "change.scaler-rests": "伸缩器不改变旧 Pod 的数量：由本任务逐个取走",
    "change.shrinks": "每有一个节点换手，{object} 减少一个副本",
    "in-place.kinds": "只支持在同一集群内，把 Deployment 迁移到由 migrator 派生的 DaemonSet",
    "in-place.other-way-out": "target.portConflict: {way} 是腾出端口的另一种办法；请去掉它",
    "in-place.pools": "此处权重属于负载均衡的目标组，无法单独摘除一个节点",
    "in-place.controller": "负载均衡的后端由控制器自行注册并写入权重",
    "in-place.owned": "该 Deployment 由控制器所有，副本数会被改回",
    "in-place.no-shared-port": "新旧 Pod 没有声明相同的宿主机端口，会同时运行在同一节点上；此时用 canary 即可",
    "in-place.priority": "优先级类改变[，原为 {old}][，将为 {new}]：优先级更高的 Pod 可能把旧 Pod 挤出节点",
    "in-place.pods-elsewhere": "{nodes:few} 上有旧 Pod，但不在 target.nodeSelector 选中的节点内",
    "in-place.elsewhere": "旧 Pod 在 {nodes:few} 上也有空闲端口：回退时可能在那里启动，而负载均衡不向那里转发；"
    "请在任务结束前将其设为不可调度（cordon），或让旧模板的 nodeSelector 只选择计划中的节点",
    "in-place.free-nodes": "{nodes:few} 上没有旧 Pod：先扩容 Deployment 使每个节点都有一个并注册该节点，"
    "或少选节点（target.nodeSelector）",
    "in-place.unwell": "{pods:few} 未就绪，而 Deployment 缩容时会先结束这样的 Pod",
    "in-place.count": "{nodes:number} 个节点上有 {pods:number} 个旧 Pod；应每个节点一个，且没有 Pod 在等待节点",
    "in-place.other-rows": "{rows:few} 只有一侧使用；in-place 要求两侧的地址和端口相同",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "in-place.not-here": (
        "此处无法让节点逐个换手：{why}",
        "",
        "解决后重新执行计划，或用 canary 并选择端口冲突的其他出路（`migrator plan FILE --ways-out`）",
    ),
    "in-place.loses-requests": (
        "{listeners:few} 之后全部权重都在一个节点上：它换手期间无人应答",
        "预计损失窗口 {expected:seconds}[，最长 {most:seconds}][，按观察到的速率约 {requests:number} 个请求]",
        "让另一节点也有旧 Pod 并注册它；或写明 `acknowledge: loses-requests`；"
        "或用 canary 并选择端口冲突的其他出路（`migrator plan FILE --ways-out`）",
    ),
    "in-place.loses-requests:acknowledged": (
        "{listeners:few} 之后全部权重都在一个节点上：它换手期间无人应答，计划已确认",
        "预计损失窗口 {expected:seconds}[，最长 {most:seconds}][，按观察到的速率约 {requests:number} 个请求]",
        "在客户端较少时执行；缩短 `drain.timeout` 可缩短窗口",
    ),
    "in-place.planned": (
        "{nodes:number} 个节点将逐个换手：先降权重并排空，换手后先验证再恢复权重；其间由其余节点承接其流量",
        "预计损失窗口 {expected:seconds}",
        "确保其余节点有足够的余量",
    ),
}
