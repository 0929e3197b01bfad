"""Chinese: what the checks find on the plan's nodes: capacity, ports, and what the node's own network changes."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "address.external": "spec.externalIPs",
    "address.load-balancer": "status.loadBalancer",
    "address.redirect": "redirectFrontend",
    "after.loss": "最长 {seconds:number g} 秒",
    "after.loss-unknown": "直到健康检查将它摘除",
    "nodes.lack": "{node}：{resource} 需要 {asked:number g}，共 {whole:number g}，剩余 {free:number g}",
    "placement.affinity": "必须满足的节点亲和性（{terms:or}）",
    "placement.selector": "nodeSelector（{labels:list}）",
    "quota.lack": "{resource}：上限 {limit:number g}，已用 {used:number g}，还需要 {needed:number g}",
    "policy.block": "ipBlock {block}",
    "policy.selectors": "from[ namespaceSelector {namespaces}][ podSelector {pods}]",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    # Capacity.
    "nodes.none": ("没有匹配的节点", "[{wanted:list}]", "请先给节点打标签"),
    "nodes.no-address": (
        "没有 InternalIP，无法注册到负载均衡",
        "",
        "选用其他节点，或给该节点配置 InternalIP",
    ),
    "nodes.no-address:family": (
        "没有与现有后端（{old}）同一地址族的 InternalIP，负载均衡无法连接它",
        "",
        "选用有这类地址的节点，或使用另一地址族的监听器",
    ),
    "nodes.excluded": (
        "带有标签 {label}：云控制器会把这样的节点从负载均衡中摘除，`migrator follow` 也会把它当作要下线的节点排空",
        "",
        "去掉该标签，或通过 spec.target.nodeSelector 排除该节点",
    ),
    "nodes.not-chosen": (
        "Pod 模板要求的是别的节点：{why}。DaemonSet 控制器不会在这里创建 Pod，而任务会等待计划中的每个节点都有 Pod",
        "模板自身的规则，与 spec.target.nodeSelector 同时生效",
        "让这些节点满足该规则、选用其他节点，或去掉该规则；在计划文件中：`target: {{patch: {patch}}}`",
    ),
    "nodes.kept-off": (
        "{owner} 的一个 Pod 拒绝与带有 {labels:list} 的 Pod 处于同一 {topology}，而新 Pod 带有这些标签：它们在"
        "这里会一直 Pending",
        "podAntiAffinity, requiredDuringScheduling：调度器对之后创建的 Pod 同样执行",
        "选用其他节点、移走那个 Pod，或修改它的规则",
    ),
    "nodes.without-company": (
        "新 Pod 必须与带有 {labels:list} 的 Pod 处于同一 {topology}，而这里没有这样的 Pod：它们在这里会一直 Pending",
        "podAffinity, requiredDuringScheduling",
        "通过 spec.target.patch 去掉该规则，或选用有这类 Pod 的节点",
    ),
    "nodes.few": (
        "{nodes:count 个节点}接替 {replicas:count 个副本}：损失一个节点后，容量将低于现在",
        "[{wanted:list}]",
        "增加网关节点，或确认每个节点能承载更多流量",
    ),
    "nodes.not-ready": (
        "节点未就绪：其上的 Pod 无法就绪，而任务会等待计划中的每个节点都有就绪的 Pod",
        "condition Ready",
        "修复该节点，或通过 spec.target.nodeSelector 排除它",
    ),
    "nodes.tainted": (
        "带有污点 {taint}，新 Pod 不容忍它：不会有 Pod 调度到这里",
        "",
        "在 spec.target.tolerations 中容忍该污点，或通过 spec.target.nodeSelector 排除这些节点",
    ),
    "nodes.runtime-class": (
        "RuntimeClass {name} 要求的是别的节点：API Server 会把这一要求加到每个 Pod 上，DaemonSet 在这些节点上的 "
        "Pod 会一直 Pending",
        "scheduling.nodeSelector {labels:list}",
        "选用带有这些标签的节点（spec.target.nodeSelector），或在 spec.target.patch 中去掉 runtimeClassName",
    ),
    "nodes.cordoned": (
        "该节点已被 cordon：DaemonSet 的 Pod 照样会在上面运行，但可能有人正准备下线这个节点",
        "spec.unschedulable",
        "执行 uncordon，或通过 spec.target.nodeSelector 排除它",
    ),
    "nodes.full": (
        "剩余资源容不下一个新 Pod，该 Pod 会一直 Pending",
        "{lacks:few 3}",
        "腾出该节点的资源，或在 spec.target.patch 中调低资源请求",
    ),
    "nodes.full:preempts": ("剩余资源容不下一个新 Pod：优先级更低的 Pod 会被驱逐",),
    "capacity.quota": (
        "配额容不下 {pods:count 个新 Pod}：API Server 会拒绝其中一部分，任务会一直等待它们",
        "{lacks:parts}",
        "在两侧并存期间调高配额",
    ),
    "capacity.peak": (
        "它允许旧侧在高峰期扩容到 {most:count 个 Pod}；而 {nodes:count 个节点}损失一个后只有 "
        "{left:count 个 Pod}，DaemonSet 不会自动扩容",
        "当前副本数 {replicas}，范围 {least} 到 {most}",
        "增加网关节点，或调高 Pod 的资源上限并对一个新 Pod 做压测",
    ),
    "capacity.no-scaling": (
        "它会随旧侧一起移除：此后容量只取决于节点数量，由人工或集群自动伸缩器调整",
        "",
        "对网关的 CPU 配置告警，并在高峰前增加节点",
    ),
    "capacity.update-strategy": (
        "对 DaemonSet 的任何修改都会在迁移中途重启网关",
        "updateStrategy {strategy}",
        "不要在 spec.target.patch 中设置 updateStrategy；步骤 Confirm 会在最后设为 RollingUpdate",
    ),
    "capacity.surge": (
        "同一节点上的第二个 Pod 无法使用相同的宿主机端口：滚动更新永远无法完成",
        "maxSurge {surge}",
        "使用 maxUnavailable: 1",
    ),
    # Who looks after the nodes later.
    "after.unsaid": (
        "计划没有说明任务结束之后由谁把新节点注册到负载均衡、由谁排空要下线的节点：新节点不会有流量，下线的节"
        "点会丢失请求，{loss}",
        "",
        "写明 after: controller（由云控制器负责）、after: migrator（由 `migrator follow` 负责）或 after: "
        "manual（由人工按书面流程负责）",
    ),
    "after.manual": (
        "节点由人工维护：新节点在有人注册之前没有流量；节点下线时，若不先把权重设为 0 就会丢失请求，{loss}",
        "after: manual",
        "写进节点操作流程：上线时先注册、再调高权重；下线时先设权重 0、等连接排空，再 cordon 和 drain",
    ),
    "after.controlled": (
        "云控制器会自行注册和移除网关 Pod，migrator 再做一遍就会与它冲突",
        "after: migrator",
        "改为 after: controller",
    ),
    "after.migrator": (
        "节点由 `migrator follow` 维护，它必须一直运行：它停止期间，新节点没有流量，下线的节点会丢失请求，{loss}",
        "after: migrator",
        "迁移完成后保持 `migrator follow` 一直运行（systemd，或单副本的 Deployment）",
    ),
    # Ports.
    "ports.taken": (
        "{owner} 的一个 Pod 占用了宿主机端口 {ports:list}；新 Pod 在这里会一直 Pending",
        "{pods:few 3}",
        "选用其他节点（spec.target.nodeSelector）、映射到空闲端口（spec.target.ports），或迁移期间让旧侧改用 NodePort",
    ),
    "ports.companion-taken": (
        "{owner} 的一个 Pod 占用了节点端口 {port:number g}，而 target.harden 的容器要在该端口监听：新 Pod 在这里"
        "永远不会 Ready",
        "{pods:few 3}",
        "选用其他节点（spec.target.nodeSelector），或从 spec.target.harden 中去掉 `image`",
    ),
    "ports.node-port-taken": (
        "它在每个节点上占用了 NodePort {ports:list}：kube-proxy 会截走新网关的流量",
        "",
        "在 spec.target.ports 中映射到其他端口",
    ),
    "ports.name-lost": (
        "它按名称指向端口 {names:list}，而新 Pod 没有这个名称的端口：一旦它指向新 Pod，该端口就没有人应答",
        "旧 Pod 中该名称对应 {numbers:list}；新 Pod 的具名端口：{has:list}",
        "在 spec.target.patch 中给端口命名，或让 Service 使用端口号",
    ),
    "ports.node-daemon": (
        "{daemon} 在节点的端口 {port} 上监听：网关要么绑定失败，要么会抢占它的端口",
        "该守护进程的默认端口",
        "在 spec.target.ports 中映射到其他端口；如果它在这些节点上监听别的端口，可豁免此编码",
    ),
    "ports.service-address": (
        "它有地址 {address} 和端口 {ports:list}（{why}），正是负载均衡要连接的地址：节点会把这些连接发给该 "
        "Service 自己的 Pod，永远到不了新网关。如果它后面是旧 Pod，健康检查和流量比例看起来都会正常",
        "",
        "从 Service 中去掉该地址，或在 spec.target.ports 中映射到其他端口",
    ),
    "ports.node-port-range": (
        "端口 {ports:list} 落在 NodePort 范围内：之后创建的 Service 可能分到它，kube-proxy 就会截走它的流量",
        "{first}-{last}，除非 API Server 另有设置",
        "选用该范围之外的端口",
    ),
    "ports.istio-reserved": (
        "端口 {port} 由 {gateway} 自己使用；在它上面的监听器会被拒绝，或永远收不到流量",
        "保留端口：{reserved:list}",
        "映射到其他端口",
    ),
    "ports.shared-proxy": (
        "节点网络中还有另一个代理：两者会共用端口 {ports:and}，健康检查、计数器和排空请求会随机到达其中一个",
        "{pods:few 3}",
        "选用其他节点（spec.target.nodeSelector）",
    ),
    "ports.mapped-nowhere": (
        "映射了端口 {ports:list}，而旧侧并不监听它",
        "[旧侧监听 {listening:list}]",
        "应映射旧网关监听的端口（Service 的 targetPort），而不是客户端连接的端口",
    ),
    "ports.not-mapped": (
        "旧侧在端口 {ports:list} 上有流量，但没有映射它：新侧会在节点的同一端口上监听",
        "已映射：{mapped:list}",
        "把它也映射上；如果就要同一端口，请映射到它自己",
    ),
    "ports.unprivileged-pod": (
        "Pod 自称非特权，istiod 不会为它下发端口 {ports:list} 的监听器",
        "env ISTIO_META_UNPRIVILEGED_POD=true",
        "映射到 1024 及以上的端口，或在 spec.target.patch 中去掉该变量",
    ),
    "derive.low-port-without-root:certain": (
        "它要监听节点的端口 {ports:list}，但不以 root 运行[（用户 {user}）]，也不允许获得 capability（"
        "allowPrivilegeEscalation: false）：无法绑定端口。在 Pod 自己的网络里则可以",
        "Pod 自己的网络里 ip_unprivileged_port_start 通常为 0，节点上为 1024",
        "在 spec.target.ports 中映射到 1024 及以上的端口；或以 root 运行，在计划文件中：`target: {{patch: "
        "{patch}}}`；或者，如果其二进制文件带有该 capability（ingress-nginx），设置 allowPrivilegeEscalation: "
        "true。如果节点自身的 net.ipv4.ip_unprivileged_port_start 足够低，可豁免此编码",
    ),
    "derive.low-port-without-root": (
        "它要监听节点的端口 {ports:list}，但不以 root 运行[（用户 {user}）]：NET_BIND_SERVICE 只对带有该文件 "
        "capability 的二进制有效，且在 allowPrivilegeEscalation: false 时无效",
        "Pod 自己的网络里 ip_unprivileged_port_start 可能为 0，节点上为 1024",
        "在 spec.target.ports 中映射到 1024 及以上的端口，或以 root 运行，在计划文件中：`target: {{patch: {patch}}}`",
    ),
    # The node's network.
    "hostnetwork.pod-security": (
        "它强制执行 Pod Security 级别 {level}，该级别拒绝使用 hostNetwork 或宿主机端口的 Pod：API Server 会接受 "
        "DaemonSet，却拒绝它的所有 Pod",
        "标签 {label}={level}",
        "执行 `kubectl [--context {context} ]label namespace {namespace} --overwrite {label}=privileged`，或换一个命名空间",
    ),
    "hostnetwork.not-tried": (
        "我们的凭证没有在 API Server 上 dry-run 它的权限：没有任何准入 Webhook 检查过新 Pod",
        "对 Pod 的 create 和 patch",
        "为做计划授予这两项权限，或自己用一个 Pod 试一下：`kubectl apply --dry-run=server -f`",
    ),
    "hostnetwork.sysctl": (
        "使用 hostNetwork 时 kubelet 会拒绝 net.* sysctl：Pod 会被不断重新创建",
        "{sysctls:few 8}",
        "在 spec.target.patch 中去掉它们；如果确实需要，请在节点上设置",
    ),
    "hostnetwork.windows": (
        "它的 Pod 运行在 Windows 上，Windows Pod 不能共享节点网络",
        "spec.os.name: windows",
        "用 target.network: hostPort 保留 Pod 自己的网络",
    ),
    "hostnetwork.rewrites-node": (
        "它会修改自己所在的网络（`{words}`），并且有这个权限（{by:list}）：使用 hostNetwork 时改的就是节点网络。"
        "节点上所有流量都会被重定向或切断，包括 kubelet 和 SSH",
        "在 Pod 自己的网络里，它只影响该 Pod",
        "去掉它以及依赖它的代理；节点需要的设置请直接在节点上做。在计划文件中：`target: {{patch: {patch}}}`。"
        "或用 target.network: hostPort 保留 Pod 自己的网络",
    ),
    "hostnetwork.may-rewrite": (
        "它有权限修改自己所在的网络（{by:list}），使用 hostNetwork 时就是节点网络",
        "从它的名称、镜像、命令、参数和变量中看不出它会这样做",
        "查明它做什么；如果它不需要该权限，请在 spec.target.patch 中去掉",
    ),
    "hostnetwork.policy-gone": (
        "它保护旧 Pod，但不会作用于新 Pod",
        "使用 hostNetwork 的 Pod 使用节点地址",
        "把同样的规则加到节点防火墙或安全组",
    ),
    "hostnetwork.upstream-policy": (
        "它放行旧网关；新网关的源地址是节点地址，这些上游会拒绝它们",
        "{why}",
        "把节点也放行：为 {addresses:few 3} 添加 ipBlock",
    ),
    "network.host": (
        "使用 hostNetwork 时，NetworkPolicy 对网关不再生效，它打开的每个端口都暴露在节点上（节点上所有进程都能"
        "访问 Envoy 的管理端口），上游看到的是节点地址",
        "已声明：{ports:list}",
        "让负载均衡的安全组能访问 {nodes:count 个节点}的 {ports:list}[，健康检查能访问 {checks:list}]；并检查"
        "按 Pod 地址写的防火墙规则和策略",
    ),
    "network.host-port": (
        "它会在节点上打开宿主机端口",
        "{ports:list}",
        "让负载均衡的安全组能访问 {nodes:count 个节点}的 {ports:list}[，健康检查能访问 {checks:list}]",
    ),
}
