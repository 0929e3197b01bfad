"""Chinese: what the cluster, the gateways, Prometheus and the plan file's path answer when something went wrong."""

from __future__ import annotations

_END_IT = (
    "未做任何改动。请在那个任务自己的状态库中结束它：在那里执行 `migrator resume` 或 `migrator rollback`。暂停"
    "或退出都不会释放 Lease，只有任务结束才会。"
)

CLUSTER: dict[str, str] = {
    "cluster.server": "API Server {host}[（context {context}）]",
    "cluster.nobody-listens": "无法为 {asked} 连接 {server}：没有进程接受连接。",
    "cluster.no-address": "无法为 {asked} 连接 {server}：本机解析不到主机 {host} 的地址。请检查 kubeconfig 中"
    "的名称和本机 DNS。",
    "cluster.no-tls": "没有向 {server} 请求 {asked}：对端不是 TLS。没有发送任何内容。如果确实是这个端口，"
    "kubeconfig 中的地址应以 http: 开头，而不是 https:。",
    "cluster.proxy-unusable": "kubeconfig 或环境变量（HTTPS_PROXY、HTTP_PROXY）指定的代理地址不可用（{words}）"
    "。没有发送任何请求。请修正或取消该变量。",
    "cluster.late": "{server} 没有及时应答 {asked}。",
    "cluster.write-late": "{server} 没有及时应答 {asked}。该操作可能已执行，也可能没有。",
    "cluster.unreachable": "无法为 {asked} 连接 {server}：{words}。",
    "cluster.untrusted": "没有向 {server} 请求 {asked}：TLS 连接不受信任（{words}）。没有发送任何内容。请检查"
    "该 context 的 certificate-authority。",
    "cluster.unauthorized": "{server} 不接受我们用于 {asked} 的凭证（401[：{words}]）。[{untouched}]请为该 "
    "context 重新登录（`kubectl auth whoami` 会以同样的方式失败）。",
    "cluster.missing": "{server} 上没有 {asked} 所要的内容（404[：{words}]）。",
    "cluster.in-trouble": "{server} 无法应答 {asked}（{status}[：{words}]）。",
    "cluster.forbidden": "{server} 禁止 {asked}（403[：{words}]）。[{untouched}]请用 Role 授予该权限。",
    "cluster.refused": "{server} 拒绝 {asked}（{status}[：{words}]）。[{untouched}]",
    "cluster.untouched": "未做任何改动。",
    "cluster.watch-ended": "{server} 结束了对 Pod 的 watch：{words}",
    "cluster.too-large": "{server} 对 {asked} 的应答超出正常大小；没有读完。",
    "cluster.redirected": "{server} 对 {asked} 的应答是重定向[（到 {to}）]，不予跟随：中间有代理或登录页。["
    "{untouched}]请检查 kubeconfig 中的服务器地址和代理变量。",
    "cluster.html": "{server} 对 {asked} 的应答是网页：中间有代理或登录页。未做任何改动。请检查 kubeconfig 中"
    "的服务器地址和代理变量。",
    "cluster.nobody": "你尚未登录：kubeconfig 的用户既没有令牌也没有证书，{server} 拒绝 {asked}（{status}）。"
    "未做任何改动。请为该 context 登录。",
    "cluster.no-login": "kubeconfig 指定的登录程序 {program} 失败：{why}。[{hint}]未做任何改动。请用该程序登录"
    "（或先安装它），然后重试。",
    "cluster.not-renewed": "无法续期我们对 {server} 的凭证（{error}）。未做任何改动。请为该 context 重新登录，"
    "届时会重新读取 kubeconfig。",
    "cluster.login-late": "没有向 {server} 发送请求：我们的凭证已过期，续期程序尚未应答。",
    "plugin.said": "它的输出：{words}",
    "plugin.late": "它在 {seconds:seconds}内没有结束，已被停止",
    "plugin.not-started": "无法启动[（{problem}）]",
    "plugin.no-credentials": "其应答中既没有令牌，也没有带私钥的证书",
    "cluster.plain-http": "{host} 是明文 HTTP：我们的令牌在途中可能被读取",
    "cluster.unverified": "kubeconfig 写明 insecure-skip-tls-verify：在 {host} 上应答的任何人都能得到我们的令牌",
    "cluster.no-json": "{server} 对 {asked} 的应答不是 JSON。",
    "cluster.no-list": "API Server 返回的 {kind} 列表不是对象列表。",
    "cluster.no-object": "{server} 对 {asked} 的应答是 JSON，但不是对象。",
    "cluster.no-kubeconfig": "{path} 处没有 kubeconfig。没有执行任何操作。请用 `spec.cluster.kubeconfig` 或 "
    "KUBECONFIG 指定。",
    "cluster.kubeconfig-unusable": "kubeconfig {path} 无法使用[（context {context}）]（{words}）。没有执行任何"
    "操作。`kubectl config get-contexts` 列出所有 context；用 `spec.cluster.context` 指定一个。",
    "cluster.list-endless": "{kind} 列表超过 {most} 个对象；没有读完。",
    "cluster.kind-unknown": "服务器没有 {version} 的 {kind}",
    "cluster.write-kind-unknown": "服务器没有 {version} 的 {kind}；未做任何改动。",
    "cluster.no-uid": "要修改 {object} 却没有 uid；没有发送，因为它可能已是另一个对象。",
    "cluster.lease-gone": "Lease {lease} 已不存在。未做任何改动。`migrator status` 显示该任务。",
    "cluster.lease-contested": "此刻有人正在修改 Lease {lease}。未做任何改动。请重新执行该命令。",
    "cluster.lease-held": "Lease {lease} 由 {holder} 持有，有效至 {until:instant}（最近续期 {renewed:instant}）。"
    + _END_IT,
    "cluster.lease-of-open-run": "Lease {namespace}/{name} 的持有者是 {holder}，其任务从未结束：自 {renewed:instant} "
    "起无人续期，但迁移可能停在中途。"
    + _END_IT
    + "如果那个状态库已丢失，用 `migrator adopt {namespace}/{gateway}` 接管该任务。只有在找不到任务记录时"
    "：检查负载均衡的权重并设为应有的值，再用 `kubectl [--context {context} ]-n {namespace} delete lease {name}` 强行接管，然"
    "后重新生成计划。",
    "cluster.no-way-to-pod": "无法经 {server} 到达 Pod {pod}：{words}",
    "tunnel.port": "Pod {pod} 的端口 {port}",
    "tunnel.silent": "{port} 已有 {seconds:seconds}没有应答",
    "tunnel.late": "{port} 没有及时应答",
    "tunnel.broken": "{port}：{words}",
}

