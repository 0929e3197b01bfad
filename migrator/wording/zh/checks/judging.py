"""Chinese: what the checks find about what a run is judged by, and about what this plan could not check."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "transport.api-server": (
        "migrator 发给 API Server 的内容没有加密保护",
        "{why}",
        "使用 https，并在 kubeconfig 中写明集群的 certificate-authority",
    ),
    "transport.balancer": (
        "对负载均衡 API 的请求以明文 HTTP 发出本机",
        "{url}",
        "填写 https endpoint，或不要设置 loadBalancer.endpoint",
    ),
    "breach.kept": (
        "新侧超过阈值后，在整个新侧离开负载均衡之后，保留最差的新网关供查看",
        "它会失去标签 {labels:list}",
        "无需处理；在删除之前它占用节点的端口（`migrator release POD --plan RUN --delete`），"
        "所需权限由 `migrator rbac --isolate` 打印",
    ),
    "breach.not-kept": (
        "计划写明 onBreach: isolate，但这里无法保留任何新网关供查看",
        "{reasons:list}",
        "去掉 `onBreach`：任务照常回滚，日志和 `evidence.logs` 会说明发生了什么",
    ),
    "silence.guard": (
        "无人执行任务达 {after:seconds}后由守护进程回滚，但守护进程需要有人启动",
        "onSilence: rollback",
        "任务开始后执行：`migrator guard {gateway} --job --image IMAGE | kubectl apply -f -`",
    ),
    "transport.prometheus": (
        "以明文 HTTP 查询 Prometheus：链路上的任何人都能篡改它的应答，而任务正是靠它来判定",
        "{url}",
    ),
    "transport.prometheus:secret": (
        "密钥以明文 HTTP 发往 Prometheus：链路上的任何人都能读到它，还能篡改任务赖以判定的应答",
        "{url}",
        "在 spec.judge.prometheus.url 中写 https 地址",
    ),
    "login.balancer-ends": (
        "负载均衡 API 的凭证可能在任务结束之前过期，且没有自动续期：过期之后无法再写任何权重，回滚时也一样",
        "{to}：于 {at:instant} 过期，还剩 {left:seconds}；计划最长可能需要 {worst:seconds}",
        "重新登录以获得更长有效期、使用会自动续期的角色，或缩短计划",
    ),
    "login.cluster-ends": (
        "集群登录可能在任务结束之前过期，且没有自动续期：过期之后迁移不再推进，也无法通知网关排空或继续服务；"
        "权重仍然可以调回",
        "{to}：于 {at:instant} 过期，还剩 {left:seconds}；计划最长可能需要 {worst:seconds}",
        "重新登录以获得更长有效期，或使用其用户带有 exec 插件或 tokenFile 的 kubeconfig",
    ),
    "gates.too-short": (
        "{step} 永远不会开始：计划的时间窗都不足以容纳它以及结束后的回滚",
        "{step} 最长可能需要 {worst:seconds}[；结束后回滚需要 {back:seconds}]",
        "加长时间窗，或缩短观察时间、排空时间和各项期限；并检查 spec.gates.zone",
    ),
    "nginx.metrics-off": (
        "控制器被设置为不统计请求（{flag}）：我们和 Prometheus 都无法统计它的应答，无法区分各类应答",
        "",
        "设置 --enable-metrics=true（chart：controller.metrics.enabled）并让 Prometheus 抓取端口 10254，或只依靠 "
        "spec.answers 和自有探测连接",
    ),
    "login.end-unknown": (
        "负载均衡 API 的凭证是临时凭证，且无法得知它何时过期",
        "{to}：会话令牌没有过期时间",
        "确认它的有效期长于整个任务",
    ),
    "judge.traffic-too-low": (
        "按当前流量，{share:number g}% 在 maxSoak 内最多带来 {expected:number .0f} 个请求：观察期无法通过，任"
        "务会请人决定",
        "旧侧 {seconds:number .1f} 秒内有 {requests:count 个请求}；minRequests 要求在 {share:number g}% "
        "下 {limit:number g} 秒内达到 {needed}",
        "在流量更大时执行、从更大的比例开始，或调低 minRequests",
    ),
    "judge.soak-extends": (
        "按当前流量，{share:number g}% 在一个观察期内约带来 {expected:number .0f} 个请求：观察期会长于 "
        "{soak:number g} 秒",
        "旧侧 {seconds:number .1f} 秒内有 {requests:count 个请求}；minRequests 要求在 {share:number g}% "
        "下 {soak:number g} 秒内达到 {needed}",
        "预留更长的观察期，或从更大的比例开始",
    ),
    "judge.traffic": (
        "流量足以判定第一档流量比例",
        "旧侧 {seconds:number .1f} 秒内有 {requests:count 个请求}",
    ),
    "judge.query": ("该查询返回了数值", "{number:number g}"),
    "judge.query-refused": (
        "Prometheus 拒绝该查询：它会让每一档流量比例都停住",
        "",
        "在 Prometheus 中试一下该查询；{{workload}}、{{namespace}}、{{pods}}、{{side}} 和 {{window}} 会被代入",
    ),
    "judge.query-silent": (
        "旧侧正在服务，该查询却没有返回数值：它会让每一档流量比例都停住",
        "",
        "在 Prometheus 中试一下该查询：应返回一个数值，而不是列表，也不是零除以零",
    ),
    "judge.balancer-read": (
        "可以读取云监控对该负载均衡的数据；它有延迟，因此只可能使任务暂缓或回滚，从不作为通过的依据",
        "最近几分钟的 {figures:number} 组数据",
    ),
    "judge.balancer-no-figures": (
        "云监控没有该负载均衡最近几分钟的数据；一直没有的话，六分钟后该判定来源会使任务停在当前占比",
        "",
        "没有流量的负载均衡没有数据；请检查 loadBalancer.id 和 monitoringPeriod",
    ),
    "judge.balancer-unread": (
        "云监控没有应答：没有响应的判定来源会使每一档流量比例停住",
        "{why}",
        "请重试；参见 loadBalancer.options.monitoringEndpoint",
    ),
    "judge.balancer-refused": (
        "云厂商拒绝提供该负载均衡的监控数据，而计划把它作为判定来源：它会使每一档流量比例停住",
        "{why}",
        "`migrator rbac` 会打印包含读取权限的策略；或从计划中去掉带 `balancer: true` 的判定来源",
    ),
    "judge.prometheus-denied": (
        "Prometheus 不接受我们的身份；任务将只能靠网关自身的计数器判定",
        "{url} 返回 {status}",
        "检查 spec.judge.prometheus 下的 authorization、headers、certificate；401 表示密钥未知或已过期，403 表示缺少权限",
    ),
    "judge.prometheus-denied:alone": (
        "Prometheus 不接受我们的身份，而任务没有别的判定依据：流量比例不会推进，{rollback:seconds}没有应答后将回滚",
    ),
    "judge.prometheus-silent": (
        "它的查询没有返回旧侧的任何数据；任务将只能靠网关自身的计数器判定",
        "{url}",
        "在 Prometheus 中试一下该查询：网关是否被抓取，其标签是否与这个工作负载一致？",
    ),
    "judge.prometheus-silent:alone": ("它的查询没有返回旧侧的任何数据，而任务没有别的判定依据",),
    "judge.prometheus": (
        "它的查询返回了旧侧的数据",
        "{window:number g} 秒内有 {requests:count 个请求}",
    ),
    "judge.blind": (
        "无从判断新侧的状况：这个网关没有可读取的计数器，计划也没有指定 Prometheus",
        "网关类型 {kind}",
        "在 spec.judge.prometheus 下指定一个 Prometheus",
    ),
    "judge.gateway-silent": (
        "读不到它的计数器，因此旧侧的错误率未知",
        "{why}",
        "检查 pods/portforward 权限和 gateway.adminPort",
    ),
    "judge.soak-short": (
        "{soak:number g} 秒的观察期容不下两个间隔 {interval:number g} 秒的采样",
        "",
        "延长观察期",
    ),
    "judge.soak-short:prometheus": (
        "{soak:number g} 秒的观察期容不下两个间隔 {interval:number g} 秒的 Prometheus 采样",
        "",
        "延长观察期，或加上 `scrape: {{}}`",
    ),
    "judge.latency-edge": (
        "应答超过 {edges:list} 秒才算慢，而不是超过 {limit:number g} 秒：网关的直方图没有更接近的分桶边界",
        "读到的分桶边界：{all:list} 秒",
        "除非这点差异重要，否则无需处理；如果重要，用某个边界值作为上限，或配置直方图的分桶边界",
    ),
    "judge.latency-late": (
        "{soak:number g} 秒的观察期可能在看到第一个慢应答之前就结束：网关每 {flush:number g} 秒才合并一次计时数据",
        "一档流量比例要等全部应答都计时之后才会通过，因此每一档最长需要 {least:number g} 秒",
        "把观察期设为长于 {least:number g} 秒",
    ),
    "judge.latency-unmeasured": (
        "旧网关都不统计应答耗时，因此无法满足 {over:number g} 秒的上限",
        "旧网关的统计中没有直方图 `http.*.downstream_rq_time`",
        "让网关保留该直方图（Istio：proxyStatsMatcher），或从计划中去掉 `latency`",
    ),
    "judge.latency-window": (
        "慢应答按 {least:number g} 秒判定，而不是按 {window:number g} 秒的窗口",
        "网关每 {flush:number g} 秒才合并一次计时数据",
        "无需处理；错误应答仍按该窗口判定",
    ),
    "parity.unsettled": (
        "这个旧网关目前不能作为比对基准，改用 {reference}",
        "{why}",
        "对流量没有影响；请检查这个网关：它的配置可能比其他网关旧",
    ),
    "parity.unsettled:all": (
        "旧网关都未稳定，且各有各的问题，新网关没有可比对的对象",
        "{why}",
        "修复所列问题，否则任务会在分配流量之前停止推进",
    ),
    "parity.old-apart": (
        "这个旧网关的配置与 {reference} 不同，而新网关以后者为比对基准",
        "{lines:lines}",
        "查明旧网关之间为何不同；客户端现在就会随机得到不同的应答",
    ),
    "parity.common": (
        "所有旧网关都有这一未稳定项；新网关也可以有",
        "{why}",
        "迁移无需处理；被拒绝或缺失的配置在两侧都不服务客户端",
    ),
    "parity.unknown-place": (
        "该位置的开头不是任何配置段，因此什么也没有放行：{place}",
        "所给理由：{reason}",
        "按差异中的写法填写，例如 `listener/0.0.0.0_80 filter_chains[[shop.example]]`",
    ),
    "permission.blind": (
        "我们的凭证没有权限列出这些类型，依赖它们的检查没有结果：{kinds:list}",
        "API Server 拒绝了 list；未检查：{kinds:word hidden}",
        "为做计划授予对它们的 `list` 权限（`migrator rbac` 会打印角色），或人工查看这些对象",
    ),
    "waive.unused": (
        "豁免了这个编码，但没有出现该编码的发现项",
        "所给理由：{reason}",
        "去掉该豁免，除非你预计会出现它",
    ),
}
