"""Chinese: what the checks find on the balancer, and on the way from the clients to the gateways."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # How a health check asks.
    "check.shown": "间隔 {interval:number g} 秒，超时 {timeout:number g} 秒，不健康阈值 {unhealthy:number g} "
    "次，健康阈值 {healthy:number g} 次，{asked}，{port}",
    "check.http": "GET {path}",
    "check.tcp": "TCP 连接",
    "check.port": "端口 {port}",
    "check.backend-port": "后端端口",
    "check.ask-configured": "检查一个只有配置已下发的网关才会应答的路径",
    "check.ask-route": "检查一个网关路由会应答的路径",
    # Whom the run's own requests reach.
    "witness.no-host": "没有设置 gateway.probeHost，这些请求不带域名，会落到监听器的默认规则上",
    "witness.taken": "这些请求访问 {asked}，会命中规则 {rule}，而该规则不在计划内",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "witness.no-answer": (
        "经负载均衡新建的连接没有一个得到应答；这样任务会在第一档流量比例就回滚",
        "{error}",
        "更正监听器端口、loadBalancer.address 或 gateway.probeHost；本机必须能访问该地址",
    ),
    "witness.other-rule": (
        "任务自己发出的请求可能到不了它所切换的规则：{why}",
        "{rules:few 8}",
        "把 gateway.probeHost 和 gateway.probePath 设为会命中计划内某条规则的请求",
    ),
    # Backends.
    "balancer.no-old-backend": (
        "有权重的后端中，没有一个指向旧工作负载的 Pod 或其 NodePort",
        "[其后端：{backends:few 20}]",
        "检查 loadBalancer.id 和 listeners，以及由谁注册这个监听器的后端",
    ),
    "balancer.unhealthy": (
        "负载均衡判定 {backends:count 个有权重的后端}不健康",
        "{backends:few 5}",
        "先修复这些后端：回滚需要它们",
    ),
    "balancer.foreign-backend": (
        "该后端权重为 {weight}，不属于新旧任何一侧；任务不会动它，它会保留自己的流量份额",
        "健康检查结果：{health:word health}",
        "移除该后端，或豁免此编码、与它并存",
    ),
    "balancer.same-backend": (
        "新旧两侧会是同一个后端，新侧无法有自己的流量比例",
        "",
        "选用其他节点，或在 spec.target.ports 中映射到其他端口",
    ),
    "balancer.mixed-pool": (
        "这个后端池同时包含两侧的后端，调整它唯一的权重会同时影响两侧",
        "{backends:few 5}",
        "为新侧使用单独的后端池，并把新侧后端从旧池中移除",
    ),
    "balancer.slow-to-register": (
        "新后端可能需要 {takes:number g} 秒才会被负载均衡判定为健康；步骤 Attach 在 {given:number g} 秒后就会放弃",
        "deadlines.healthy 为 {given:number g} 秒",
        "把 deadlines.healthy 设为 {takes:number g}s 或更长",
    ),
    # Forwarding rules.
    "balancer.rule-left-behind": (
        "这条规则（{rule}）也指向该网关，却不在计划内：旧侧移除后，它的请求会失败",
        "{backends:few 8}",
        "在 loadBalancer.listeners 中写上 {listener}，即包含其下所有指向该网关的规则，再重新检查",
    ),
    "balancer.other-rule": (
        "有 {rules:count 条转发规则}指向别处或没有后端；任务不会改动它们",
        "{rules:few 8}",
    ),
    # Limits.
    "balancer.quota-unknown": (
        "现有 {used} 个后端，将再添加 {more:count 个新后端}；配额未知",
        "{source}",
        "在云控制台查看配额，或授予读取配额的权限（`migrator rbac FILE` 会列出）",
    ),
    "balancer.full": (
        "现有 {used:count 个后端}，再加 {more} 个新后端会超出配额 {limit}",
        "{source}",
        "申请提高配额，或减少节点；如果配额已经提高，可豁免此编码并以此为理由",
    ),
    # Health checks.
    "balancer.check-counted": (
        "健康检查访问的是网关业务端口，因此会计入请求数：每个观察期内新侧至少有 {counted:number .0f} 个，而 "
        "traffic.minRequests 要求 {needed}",
        "按负载均衡只有一个检查节点计算；通常有多个",
        "把 traffic.minRequests 调到远高于该值，使观察期只能靠真实请求通过",
    ),
    "balancer.no-health-check": (
        "负载均衡没有对后端做健康检查：失效的网关会一直分到流量，直到有人处理",
        "",
        "打开健康检查：间隔 5 秒，超时 2 秒，失败 2 次，成功 2 次，{ask}",
    ),
    "balancer.detection": ("负载均衡会在 {seconds:number g} 秒内摘除失效的网关", "{check}"),
    "balancer.tcp-check": (
        "TCP 健康检查只要端口打开就通过：正在排空的网关，或只返回错误的网关，负载均衡都不会摘除",
        "{check}",
        "改用 HTTP 健康检查：{ask}",
    ),
    "balancer.slow-check": (
        "失效的网关最长还会分到 {seconds:number g} 秒的流量",
        "{check}",
        "健康检查设为：间隔 5 秒，超时 2 秒，失败 2 次，成功 2 次",
    ),
    "balancer.check-port": (
        "健康检查访问端口 {port}，而新 Pod 没有声明它：新后端永远不会健康",
        "{check}",
        "让它检查新 Pod 声明的端口：{ask}",
    ),
    # The clients' way in.
    "client.address-changes": (
        "旧网关看到的客户端是节点（externalTrafficPolicy Cluster），新网关看到的是负载均衡传来的地址："
        "X-Forwarded-For、访问日志、限流和按地址的规则会随流量比例变化[；以下规则写有客户端地址：{rules:few 8}"
        "]",
        "NodePort 背后由 kube-proxy 做源地址转换",
        "在第一档流量比例之前，检查 numTrustedProxies 和所有按地址的规则",
    ),
    "client.loopback": (
        "负载均衡保留客户端地址，因此节点无法经由它访问自己：这些节点上的调用方，每当负载均衡选中它所在的节点"
        "就得不到应答（那里运行着 {pods:count 个 Pod}）",
        "源地址是节点自身地址的数据包会被丢弃",
        "让集群内的调用方使用网关的 Service，或选用只运行网关的节点；不要在这些节点上运行 migrator：它自己的新"
        "建连接会显得失败",
    ),
    "client.proxy-protocol": (
        "网关要求 PROXY protocol：负载均衡也必须向新后端发送它，否则新后端会拒绝所有客户端；不带它的健康检查和"
        "其他请求会被拒绝",
        "",
        "在第一档流量比例之前，确认负载均衡对整个监听器或对新侧后端组启用了它；如果旧后端要求它，migrator 自己"
        "的请求也会带上",
    ),
    "exposure.node-port": (
        "有 {backends:count 个旧后端}是 NodePort：负载均衡看不到单个 Pod，由 kube-proxy 选择",
        "{first}",
        "无需处理：负载均衡会直接连接新网关",
    ),
    "exposure.today": ("客户端访问它的方式：{way:word exposure}", "{services:few 8}"),
    "exposure.several-per-node": (
        "多个旧网关共用一个 NodePort：只要其中一个应答，健康检查就通过，负载均衡看不到另一个正在排空或已失效",
        "{nodes:count 个节点}上有 {pods:count 个 Pod}",
        "迁移本身无需处理；迁移结束之前，请逐个、缓慢地删除旧 Pod",
    ),
    "exposure.other-way-in": (
        "有 NodePort 指向旧 Pod，而计划文件中的监听器都不使用它：走这些端口的流量在步骤 Retire 之前一直留在旧 Pod"
        "，之后一次性切到新 Pod",
        "{ports:parts}（{types:list}）",
        "查明谁在使用它（另一个负载均衡、脚本），并安排它们的切换",
    ),
}
