"""Chinese: what the preflight finds of sides that somebody else makes."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, str, str]] = {
    "existing.balances": (
        "{owner} 为新侧创建的 Service 类型为 LoadBalancer，其负载均衡可能就是计划文件中的那一个：它的控制器会写同样的后端",
        "",
        "通过其属主的 API 把新侧的 Service 改为 ClusterIP（见 docs/gateways）；如果它有另一个负载均衡，"
        "请在计划文件中写明 `loadBalancer.address`",
    ),
    "existing.second-balancer": (
        "{owner} 创建的 Service 类型为 LoadBalancer，因此新侧有自己的负载均衡，任务不会迁移它",
        "",
        "新侧使用 ClusterIP 类型即可",
    ),
    "existing.missing": (
        "将成为新侧的工作负载不存在，而 migrator 不会创建它",
        "",
        "按其属主的方式创建它（见 docs/gateways），等其 Pod 就绪后重新检查",
    ),
    "existing.not-ready": (
        "将成为新侧的工作负载尚未稳定",
        "{wanted} 个 Pod 中有 {ready} 个就绪[：{troubles:sentences}]",
        "等它稳定，或查看 `kubectl describe`；然后重新检查",
    ),
    "existing.standing": (
        "它已经存在：migrator 不部署任何东西，也不会改写它",
        "网络 {network}；{pods:number} 个 Pod[，位于 {nodes:number} 个节点]；端口 {ports:list}；它独有的标签 {labels:list}",
        "",
    ),
    "existing.nodes-by-hand": (
        "这些 Pod 由调度器放置，`after: migrator` 没有节点可以照看",
        "{workload}",
        "如果有控制器登记 Pod，请写 `after: controller`，否则写 `after: manual`",
    ),
    "elsewhere.names": (
        "新 Pod 会在 {namespace} 中查找这些对象，它们不会自动过去；缺少任何一个，Pod 都无法启动",
        "{names:list}",
        "迁移前在 {namespace} 中创建它们；Gateway 引用的 TLS Secret 也要创建，Istio 在那里读取",
    ),
    "placed.by-node-port": (
        "负载均衡访问 NodePort {ports:list}，它会通向 Service 后的任意 Pod：两个 Deployment 在这里没有各自的后端",
        "",
        "让负载均衡直接访问 Pod，或迁移为 DaemonSet（target.kind）",
    ),
    "placed.no-scaler": (
        "伸缩旧 Deployment 的对象会随它一起移除，新的没有伸缩，保持 {replicas} 个 Pod",
        "{scalers:few 3}",
        "把 target.replicas 设为高峰所需的数量；迁移结束后为新 Deployment 创建伸缩对象",
    ),
    "handover.orders": (
        "由 {who} 创建：迁移不会改写它；在 Hand over 步骤由你按这里所示处理其属主，任务等待并确认其完成",
        "{owner}：{commands:list}",
        "",
    ),
    "handover.owns-balancer": (
        "该 Service 与旧工作负载都由 {owner} 创建，而计划文件中的负载均衡 {balancer} 属于该 Service："
        "删除属主会在新侧之下删掉负载均衡",
        "{workload}",
        "让负载均衡不依赖该属主（使用你自己的 Service，或不用 Service），再重新检查；或保留属主，只让其 Pod 离开："
        "`cleanup: {{handOver: scale}}`",
    ),
    "handover.owns-balancer:unknown": (
        "该 Service 与旧工作负载都由 {owner} 创建，无法判断计划文件中的负载均衡 {balancer} 是否属于该 Service："
        "删除属主可能在新侧之下删掉负载均衡",
        "{workload}",
        "在 `loadBalancer.address` 中写明负载均衡的地址，以便与该 Service 的区分；或使用 `cleanup: {{handOver: scale}}`",
    ),
    "handover.one-owner": (
        "两侧的工作负载都由 {owner}（{who}）创建：对它的操作会同时影响两侧",
        "",
        "用第二个属主创建新侧（见 docs/gateways）",
    ),
    "handover.shared": (
        "{owner}（{who}）为多个 Gateway 共同创建该工作负载：其中任何一个都不能单独离开",
        "",
        "关闭该 Gateway 所属 class 的合并，或手工迁移这些 Gateway",
    ),
    "handover.no-word": (
        "就目前所知，{owner}（{who}）没有办法只去掉 Pod 而保留其余部分",
        "",
        "使用 Envoy Gateway 时：给该 Gateway 一个专用的、不含 envoyHpa 的 EnvoyProxy；否则使用 `cleanup: {{handOver: delete}}`",
    ),
    "handover.service-goes": (
        "在 Hand over 步骤它随 {owner} 一起消失：之后经由该 {type} Service 的访问会失败",
        "",
        "请提前让其调用方改用新侧的 Service",
    ),
    "handover.weights": (
        "它的云控制器会写自己的权重，而迁移不会改写由控制器创建的对象",
        "需要：{patch}",
        "通过属主的 API 设置（Envoy Gateway：EnvoyProxy 中的 envoyService.annotations），再重新检查",
    ),
    "handover.floor": (
        "流量离开时它会减少旧 Pod，而迁移不会改写由控制器创建的对象",
        "需要：至少 {replicas:number} 个副本",
        "通过属主的 API 提高下限（Envoy Gateway：EnvoyProxy 中的 envoyHpa.minReplicas），再重新检查",
    ),
    "selectors.service-owned": (
        "由控制器为旧 Pod 创建：不对它做任何操作",
        "{type}",
        "",
    ),
    "routes.one-gateway": (
        "它引用了 {old} 而没有引用 {new}，新侧对它的请求会回答 404",
        "[监听器 {parts:list}]",
        "在其 spec.parentRefs 中加入 `{{name: {name}}}`，sectionName 相同，再重新检查",
    ),
    "routes.not-accepted": (
        "{gateway} 尚未接受它",
        "其控制器给出的原因：{why:list}",
        "查看该路由的 `kubectl describe`；该 Gateway 的某个监听器必须允许它",
    ),
    "handover.second": (
        "其属主可以用下面两个对象在节点上再创建一个网关（每行可交给 `kubectl apply -f -`）；"
        "然后写 `target: {{existing: {{kind: DaemonSet, name: {name}}}}}`",
        "{objects:parts}",
        "应用它们，再把 `{{name: {name}}}` 加入[ {routes:list} 等]第一个网关全部路由的 parentRefs，然后重新检查",
    ),
    "parity.by-answers": (
        "不比对两侧的配置：控制器用 Gateway 自己的名字生成了未知的名称，或两侧是两种产品。改由两侧对同样问题的应答来证明新侧",
        "",
        "确认问题（`answers`）覆盖每条重要的路由",
    ),
    "parity.by-answers:products": (
        "旧网关是 {old}，新网关是 {new}：两者的配置没有可比之处，现在和运行期间都不比对，改由两侧对同样问题的应答来证明新侧。"
        "没有问题触及的内容得不到证明：限流与超时、其他方法，以及需要计划中没有的凭据的内容",
        "计划中有 {questions:count 个问题}；能给出路由的旧网关会另外补充",
        "确认问题（`answers`）覆盖每个重要的主机和路径；docs/products.md 说明哪些差异从不计入",
    ),
    "parity.nothing-compares": (
        "两侧的配置无法比对，而计划不向两侧提问（`answers: null`）：没有任何东西能证明新侧",
        "",
        "从计划文件中删除 `answers: null`，并给出问题",
    ),
}
