"""Chinese: a restart, node by node: its steps, what each waits for and has achieved, and what stands in its way."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Names.
    "step.rewrite": "写入新模板（Write template）",
    "step.renew": "更新 {nodes:few 3}（Renew）",
    "step.shed": "卸下新版本流量（Shed new）",
    "step.write-back": "写回原模板（Write template back）",
    # The template.
    "rewrite.done": "{object} 已写入新模板；不会因此重启任何 Pod",
    "restart.strategy": "任务期间只由本任务重启其 Pod",
    "restart.template": "其 Pod 的新版本",
    # A node.
    "renew.weigh": "设置 {rows:number} 个权重",
    "renew.end": "结束 {node} 上的 Pod {pod}；它已不再收到连接",
    "renew.last-one": "{node} 保留权重：否则某个监听器将没有健康的后端",
    "renew.rest-unfit": "其余节点尚未承载自己的全部权重，暂不摘下 {node}",
    "renew.settling": "{node} 权重已为 0；等待负载均衡生效",
    "renew.draining": "{node}：还有 {connections:number} 个连接",
    "renew.ask-cut": "{node} 在 {timeout:seconds} 后仍有 {connections:number} 个连接，计划写明 "
    "drain.onTimeout: hold。是否仍要结束其 Pod？",
    "renew.proving": "{node}：{why}",
    "renew.no-pod": "尚无新的 Pod[（{ending} 个正在结束）]",
    "renew.not-ready": "Pod {pod} 未就绪[（{trouble}）]",
    "renew.not-asked": "尚未查询其网关是否被通知离开",
    "renew.next": "即将处理",
    "renew.soaking": "已观察 {soaked:seconds}，共需 {soak:seconds}；{judge}",
    "renew.done": "已更新 {nodes:number} 个节点，评判了 {requests:number} 个请求",
    "renew.done-few": "已更新 {nodes:number} 个节点；只有 {requests:number} 个请求，不足以评判",
    "estimate.renew-weights": "负载均衡：设置 {weights:number} 个权重，降为 0 再恢复",
    "estimate.renew-pods": "集群：结束 {nodes:number} 个节点上的 Pod，各待其连接排空",
    # The way back.
    "shed.lower": "取走 {rows:number} 个已更新后端的权重",
    "shed.follows": "等待负载均衡生效",
    "shed.done": "新版本已无权重[，但有 {left:number} 个后端的流量其余节点无法承载]",
    # What stands in the way.
    "restart.gone": "计划 {name} 所指的 {object} 不存在。未做任何改动。",
    "restart.no-gateway": "任务 {run}（{name}）{state:word state}：它没有投入可重启的网关。未做任何改动。"
    "请指定已完成的迁移任务或计划文件。",
    "restart.no-container": "Pod 中没有容器 {containers:few}。未做任何改动。",
    "restart.image": "{given} 不是 NAME=IMAGE 的形式。未做任何改动。",
    "restart.soak": "{given} 不是时长，例如 90s 或 5m。未做任何改动。",
    "restart.kind": "{object} 不是 DaemonSet，只有 DaemonSet 可逐节点重启。未做任何改动。",
    "restart.pooled": "在 {provider} 中节点没有自己的权重，无法按权重摘下。未做任何改动。",
    "restart.owned": "{object} 由 {owner} 生成，它会用自己的模板覆盖我们的。未做任何改动。请在那里修改。",
    "restart.rolling": "{object} 正在滚动更新。未做任何改动。请等待其 Pod 稳定。",
    "restart.mixed": "{object} 的 Pod 属于多个版本[（{revisions:few}）]，没有可回退的版本。未做任何改动。请先让更新结束。",
    "restart.too-few": "一次 {at_once:number} 个节点过多：有权重的节点共 {nodes:number} 个，至少一半须继续承载。未做任何改动。",
    "restart.unwell": "{nodes:few} 状态不佳，超过一次可摘下的 {at_once} 个。未做任何改动。请查看 `kubectl describe`。",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "renew.unfit": (
        "新网关未能按时达到可接流量的状态：{why}",
        "",
        "请查看 `kubectl describe` 及其日志；原版本会恢复，没有流量发往该版本",
    ),
}
