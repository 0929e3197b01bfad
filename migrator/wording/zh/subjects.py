"""Chinese: what findings are about, where it has no name of its own."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "subject.balancer": "负载均衡[ {name}]",
    "subject.cluster": "集群",
    "subject.container": "容器 {name}[，{part}][（{side:word side} Pod）]",
    "subject.envoy-gateway-resources": "{count:number} 个 Envoy Gateway 资源",
    "subject.istio-resources": "{count:number} 个 Istio 资源",
    "subject.listed": "{names:few 8}",
    "subject.listeners": "监听器 {names:few 8}",
    "subject.nodes": "节点 {names:few 8}",
    "subject.policies": "NetworkPolicy {names:few 8}",
    "subject.server-group": "服务器组 {name}",
    "subject.services": "Service {names:few 8}",
    "subject.target-group": "目标组 {name}",
}
