"""Chinese: what `migrator harden` and the derivation change so that pods end and start without losing "
"anything, and why."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # By which numbers, and why.
    "harden.numbers": "间隔 {interval:number g} 秒 x 失败 {threshold} 次 + 正在进行的检查与生效时间 "
    "{buffer:number g} 秒 + 最后的请求 {longest:number g} 秒 = {wanted:number g} 秒（{source}）",
    "harden.grace-numbers": "preStop {waits:number g} 秒 + 排空 {drain:number g} 秒 + 其后自身 "
    "{after:number g} 秒 + 退出 {buffer:number g} 秒 = {needed} 秒",
    "harden.ready-numbers": "间隔 {interval:number g} 秒 x 成功 {threshold} 次 + {buffer:number g} 秒 = "
    "{wanted} 秒（{source}）",
    "harden.startup-numbers": "每秒检查一次，最长 {seconds} 秒",
    "harden.readiness-numbers": "每 2 秒检查一次，失败三次即 NotReady",
    "harden.liveness-numbers": "只连接端口 {port}",
    "harden.rolling-numbers": "不减少，每次多起一个",
    "harden.grace": "到时仍未结束的进程会被 kubelet 强制结束，最后的请求会被中断",
    "harden.sleep": "sleep 期间网关照常接收请求：留出时间把它的权重设为 0，或在它被删除时将它摘除（云控制器、`"
    "migrator follow`、kube-proxy）",
    "harden.startup-listener": "控制面下发监听器之后端口 {port} 才会打开：在此之前不会就绪，启动慢也不会被 "
    "liveness 杀掉",
    "harden.startup": "启动慢也不会被 liveness 杀掉",
    "harden.readiness": "没有它，进程一运行 Pod 就算就绪并开始接收流量",
    "harden.liveness": "网关被要求排空时 {path} 会返回 503：kubelet 会在排空过程中杀掉它",
    "harden.min-ready": "负载均衡开始向新 Pod 发送流量之后，下一个 Pod 才能下线：就绪不等于后端已健康",
    "harden.rolling": "新 Pod 就位之前，不会有旧 Pod 下线",
    "drain.istio": "收到 SIGTERM 后 15021 立即返回 503，Envoy 在这段时间内仍接收请求并请客户端离开；之后 agent "
    "结束 Envoy",
    "drain.manager": "preStop 先让健康检查失败（healthcheck/fail）；{setting} 是 Envoy 继续接收请求的最短时间"
    "，即使已没有连接",
    "drain.ingress-nginx": "收到 SIGTERM 后 /healthz 立即失败，nginx 在这段时间内仍接收请求，之后退出",
    # What no patch mends.
    "harden.connects": "负载均衡的健康检查只建立连接：端口关闭时才会失败，那就太晚了。让它用 HTTP 检查最先变化"
    "的路径（见下）",
    "harden.nothing-turns": "不借助 shell 或自制镜像，就没有办法让 {gateway} 的健康检查在 SIGTERM 之前失败：preStop "
    "里的 sleep 只有在有人把权重设为 0、或在 Pod 删除时将它摘除的情况下才有用",
    "harden.hook-kept": "它的 preStop 是他人的命令，予以保留：它应等待 {wanted:number g} 秒。{command}",
    "harden.no-native-sleep": "该 API Server（{server}）不支持 `sleep` 动作（Kubernetes 1.30 起支持）：镜像中有 "
    'sleep 时，使用 exec: ["sleep", "{wanted}"]',
    "harden.companion-numbers": "与 sleep 相同：负载均衡自身健康检查所需的秒数加上最后一批请求的秒数；收到的通知只能缩短它",
    "harden.companion": "preStop 询问旁边的容器；负载均衡不再发来新连接时，容器才应答",
    "harden.companion-alone": "没有别的办法让 {gateway} 继续接收请求：该容器不在时钩子失败，网关立即结束。容器的就绪就是 Pod "
    "的就绪：滚动更新会等待它",
    "harden.companion-secret": "该容器从 Secret {name} 读取云的环境变量：请给它一个只能读取该负载均衡并设置权重的凭证（策略见"
    "下）",
    "harden.companion-lease": "它用 Pod 自己的账号读取该网关的 Lease {lease}，此外不读集群中的任何东西：任务或看护任务持有它时"
    "，"
    "只有它们设置权重。请先应用 Role 和 RoleBinding：没有它们，Pod 不会就绪",
    "harden.companion-policy": "该凭证的最小策略：{policy}",
    "harden.companion-raises": "该节点的下一个 Pod 开始服务时，权重为 0 的后端会得到与其他后端相同的权重：人工设置的 0 只保持到"
    "那时。最后一个承载流量的后端绝不会被调低",
    "harden.companion-follower": "通知来自 `migrator follow FILE --metrics`，地址为 {url}：网关所在节点必须能访问它。该容器没"
    "有凭证、token 和角色",
    "harden.companion-no-balancer": "是哪个负载均衡？该容器按计划文件的 `loadBalancer` 设置权重：请给出计划文件，或使用 "
    "`--by follower`。未做任何改动",
    "harden.owned": "这个工作负载由控制器生成：直接 patch 会被还原。请使用 `--output helm` 为 {gateway} 打印的 "
    "EnvoyProxy",
    "harden.no-port": "不知道客户端访问哪个端口：请用 --port 指定，使 startupProbe 能等待其监听器",
    "harden.budget": "{pods:count 个 Pod}，允许缺一个：minAvailable {least}，用整数，因为百分比和 "
    "maxUnavailable 需要 scale，而 DaemonSet 没有。Pod 数量变化时请相应修改",
    "harden.budget-unseen": "没有查看 PodDisruptionBudget",
    "harden.budget-wrong": "PodDisruptionBudget {name} 的计数依赖 scale，而 DaemonSet 没有：请使用整数的 minAvailable",
    "harden.budget-impossible": "{pods:count 个 Pod}：设置 PDB 只会让其节点无法 drain；至少要有两个才能无损重启",
    "mesh.filter": "istiod 只向网关下发其路由用到的 cluster：在大规模网格中配置下发更快、占用内存更少。写在 "
    "istiod 的环境变量中",
    "harden.missing": "{what} 不存在。没有向负载均衡发出任何请求，也未做任何改动"
    "。请检查名称和命名空间（`kubectl get deployments,daemonsets -A`）。",
    "harden.which": "{path} 中有 {names:count 个工作负载}：{names:list}。请用 deployment/NAME 或 "
    "daemonset/NAME 指定一个，或提供只含它的文件",
    "harden.none": "{path} 中没有 Deployment，也没有 DaemonSet"
    "。未做任何改动。请给出含有它们的清单文件，或集群中的 Workload。",
    "harden.no-yaml": "{path} 不是 YAML"
    "。未做任何改动。请给出清单文件、计划文件或 Workload（`migrator harden --help`）。",
    # The forms.
    "form.patch": "{kubectl} patch {kind} {name} --patch-file THIS_FILE",
    "form.component": "component 的 kustomization.yaml；在 `components:` 下写上它所在的目录",
    "form.file": "{name}",
    "form.values": "chart {chart} 的 values",
    "form.no-value": "该 chart 没有 {places:and} 对应的 value：请把 `--output kustomize` 用作 post-renderer，"
    "或使用 patch：",
    "form.envoy-proxy": "合并到 Gateway 或其 GatewayClass 引用的 EnvoyProxy 中",
    "form.apply": "另外用 kubectl apply 应用：",
    # What turns a health check.
    "turn.told": "{event}：健康检查{check:word health check}；客户端{clients:word clients}（{known:word known}）",
    "turn.drain-inbound": "drain_listeners?inboundonly",
    "turn.drain-graceful": "drain_listeners?graceful，直到 --drain-time-s",
    "turn.drain-at-once": "不带 graceful 的 drain_listeners",
    "turn.fail": "POST healthcheck/fail（hook 的 httpGet 是 GET：405）",
    "turn.pre-stop": "preStop 里的 sleep",
    "turn.sigterm-agent": "SIGTERM，持续 terminationDrainDuration",
    "turn.drain-time": "SIGTERM 之后的 drainDuration，或进程退出",
    "turn.manager": "shutdown manager 的 preStop",
    "turn.sigterm": "SIGTERM",
    "turn.sigterm-controller": "SIGTERM，持续 --shutdown-grace-period",
    "turn.quit": "nginx -s quit，以及直接发给 nginx 的 SIGTERM 或 SIGQUIT",
}