GATEWAYS: dict[str, str] = {
    "gateway.kind-unknown": "该计划针对的网关类型为 {kind}，当前版本的 migrator 不认识。未做任何改动。它认识的"
    "类型：{known:list}；请使用生成该计划的版本。",
    "gateway.no-answer": "网关 {pod} 没有应答 {asked}：{words}",
    "gateway.late": "网关 {pod} 在 {seconds:seconds}内没有应答",
    "gateway.not-introduced": "网关 {pod} 没有表明自己的身份：{words}",
    "gateway.stranger": "节点 {node} 上 Pod {pod} 的端口 {port} 由另一个网关（{other}）应答：两个进程共用了该"
    "端口。没有向任何一方发送请求。请为其中一个改用别的管理端口。",
    "gateway.status": "{asked} 返回 {status}",
    "gateway.pod-status": "网关 {pod}：{asked} 返回 {status}",
    "gateway.no-envoy": "{asked} 不是 JSON；这不是 Envoy 的管理端口",
    "gateway.no-json": "管理端口的应答不是 JSON",
    "gateway.unread": "没有读到其配置：读取进程已结束，或耗时超过 {seconds:seconds}；下一轮会再读",
    "gateway.no-counters": "其统计中没有 http.*.downstream_rq_xx：没有 HTTP 监听器，或被统计匹配规则排除",
    "gateway.not-ready": "/ready 返回 {status}[（{words}）]",
    "gateway.one": "{pod}：{why}",
    "gateway.not-told": "{of:number} 个网关中有 {failed} 个未能收到“{word:word told}”的通知：{why:parts}",
    "gateway.not-comparable": "网关 {pod} 的配置无法比对：{why}。须由探测请求来判断。",
    "gateway.not-tellable": "无法通知这些网关排空：{why}。没有向它们发送任何内容。",
    "gateway.are-two": "两侧是两种产品",
    "gateway.is-nginx": "nginx 没有带计数器的管理端口，也没有可撤销的信号",
    "gateway.is-none": "计划写明 `gateway: {{kind: none}}`",
    "unsettled.part": "{kind} {name}：{state}[（{words}）]",
    "unsettled.rejected": "{kind}：有更新被拒绝[（{words}）]",
    "unsettled.inactive": "监听器 {name}：未激活",
    "stream.closed": "上一个应答之后连接被关闭",
    "stream.no-http": "应答不完整，或不是 HTTP[：{words}]",
    "stream.late": "应答没有及时传完",
    "stream.too-large": "应答大小超过任何正常的配置",
}

