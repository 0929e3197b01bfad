"""Chinese: what the selector audit finds: who gets which resource of Istio and of Envoy Gateway."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Istio's gateways.
    "istio.itself": "Istio 的代理或 agent",
    "istio.health-target": "GET /healthz/ready（端口 15021）",
    "istio.unmovable": "这些节点的网络中还有另一个 Istio 代理：两者会共用 15000、15004 和 15020，且不会报错",
    "gateway.itself": "网关自身",
    # Network policies of CNI vendors.
    "policy.everyone": "来自任何地方",
    "policy.endpoints": "fromEndpoints {selector}",
    "policy.entities": "fromEntities {entities:list}",
    "policy.nodes": "来自节点",
    # Who gets an Istio resource.
    "reach.selector": "{labels:list}",
    "reach.namespace": "它只作用于命名空间 {namespace}",
    "reach.targets": "{targets:list}",
    "reach.by-gateways": "通过其 gateways",
    "reach.by-port": "{patch} 写有只有这一侧才有的端口",
    "reach.by-proxy": "{patch} 针对带有 {metadata:list} 的代理，而只有这一侧有",
    "reach.by-version": "{patch} 针对版本为 {pattern} 的代理，而只有这一侧是",
    "reach.by-match": "{match} 只针对这一侧",
    "reach.by-subset": "subset {subset} 只含这一侧的 Pod",
    "reach.copied": "它的 Pod 设置是复制过来的；以后的修改只会到达旧 Pod",
    "reach.twin": "另一侧从 {name} 得到同样的内容",
    "reach.gateway": "{name}[（{why}）]",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    # Whom upstreams let in.
    "hostnetwork.upstream-policy:cilium": (
        "它放行旧网关；新网关在 Cilium 看来是节点，这些上游会拒绝它们",
        "{why}",
        "在同一策略中把节点也放行：fromEntities: [[host, remote-node]]。{addresses:few 3} 这样的 CIDR 在那里不"
        "代表节点，除非 policy-cidr-match-mode 含有 `nodes`",
    ),
    "hostnetwork.upstream-policy:vendor": (
        "它放行旧网关；新网关的源地址是节点地址，这些上游会拒绝它们",
        "{why}",
        "按地址把节点也放行：{addresses:few 3}；如果节点间的数据包有封装（IPIP、VXLAN），还要放行每个节点的隧道地址",
    ),
    "hostnetwork.upstream-policy:denied": (
        "它拒绝节点、放行旧网关的 Pod：新网关位于节点网络，这些上游会拒绝它们",
        "{why}",
        "迁移之前，从拒绝规则中去掉网关节点",
    ),
    "hostnetwork.ip-blocks": (
        "该策略（{action}）按地址列出旧网关。新网关使用节点地址，策略后面的工作负载会以不同方式处理它们的请求"
        "：返回 403，或少了现在有的检查",
        "{fields:list}：{blocks:few 8} 包含旧 Pod；未覆盖 {missed:few 3}",
        "迁移期间，在 Pod 地址之外加上节点地址",
    ),
    "hostnetwork.ip-blocks:nodes": (
        "该策略（{action}）拒绝节点地址，而新网关使用的正是节点地址：策略后面的工作负载会对它们的请求返回 403",
        "{fields:list} 写有 {met:few 3}",
        "迁移之前从规则中去掉节点地址，或改为按身份（`principals`）指明对象",
    ),
    # Envoy Gateway.
    "envoy.takes-no-orders": (
        "这些是 Contour 的 Pod：端口 {port} 只应答读请求，无法通知任何网关排空，任务会停在那一步",
        "",
        "写明 gateway.kind: contour 和 gateway.adminPort: 9001；其管理端口可接受指令时（Contour < 1.19）可以豁免",
    ),
    "envoygateway.another-gateway": (
        "新 Envoy 向 Envoy Gateway 请求的配置会与旧 Envoy 不同：监听器、路由不同，或完全没有",
        "旧 {old}，新 {new}",
        "保持参数 --service-cluster 和标签 gateway.envoyproxy.io/owning-* 不变（spec.target.labels、"
        "spec.target.patch）",
    ),
    "envoygateway.matrix": (
        "这些资源作用于哪些 Pod：两侧都有 {both:number g}，仅旧 Pod {old}，仅新 Pod {new}",
        "[两侧：{both:few 40}]",
    ),
    # The audit itself.
    "audit.unknown-kind": (
        "集群中有这种类型，而当前版本的 migrator 不了解它的含义：没有检查它的对象是否只作用于一侧",
        "API 组 {group}",
        "人工查看它的对象：是否有对象按只有一侧才有的标签或端口选择 Pod？",
    ),
    "audit.unread-policy": (
        "migrator 读不懂该策略的选择器：没有检查它是否放行新 Pod、放行到哪里",
        "{words}",
        "人工查看它是否选中网关，或是否按标签或地址放行网关访问上游",
    ),
    # Istio.
    "istio.matrix": (
        "这些资源作用于哪些 Pod：两侧都有 {both:number g}，仅旧 Pod {old}，仅新 Pod {new}",
        "[两侧：{both:few 40}]",
    ),
    "istio.old-only": (
        "它作用于旧 Pod，而不作用于新 Pod",
        "[{why}]",
        "让新 Pod 保留它所选择的标签（spec.target.labels 不得改动它），或放宽它的选择器[，使用 merge patch "
        "{patch}]；`migrator verify FILE --matrix` 会打印命令",
    ),
    "istio.old-only:namespace": (
        "它作用于旧 Pod，不作用于其他命名空间的 Pod",
        "{why}",
        "请在新侧的命名空间创建相同的对象；内容相同的两个同类对象对两侧视为一个",
    ),
    "istio.new-only:namespace": (
        "它作用于新 Pod，不作用于其他命名空间的 Pod",
        "{why}",
        "请在旧侧的命名空间创建相同的对象，或在两侧同时服务期间将其移除",
    ),
    "istio.old-only:port": (
        "它有一部分只针对旧 Pod",
        "{why}",
        "在两侧同时服务期间，在旁边为新 Pod 加上同样的内容；`migrator verify FILE --matrix` 会打印命令",
    ),
    "istio.new-only": (
        "它作用于新 Pod，而不作用于旧 Pod",
        "[{why}]",
        "为 spec.target.labels 选用它不选择的标签，或放宽它的选择器[，使用 merge patch {patch}]；`migrator "
        "verify FILE --matrix` 会打印命令",
    ),
    "istio.new-only:port": (
        "它有一部分只针对新 Pod",
        "{why}",
        "在两侧同时服务期间，在旁边为旧 Pod 加上同样的内容；`migrator verify FILE --matrix` 会打印命令",
    ),
    "istio.label-changes": (
        "Istio 根据 Pod 的标签 {label} 决定如何注入、配置和访问它，而新 Pod 的值会不同：它们不会成为与旧 Pod "
        "一样的网关",
        "旧 {old}，新 {new}",
        "不要在 spec.target.labels 和 spec.target.patch 中设置 {label}",
    ),
    "istio.label-changes:revision": (
        "标签 {label} 决定使用哪个控制面。值不同时，新 Pod 会从另一个 istiod 获得代理、证书和配置，而更换 "
        "revision 不属于本次迁移",
    ),
    "istio.label-changes:version": (
        "标签 {label} 决定使用哪个控制面：新 Pod 会从另一个 istiod 获得代理、证书和配置",
        "旧 {old}，新 {new}",
        "请确认两个控制面使用相同的根证书和网格配置；第一份流量之前会比较配置",
    ),
    "istio.address-in-rule": (
        "{field} 写有旧 Pod 自己的地址；新 Pod 使用节点地址，该规则对它们不起作用",
        "{values:few 8}；未覆盖 {missed:few 3}",
        "迁移期间在 Pod 地址之外加上节点地址，或改为按端口或主机名书写",
    ),
    "istio.no-listener": (
        "{gateways:count 个 Gateway} 都没有选中新 Pod：它们会就绪，却没有任何监听",
        "{gateways:few 8}",
        "保留这些 Gateway 所选择的标签",
    ),
    "istio.port-in-rule": (
        "它写有旧 Pod 监听的端口 {ports:list}；新 Pod 监听 {moved:list}，该规则对它们不起作用",
        "[{origin}]",
        "迁移之前，在旧端口旁边写上新端口",
    ),
    "istio.gateway-by-service": (
        "istiod 把它下发给其所引用的 Service 的 Pod；新 Pod 在步骤 Retire 之前不加入该 Service，因此不会有监听器",
        "spec.addresses 引用 Service {services:list}",
        "迁移期间为它加上地址 {address}",
    ),
    "istio.gateway-by-service:made": (
        "这个 Gateway 的工作负载由 istiod 创建，监听器下发给 istiod 所创建的 Service 的 Pod；新 Pod 在步骤 "
        "Retire 之前不加入该 Service，因此不会有监听器",
        "Service {services:list}",
        "先让该 Gateway 引用它的 Service（spec.addresses，类型 Hostname）并把 Deployment 变成自己管理，或把它"
        "的路由移到另一个运行在节点上的 Gateway",
    ),
}
