"""Chinese: what a step will ask of the cluster, the balancer and the gateways, as a plan shows it beforehand."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "estimate.asks-both-sides": "向两侧发送相同的请求",
    "estimate.reads-only": "只读",
    "estimate.checks": "重新读取集群、负载均衡和网关",
    "estimate.patch": "集群：修改 {object}",
    "estimate.apply": "集群：应用 {object}",
    "estimate.by-hand": "直到您完成为止；无法回退",
    "estimate.stands": "读取 {object}",
    "estimate.delete": "集群：删除 {object}",
    "estimate.reads-nodes": "读取 {nodes:number} 个节点上的 Pod",
    "estimate.reads-pods": "读取 {pods:number} 个 Pod",
    "estimate.compares": "比对它们的配置，探测 {backends:number} 个后端",
    "estimate.probes": "探测 {backends:number} 个后端",
    "estimate.register": "负载均衡：以权重 0 注册 {backends:number} 个后端，{calls:number} 次调用",
    "estimate.weights": "负载均衡：设置 {weights:number} 个权重，{calls:number} 次调用",
    "estimate.one-unit": "负载均衡：设置 1 个单位的权重，1 次调用",
    "estimate.take-back": "负载均衡：收回该权重，1 次调用",
    "estimate.tell-to-go": "网关：通知 {pods} 个{side:word side}网关排空（可撤销）",
    "estimate.tell-to-stay": "网关：通知{side:word side}网关继续服务",
    "estimate.deregister": "负载均衡：摘除 {backends:number} 个后端，{calls:number} 次调用",
    "estimate.held": "完成后需人工确认才会继续（spec.gates.hold）",
    "estimate.asks": "需要人工确认",
    "estimate.approved": "计划已批准",
    "estimate.follows": "随节点增减注册、设权重、排空和摘除",
    # Notes.
    "estimate.halts-after": "{deadline:number g} 秒后停止推进",
    "estimate.halts-when-slower": "慢于 {limit:number g} 秒则停止推进",
    "estimate.last-free-return": "在此之前回退没有任何代价",
    "estimate.asks-when-few": "{soak:number g} 秒内请求少于 {least} 个时需人工确认",
    "estimate.drain-asks": "最后一条连接结束即提前完成；到期则询问人工",
    "estimate.drain-cuts": "最后一条连接结束即提前完成；到期则断开并统计剩余连接",
    "estimate.until-yes": "直到有人批准",
    "estimate.no-way-back": "不可回退",
    "estimate.never-done": "持续运行，直到被停止",
}