OTHERS: dict[str, str] = {
    "prometheus.redirected": "Prometheus 的地址返回重定向（到 {to}），不予跟随。请检查 judge.prometheus.url，"
    "以及中间是否有代理或登录页。",
    "prometheus.web-page": "Prometheus 的地址返回的是网页。请检查 judge.prometheus.url，以及中间是否有代理或登录页。",
    "prometheus.no-answer": "Prometheus（{url}）没有应答：{words}。",
    "prometheus.no-prometheus": "{url} 的应答不像是 Prometheus。",
    "prometheus.in-trouble": "Prometheus 无法应答（{status}）。",
    "prometheus.denied": "Prometheus 不接受我们的身份（{status}）。若还有网关自身的计数器，运行继续靠它们判定；若只有 "
    "Prometheus，流量比例不会推进，切换期间超过 judge.noData.rollbackAfter 后回滚。"
    "文件中的密钥可随时更换：每次请求都会重新读取。",
    "prometheus.tls": "没有查询 {url} 的 Prometheus：TLS 失败（{reason}）。请检查 judge.prometheus 的 ca、certificate 和 key。",
    "prometheus.no-variable": "没有查询 Prometheus：计划为它指定的环境变量 {variable} 未设置或为空。未做任何改动。",
    "prometheus.no-secret-file": "没有查询 Prometheus：计划为它指定的文件 {file} 不存在、为空或无法读取。未做任何改动。",
    "prometheus.no-certificate": "没有查询 Prometheus：计划为其 TLS 指定的文件 {file} 不存在或无法读取。未做任何改动。",
    "prometheus.no-header": "没有查询 Prometheus：{where} 中的内容无法放进请求头。未做任何改动。",
    "prometheus.refused": "Prometheus 拒绝该查询（{status}[：{words}]）。",
    "planfile.unreadable": "无法读取计划文件 {path}：{why}。未做任何改动。",
    "planfile.no-text": "它不是 UTF-8 文本",
    "probe.no-connection": "{address}:{port} 无法建立连接：{words}",
    "call.late": "应答没有及时传完",
    "probe.no-path": "{path} 不是路径：{words}",
    "probe.refused": "{address}:{port} 拒绝 GET {path}（Host：{host}）：{words}",
    "probe.no-answer": "{address}:{port} 没有应答 GET {path}（Host：{host}）：{words}",
    "probe.broken": "我们自己的请求在发出之前就失败了，或其应答无法识别（{error}）",
    "gateway.broken": "{pod} 返回的内容无法识别（{error}）",
    "prometheus.broken": "Prometheus 返回的内容无法识别（{error}）。",
    "write.broken": "写操作遇到意料之外的错误（{error}）：可能已执行，也可能没有。",
    "probe.bad": "{address}:{port} 对 GET {path}（Host：{host}）返回 {status}",
    "witness.no-address": "负载均衡没有给出客户端访问它的地址；无法从客户端角度探测",
}

MESSAGES: dict[str, str] = {**CLUSTER, **GATEWAYS, **OTHERS}
