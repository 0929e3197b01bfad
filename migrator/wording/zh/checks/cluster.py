"""Chinese: what the checks find in the cluster: owners and controllers, scaling, selectors."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "argo-cd.unseen": "没有读到该 Application，按自动同步处理",
    "operator.envoy-gateway": "Envoy Gateway",
    "operator.envoy-gateway-setting": "不要在该 Gateway 使用的 EnvoyProxy 里设置 envoyDaemonSet：Envoy Gateway "
    "会先删除 Deployment 再创建 DaemonSet，中间没有任何网关应答。无损的做法：再建一个监听器相同的 Gateway，在"
    "它的 EnvoyProxy 里设置 spec.provider.kubernetes.envoyDaemonSet，让路由同时引用两个 Gateway；把新 Pod 以权"
    "重 0 "
    "挂到负载均衡后端，逐步调高新权重、调低旧权重，等旧连接排空，最后再删除第一个 Gateway。不要为此停掉 Envoy "
    "Gateway 的控制器：Envoy 的配置由它下发",
    "operator.contour": "Contour 的 provisioner",
    "operator.contour-setting": "不要修改该 Gateway 使用的 ContourDeployment 里的 workloadType：这会替换掉仍在"
    "承接流量的 Envoy。无损的做法：再建一个 Gateway，其 GatewayClass 的 ContourDeployment 设为 workloadType: "
    "DaemonSet，让路由同时引用两个 Gateway，逐步切换负载均衡权重，最后再删除第一个 Gateway",
    "operator.gateway-api": "Gateway API 控制器",
    "operator.gateway-api-setting": "不要让控制器替换该 Gateway 的工作负载：它可能在新的就绪之前就删掉旧的。无"
    "损的做法：再建一个运行在节点上的 Gateway，让路由同时引用两个 Gateway，逐步切换负载均衡权重，最后再删除第"
    "一个 "
    "Gateway",
    "operator.unknown-setting": "用属主的同类对象再建一份，让新工作负载与旧的并存，逐步切换负载均衡权重，最后"
    "再删除第一份。只有当该控制器不负责下发网关配置时，才可以在迁移期间停掉它",
    "monitor.selector": "选择器 {selector}",
    "monitor.service": "经由 Service {services:list}，它在步骤 Retire 之前只指向旧 Pod",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    # Owners and controllers.
    "ownership.helm": (
        "由 Helm 安装：迁移期间升级会撤销步骤 Guard 的改动，迁移之后升级会把旧 Deployment 重新建出来",
        "release {release}",
        "迁移期间不要执行 `helm upgrade {release}`；迁移完成后立即把 chart 改成 DaemonSet",
    ),
    "ownership.istioctl": (
        "由 istioctl 或 Istio operator 安装：下次安装会把 Deployment 重新建出来",
        "标签 {label}",
        "迁移完成后，在 IstioOperator 资源里停用这个网关（components.ingressGateways）",
    ),
    "ownership.argo-cd": (
        "由 Argo CD 管理，迁移所做的改动会被它还原",
        "Application {app}[（{unseen}）]",
        "迁移期间执行 `argocd app set {app} --sync-policy none`；恢复同步策略之前，先把 DaemonSet 提交到 Git",
    ),
    "ownership.argo-cd:manual": (
        "由 Argo CD 管理，下一次同步会还原迁移所做的改动",
        "Application {app}",
        "迁移期间不要同步；下次同步之前，先把 DaemonSet 提交到 Git",
    ),
    "ownership.flux": (
        "由 Flux 管理，迁移所做的改动会被它还原",
        "{kind} {namespace}/{name}",
        "迁移期间执行 `flux suspend {command} {name} -n {home}`",
    ),
    "ownership.operator": (
        "由 {who} 创建：该控制器会还原迁移所做的改动，并在步骤 Retire 之后重新创建 Deployment",
        "ownerReference {who}",
        "{setting}",
    ),
    "ownership.operator:labelled": (
        "由 {who} 创建：该控制器会还原迁移所做的改动，并在步骤 Retire 之后重新创建 Deployment",
        "带有其控制器的标签",
    ),
    "ownership.load-balancer-service": (
        "云控制器通过这个 Service 管理一个负载均衡；迁移会保留该 Service，因为删除它时控制器可能连负载均衡一起删掉",
        "{addresses:few 8}",
        "如有针对该云的发现项，请按其说明处理；迁移期间绝不要删除这个 Service",
    ),
    "ownership.load-balancer-service:ours": (
        "云控制器通过这个 Service 管理计划文件中的负载均衡；迁移会保留该 Service，因为删除它时控制器可能连负载均衡一起删掉",
    ),
    "ownership.draining-stops": (
        "{controller} 平时会把正在终止的 Pod 的权重设为 0，迁移期间将停止这样做：Guard 让它不再改动权重（"
        "{keep_off}）。这期间若有人删除旧 Pod，其权重会一直保留，直到它的后端条目被移除",
        "{drains:list}",
        "迁移期间逐个删除、重启旧 Pod；步骤 Confirm 会把权重交还给它管理",
    ),
    "ownership.draining-stops:stays": (
        "{controller} 平时会把正在终止的 Pod 的权重设为 0，今后将不再这样做：Guard 让它不再改动权重（"
        "{keep_off}），此后由 `migrator follow` 负责节点的排空（after: migrator）",
        "{drains:list}",
        "迁移期间逐个删除、重启 Pod；迁移之后保持 `migrator follow` 一直运行",
    ),
    "ownership.cloud-controller": (
        "{controller} 的控制器通过这个 Service 管理该负载均衡的后端：只要 Service、其 endpoints 或节点有变化，"
        "它就会重写权重和目标",
        "{annotations:few 8}",
        "{remedy}",
    ),
    "ownership.cloud-controller:elsewhere": (
        "{controller} 的控制器通过这个 Service 管理另一个负载均衡：只要 Service、其 endpoints 或节点有变化，它"
        "就会在那边重写权重和目标",
    ),
    "ownership.ingress": (
        "云控制器根据这个 Ingress 生成该负载均衡的转发规则；只要 Ingress、其 Service 或 endpoints 有变化，它就"
        "会重写后端和权重",
        "{annotations:few 8}",
        "让用户流量走一个只由本任务管理的监听器；迁移期间绝不要删除这个 Ingress，否则其规则甚至整个负载均衡会"
        "被一起删除",
    ),
    "ownership.target-group-binding": (
        "其控制器会注册 Service {service} 的 Pod，并移除它不认识的目标",
        "{group}",
        "为新侧使用单独的目标组（驱动会这样做），这一个留给它的控制器",
    ),
    "ownership.after-controller": (
        "计划指望由控制器注册新节点；migrator 没有见到该控制器，无法确认它会选用相同的端口和权重",
        "after: controller",
        "在下次扩容之前，先用一个节点验证",
    ),
    # Scaling and budgets.
    "arithmetic.pdb-percentage": (
        "它按百分比或 maxUnavailable 计数，这需要每个控制器都有 scale，而 DaemonSet 没有：该 PDB 将不允许任何"
        "驱逐，有网关的节点都无法 drain",
        "{bounds:list}",
        "改用整数的 minAvailable，或让它的选择器只匹配旧 Pod",
    ),
    "arithmetic.pdb-counts-both": (
        "它把新旧 Pod 合在一起计数：新 Pod 就绪后，所有旧 Pod 可能被同时驱逐",
        "{bounds:list}",
        "迁移期间不要 cordon 旧侧的任何节点，或在此期间把 minAvailable 加上新 Pod 的数量",
    ),
    "arithmetic.hpa-averages-both": (
        "它对新旧 Pod 一起求平均，因为 Deployment 的选择器同时匹配两侧：步骤 Guard 会防止它缩容旧侧，但在新 Pod "
        "空闲时，它也不会扩容旧侧",
        "指标 {metrics:few 8}，副本数 {least} 到 {most}",
        "避开高峰期迁移，或先把 minReplicas 调到高峰所需的数量",
    ),
    "arithmetic.vpa": (
        "它会驱逐旧 Pod 以修改其资源请求（模式 {mode}），即使迁移正依赖这些 Pod；而它对新工作负载不起作用：新 Pod "
        "的资源请求以模板为准",
        "targetRef 指向旧工作负载",
        "迁移期间设置 updateMode: Off，对比模板与现有 Pod 的资源请求，迁移后再让它指向新工作负载",
    ),
    "arithmetic.keda": (
        "旧侧由 KEDA 扩缩容，其 HPA 也由 KEDA 生成，因此步骤 Guard 改动的是 ScaledObject：流量切走时旧侧不会缩容",
        "minReplicaCount {least}，maxReplicaCount {most}",
    ),
    "arithmetic.keda:to-zero": (
        "旧侧由 KEDA 扩缩容，流量切走后可能被缩到零。其 HPA 由 KEDA 生成，因此步骤 Guard 改动的是 ScaledObject"
        "：旧侧不会缩容",
    ),
    "guard.left-behind": (
        "任务 {run} 在步骤 Guard 改动过它，之后没有还原：该任务已丢失，或仍在另一个状态库中继续",
        "计划 {plan}，见该对象的注解 migrator.dev/guard",
        "如果该任务还在，请在其状态库所在处执行 `migrator rollback`；如果已丢失，请手动还原：{command}",
    ),
    "run.lost": (
        "任务 {run}（{name}）已开始迁移这个网关，但没有进程在执行它：它的状态库已丢失，或在别处",
        "集群中的记录；最后持有者是 {holder}",
        "在其状态库所在处执行 `migrator rollback` 或 `migrator resume`。如果状态库已丢失，用 `migrator adopt "
        "{gateway}` 在这里接管该任务，再用 `migrator rollback` 撤销，或用 `migrator resume` 继续到结束。没有 "
        "migrator 可用时：`migrator rollback --by-hand {gateway}` 会打印手工命令",
    ),
    "run.record-damaged": (
        "集群中这个网关的任务记录无法使用[；它是任务 {run}]，而且没有进程在执行那个任务：它可能把网关留在了半途",
        "{why}",
        "如果那个任务的状态库还在，`migrator resume` 或 `migrator rollback` 会把它结束，并重新写入记录。如果状态库已丢"
        "失，先撤销 "
        "guard.left-behind 显示的改动，把权重设成应保持的值，删除那个任务创建的工作负载，再删除记录：{command}",
    ),
    "run.record-left": (
        "任务 {run}（{name}）已结束，但它的记录没有清除：不妨碍任何操作，下一个任务会覆盖它",
        "",
        "{command}",
    ),
    # Selectors.
    "selectors.service-left-behind": (
        "它选中旧 Pod 而不会选中新 Pod：步骤 Retire 之后，这个 {type} Service 将没有任何后端",
        "选择器 {selector:list}",
        "让它按两侧都有的标签选择；如果没有人访问这个 Service，可豁免此编码",
    ),
    "selectors.service-not-narrowed": (
        "新 Pod 一就绪，它就会把客户端流量发过去，早于任何流量比例的调整：按计划中的标签，它同时选中两侧",
        "{type} Service，选择器 {selector:list}",
        "在 spec.target 下写 `labels: {{{better:list}}}`：这个标签能区分两侧，且没有 Istio 资源按它选择。不会"
        "使用 template hash：旧 Deployment 重启之后，该 Service 将没有任何后端",
    ),
    "selectors.service-not-narrowed:no-label": (
        "新 Pod 一就绪，它就会把客户端流量发过去，早于任何流量比例的调整：它所用的标签两侧都必须有",
        "{type} Service，选择器 {selector:list}",
        "给旧 Deployment 的模板加一个标签（例如 side=old），等滚动更新完成，再在 spec.target 下写 `labels: {{"
        "side: new}}`：迁移期间该 Service 就会按 side=old 收窄",
    ),
    "selectors.service-catches-new": (
        "它也选中新 Pod；步骤 Guard 在迁移期间把它收窄到旧 Pod，步骤 Retire 再放开",
        "{type} Service；按 {label:list} 收窄，这是旧模板的标签：旧 Pod 重启后仍然带有它",
    ),
    "selectors.service-apart": (
        "它不选中新 Pod，迁移期间不会改动它；步骤 Retire 会让它指向新 Pod",
        "{type} Service；新 Pod 带有 {labels:list}",
    ),
    "selectors.service-elsewhere": (
        "它只选择自己命名空间的 Pod，而新 Pod 在 {namespace}：旧侧移除后它将无处可去",
        "{type} Service；新 Pod 的标签为 {labels:list}",
        "在 {namespace} 中为新 Pod 创建 Service 并让调用方改用它，再写明理由豁免此代码",
    ),
    "selectors.service-elsewhere:back": (
        "它留在自己的命名空间，并随那里的 Pod 结束；{namespace} 中的 Service 会自行选择返回的 Pod",
        "{type} Service",
    ),
    "selectors.service-left": (
        "它也选中新 Pod，按计划保持不变：没有客户端流量经过它",
        "{type} Service",
    ),
    "selectors.service-not-for-clients": (
        "没有客户端流量经过这个 Service，因此 migrator 不知道迁移期间新 Pod 能否加入它。可能有别的组件在用它，"
        "例如给网关下发配置的控制器",
        "{type} Service，选择器 {selector:list}",
        "在计划中写 `guard: {{leave: [{name}]}}` 让它保持不变，或写 `guard: {{narrow: [{name}]}}` 让新 Pod 在"
        "步骤 Retire 之前不加入",
    ),
    "selectors.network-policy": (
        "它作用于{side:word side} Pod 而不作用于{other:word side} Pod：两侧允许的进出流量会不同",
        "podSelector {selector}",
        "让它按两侧都有的标签选择",
    ),
    "selectors.endpoints-by-address": (
        "它按地址列出旧 Pod，且不由 Kubernetes 维护：这些 Pod 消失后它将不再指向任何 Pod，除非它自己的维护者同步更新",
        "[Service {service}：]{addresses:few 8}",
        "查明由谁维护；如果没有人维护，请在步骤 Retire 之前手动加入新地址",
    ),
    "selectors.webhook": (
        "Webhook {hook} 在创建时修改{side:word side} Pod，而不修改{other:word side} Pod：它添加或修改的内容只"
        "会出现在一侧",
        "objectSelector {selector}",
        "调整 spec.target.labels 使它同时选中两侧；或查明它添加了什么，写进 spec.target.patch",
    ),
    "selectors.monitor-misses-new": (
        "迁移期间 Prometheus 不会抓取新 Pod",
        "{why}",
        "在命名空间 {namespace} 中为 {labels:list} 添加 PodMonitor",
    ),
    "selectors.monitor-misses-new:alone": ("迁移期间 Prometheus 不会抓取新 Pod，而任务没有别的判定依据",),
    "selectors.orphan-adopted": (
        "有 {pods:count 个孤儿 Pod}（没有控制器）匹配 DaemonSet 的选择器：DaemonSet 会收养并删除它们",
        "选择器 {selector:list}",
        "修改{pods:choose 这个|这些} Pod 的一个标签，或删除{pods:choose 它|它们}",
    ),
    "selectors.other-workload": (
        "它的选择器与新 DaemonSet 的选择器互相匹配对方的 Pod；只靠 ownerReferences 区分",
        "选择器 {selector:list}",
        "为 spec.target.labels 选用其他工作负载的 Pod 都没有的标签",
    ),
    "selectors.immutable": (
        "它已存在且选择器不同，而选择器不可变：API Server 会拒绝应用本计划（422）",
        "现有 {present}，计划 {planned}",
        "换一个 spec.target.name；如果这个 DaemonSet 没有承接流量，也可以删除它",
    ),
    "selectors.stray-pod": (
        "有 {pods:count 个 Pod} 匹配 {workload} 的选择器却不属于它：Service 可能把流量发给它们，而迁移既不会切"
        "走它们的流量，也不会排空它们",
        "{owners:few 8}",
        "修改{pods:choose 它|它们}的标签，或移除{pods:choose 它|它们}",
    ),
    "selectors.service-entry-catches-new": (
        "它选中新 Pod：新 Pod 一就绪，网格就会发来请求，早于任何流量比例的设置和判定，因为步骤 Guard 只收窄 Service",
        "workloadSelector {selector:list}",
        "[迁移期间在它的 spec.workloadSelector.labels 里加上 {label}，步骤 Retire 之后再去掉；或者]调整 "
        "spec.target.labels，使它在那之前只选中旧 Pod",
    ),
    "selectors.service-entry-left-behind": (
        "它选中旧 Pod 而不会选中新 Pod：步骤 Retire 之后，网格在它的 hosts 后面找不到任何后端",
        "workloadSelector {selector:list}",
        "等新侧单独承接流量后，让它按两侧都有的标签选择；如果没有人访问它的 hosts，可豁免此编码",
    ),
}
