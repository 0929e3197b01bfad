"""Chinese: what the checks find about the two workloads: present, settled, derived, probed, and how their "
"pods end."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "patch.name": "它修改了名称；请改用 spec.target.name",
    "patch.namespace": "它修改了命名空间",
    "patch.selector": "修改之后选择器与 Pod 不匹配",
    "patch.network": "它修改了 hostNetwork；请改用 spec.target.network",
    "volumes.claim": "PVC {claim} 为 {modes:list}",
    "volumes.device": "PVC {claim} 对应块设备",
    "volumes.disk": "{kind}，以可写方式挂载",
    "termination.formula": "preStop 等待 {waits:number g} 秒；需要：间隔 {interval:number g} 秒 x 阈值 "
    "{threshold} + {buffer:number g} 秒 = {wanted:number g} 秒或更长（{source}）；宽限期 {grace:number g} 秒；"
    "需要：preStop "
    "{waits:number g} 秒 + 排空 {drain:number g} 秒或更长",
    "termination.change": "{place}：{was} -> {now}",
    "termination.measured": "按负载均衡的实际设置",
    "termination.assumed": "假定值：驱动读不到",
    "termination.by-run": "任务的一轮查看，加上负载均衡自身的延迟",
    "termination.by-controller": "云控制器的一轮查看，加上负载均衡自身的延迟",
    "termination.by-nodes": "节点自身的规则：负载均衡连接的是 NodePort",
}

END_THAT_RUN = "先在启动它的地方结束那个任务：`migrator status`，然后 `migrator resume` 或 `migrator rollback`"

FINDINGS: dict[str, tuple[str, ...]] = {
    # How much configuration a start waits for.
    "istio.start": (
        "新网关收到配置后才会就绪：{virtual_services:count 个 VirtualService}，{routes:count 条路由}；旧网关从"
        "进程启动到就绪用了 {least:number .0f} 到 {most:number .0f} 秒",
        "实测 {pods:count 个旧 Pod}；deadlines.ready 为 {deadline:number g} 秒",
    ),
    "istio.start:unmeasured": (
        "新网关收到配置后才会就绪：{virtual_services:count 个 VirtualService}，{routes:count 条路由}；旧 Pod "
        "都没有留下就绪所用的时间",
        "deadlines.ready 为 {deadline:number g} 秒",
    ),
    "istio.clusters": (
        "它向每个网关下发其可见的全部 {services:count 个 Service} 的 cluster，而不只是路由用到的：每个网关启动"
        "更慢、占用内存更多",
        "其环境变量中 PILOT_FILTER_GATEWAY_CLUSTER_CONFIG 不为 true",
        "在 istiod 上把它设为 true，在迁移之前做，或等迁移结束一段时间后再做；前后用 `istioctl proxy-config "
        "clusters` 对比",
    ),
    "istio.clusters:not-checked": (
        "没有检查 istiod 是否只向网关下发其路由用到的 cluster：这里没有找到 istiod，或无权读取它的 Deployment",
        "集群中有 {services:count 个 Service}",
    ),
    # Present and settled.
    "source.missing": (
        "要迁移的工作负载在这个集群中不存在",
        "[context {context}]",
        "检查 spec.source、spec.cluster.namespace 和 spec.cluster.context；执行 `kubectl get deployments -A`",
    ),
    "source.not-serving": (
        "它的 {pods:count 个 Pod} 没有一个就绪",
        "{troubles:parts}",
        "先修复旧侧：回滚需要它",
    ),
    "source.rolling": (
        "正在滚动更新",
        "{wanted} 个中有 {ready} 个就绪",
        "等 `kubectl rollout status` 完成，再重新检查",
    ),
    "target.service-taken": (
        "新 Pod 需要一个自己的 headless Service，其名称与目标相同（{name}），而同名 Service 已存在：应用会被拒"
        "绝，或会改动那个 Service",
        "",
        "换一个 spec.target.name，例如 {name}-ds",
    ),
    "target.taken": (
        "同名 DaemonSet 已存在，且不是 migrator 创建的",
        "uid {uid}",
        "换一个 spec.target.name",
    ),
    "target.taken:returning": (
        "它又存在了，但不是 migrator 恢复的",
        "uid {uid}，{pods:count 个 Pod}",
        "如果要由它承接流量，请先删除它：反向计划会重新创建；如果它已在承接流量，则无需反向迁移",
    ),
    "labels.same": (
        "新 Pod 的标签与旧 Pod 无法区分：任何一侧都可能收养没有控制器的孤儿 Pod",
        "旧 [{old:list}]，新增 [{added:list}]",
        "加一个标签，其值是旧 Pod 没有的，例如 {{version: v2}}",
    ),
    "labels.old-selector-matches": (
        "Deployment 的选择器也匹配新 Pod；新 Pod 另有属主，因此它不会动它们",
        "",
        "只要 Deployment 还在，就不要让新 Pod 成为孤儿（`kubectl delete --cascade=orphan`）",
    ),
    "deploy.pod-refused": (
        "API Server 会接受 DaemonSet，却拒绝它的 Pod",
        "{answer}",
        "更正应答中指出的内容（spec.target.ports、labels、patch），再重新检查",
    ),
    "deploy.untried": (
        "无法得知 API Server 是否会接受它：dry-run 没有得到应答，其他请求都有应答",
        "{answer}",
        "检查其准入 Webhook（卡住的 Webhook 会阻止所有 Pod 的创建），再重新检查",
    ),
    "deploy.refused": (
        "API Server 会拒绝它",
        "{answer}",
        "更正应答中指出的内容（spec.target.ports、labels、patch），再重新检查",
    ),
    "permission.denied": (
        "我们的凭证没有这项权限，而迁移或回滚需要它",
        "SelfSubjectAccessReview 的回答是 no",
        "授予该 kubeconfig 的用户（`migrator rbac` 会打印最小权限的角色）",
    ),
    "cleanup.keep-old-short": (
        "最后一次切换 {keep:number g} 秒之后，任务就会不经询问直接移除旧侧",
        "approval auto，keepOld {keep:number g}s",
        "把 keepOld 设为 10m 或更长，或豁免此编码并写明理由",
    ),
    # Migrations that have begun or ended.
    "target.migrated": (
        "这个网关看起来已经迁移过：新侧正在承接流量，有 {backends:count 个有权重的后端}，而 "
        "{source} 在负载均衡上没有后端",
        "{made:list}",
        "无需处理；如果要迁移的是另一个网关，请更正 spec.source、spec.target 和 loadBalancer",
    ),
    "target.migrated:source-gone": (
        "这个网关看起来已经迁移过：新侧正在承接流量，有 {backends:count 个有权重的后端}，而 {source} 已不存在",
    ),
    "target.run-active": (
        "这个网关有一个任务正在进行，或在结束之前停下了",
        "{holder}",
        END_THAT_RUN,
    ),
    "target.in-use": (
        "这个 DaemonSet 由另一个任务创建，并且有流量：两个任务会互相撤销对方的改动",
        "{made:list}",
        END_THAT_RUN,
    ),
    "target.leftover": (
        "这个 DaemonSet 由另一个任务创建；它的后端都没有权重，因此任务会接管它",
        "{made:list}",
        "确认没有已暂停的任务需要它（在每个状态库中执行 `migrator list`），或删除它",
    ),
    "balancer.new-side-weighted": (
        "新侧已有 {rows:count 个后端}带有权重：有一次迁移中途停下了，回滚时不能把现在看到的旧权重当作原始值恢复",
        "{rows:few 5}",
        END_THAT_RUN,
    ),
    # A plan back to an earlier workload.
    "return.name-taken": (
        "同名对象已存在，而任务需要创建一个",
        "uid {uid}",
        "删除或重命名它，再重新检查",
    ),
    "return.not-told-apart": (
        "没有标签能把它的 Pod 与要恢复的 Pod 区分开[，因此这些 Service 会把流量发给两侧：{services:list}]",
        "需要：与 {labels:list} 不同的值",
        "给它的每个 Pod 加上当时那个任务所加的标签，再重新检查",
    ),
    "return.node-port": (
        "从步骤 Lead 起它就指向要恢复的 Pod，早于它们获得权重：不经此负载均衡而使用它的客户端会一次性全部切过去",
        "类型 {type}",
        "查明集群内谁在访问它，并安排它们的切换",
    ),
    "return.replicas": (
        "它将以 {replicas:count 个副本}恢复，即生成计划 {plan} 时的数量；现在有 {serving:count 个网关}在承接流量",
        "由任务 {run} 保存；任务结束之前不会自动扩缩容",
        "如果流量已增长，请避开高峰期执行",
    ),
    # Volumes.
    "volumes.one-node": (
        "卷 {volume} 只能挂在一个节点上（{why}）；DaemonSet 在每个节点上都有 Pod，除一个之外都会无限期等待它",
        "",
        "把其中的内容放到别处（证书：Secret、cert-manager 或 ReadWriteMany 的 PVC），并在 spec.target.patch 中写明",
    ),
    "volumes.host-path": (
        "卷 {volume} 把数据保存在节点的 {path}：旧 Pod 保存在其节点上的数据，新 Pod 在新节点上读不到",
        "hostPath，以可写方式挂载",
        "把数据复制到新节点；如果只是缓存或 socket，可豁免此编码",
    ),
    # Derivation.
    "derive.no-injected-pod": (
        "它的模板只是由 Istio 填充的占位（`image: auto`），而 Istio 不会为使用 hostNetwork 的 Pod 填充",
        "它的 {pods:count 个 Pod} 没有一个已就绪且已注入，因此无从推导",
        "等待一个就绪的旧 Pod，或用 target.network: hostPort 保留注入",
    ),
    "derive.sidecar-stays-away": (
        "旧 Pod 有 Istio sidecar，新 Pod 不会有：Istio 不注入使用 hostNetwork 的 Pod，要求 strict mTLS 的上游"
        "会拒绝它们",
        "注解 {annotation}",
        "用 target.network: hostPort 保留注入；如果没有上游需要 sidecar，可豁免此编码",
    ),
    "derive.container-stays-away": (
        "旧 Pod 有它，新 Pod 不会有：它由注入器加入，而注入器不处理使用 hostNetwork 的 Pod。网格代理一旦缺失，"
        "网格身份也随之缺失，要求 strict mTLS 的上游就会拒绝该网关",
        "Pod {pod}；Deployment 的模板中没有它",
        "用 target.network: hostPort 保留注入、在 spec.target.patch 中加入该容器；如果没有什么需要它，可豁免此编码",
    ),
    "derive.readiness-gate": (
        "必须有组件在每个 Pod 上设置 condition {gate}，它的 Pod 才会就绪",
        "spec.readinessGates",
        "确认其控制器能处理新 Pod，或在 spec.target.patch 中去掉它",
    ),
    "derive.readiness-gate:injected": (
        "现有 Pod 带有 readiness gate {gate}，而模板中没有：它由 Webhook 加入。新 Pod 也可能被加上，要等其控制"
        "器设置之后才会就绪",
        "Pod 的 spec.readinessGates",
        "如果它的控制器会把 Pod 注册到负载均衡，请在迁移结束之前对该命名空间停用那个 Webhook",
    ),
    "derive.port-in-words:listens": (
        "它让进程使用端口 {port}，而清单改为声明 {moved}：进程会监听节点的 {port}，但没有流量发往那里",
        "",
        "在 spec.target.patch 中写入新的 {moved}；如果这个数字不是监听端口，可豁免此编码",
    ),
    "derive.port-in-words": (
        "它写有端口 {port}，计划把该端口改为 {moved}；migrator 从不改写命令",
        "",
        "在 spec.target.patch 中给出新的命令或值；如果这个数字不是端口，可豁免此编码",
    ),
    "derive.listener-moves": (
        "使用 hostNetwork 时，进程自身必须监听改动后的端口（{ports:list}）；清单只是声明它们",
        "",
        "在网关自身的配置（参数、ConfigMap、Gateway）中设置监听端口",
    ),
    "derive.old-pods-repel": (
        "它的 Pod 拒绝与带有 {labels:list} 的 Pod 处于同一 {topology}，而新 Pod 带有这些标签：凡有旧 Pod 的地"
        "方，新 Pod 都会一直 Pending",
        "podAntiAffinity, requiredDuringScheduling：调度器对之后创建的 Pod 同样执行",
        "选用没有旧 Pod 的节点，或在旧规则中加入排除新标签的 matchExpressions",
    ),
    "derive.patch-breaks": ("{fault}", "", "从 patch 中去掉它"),
    # Probes.
    "probes.no-readiness": (
        "没有 readinessProbe：进程一运行 Pod 就算就绪，此时还没有任何配置；以后每次重启都会过早接收流量",
        "",
        "在计划文件中：`target: {{patch: {patch}}}`",
    ),
    "probes.old-unanswered": (
        "我们的请求没有得到旧后端（{backend}）的应答，而它正在承接客户端流量：步骤 VerifyConfig 会对新后端发出"
        "同样的请求，将一直等不到应答",
        "{why}",
        "在能访问节点的机器上生成计划；把 gateway.probeHost 和 probePath 设为存在的路由；或用监听器的 probe 键"
        "说明如何探测（http、https、http+proxy、https+proxy、tcp、none）",
    ),
    "probes.not-asked": (
        "它的新后端在获得流量之前没有任何探测",
        "probe: none",
        "如果本机能访问节点，至少探测一次连接（probe: tcp）",
    ),
    "probes.connection-only": (
        "它的新后端在获得流量之前只探测连接，不要求应答",
        "probe: tcp",
        "",
    ),
    "probes.no-startup": (
        "没有等待配置下发的 startupProbe：启动时间超过 livenessProbe 的允许值就会被重启",
        "",
        "在计划文件中：`target: {{patch: {patch}}}`",
    ),
    "probes.start-longer-than-deadline": (
        "它的启动可能需要 {seconds:number g} 秒，而任务只等待 {deadline:number g} 秒",
        "startupProbe：initialDelaySeconds + periodSeconds x failureThreshold",
        "把 deadlines.ready 设为 {seconds:number g}s",
    ),
    "probes.sticky-ready": (
        "/healthz/ready 只表示配置曾经到达过一次，此后一直返回 200，即使没有任何监听器；因此任务在分配流量之前"
        "会比对配置并发送请求",
    ),
    "probes.no-shell": (
        "它在 distroless 镜像中执行命令，而该镜像没有 shell[，也没有 {tools:list}]",
        "镜像 {image}：{command}",
        "使用 httpGet、tcpSocket 或 sleep 动作；Istio 镜像中的 `pilot-agent request` 不需要 shell",
    ),
    "probes.listeners-text": (
        "它把 /listeners 交给 jq 处理，但不带 format=json 时 Envoy 返回的是文本：永远不会成功",
        "{command}",
        "改为请求 /listeners?format=json",
    ),
}
