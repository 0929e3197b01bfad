"""Chinese: how both sides answer the same questions, what speaks against the new side, and what to do about it."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "subject.answers": "应答",
    "subject.side": "{side:word side}",
    "answers.question": "{method} {where}[（{protocol:word protocol}）]",
    "answers.difference": "{question}：{concern:word concern}[ {name}] 在新侧为 {new:or}[（仅 {pods:list}）]，"
    "在旧侧为 {old:or}[（{unsure}）]",
    "answers.not-sure": "询问次数不足，尚不能确定",
    "answers.varies": "{question}：{concern:word concern}[ {name}] 有 {count:count 个不同的值}",
    "answers.row-unproved": "{site}：没有任何应答能证明它可用（全部是 4xx、5xx 或同一个重定向）",
    "answers.row-inside": "{side:word side}只能经由 API Server 询问",
    "answers.row-silent": "{side:word side}没有任何应答",
    "answers.row-allowed": "{who}：允许{concern:word concern}不同（{reason}）",
    "answers.compared": "两侧应答的最近一次比对：{questions:count 个问题}，共 {asked:count 个请求}[；"
    "{differences:count 处差异}][；{unstable:count 处在旧侧本就不稳定}][；{unproved:count 个站点未得到证明}]",
    "answers.asking": "正在向两侧询问同样的问题[；目前 {asked:count 个请求}]",
    "answers.asked-again": "{found} 将再次询问两侧。",
    "answers.ask": "两侧无法比对：{found} 仍要继续吗？",
    "answers.agreed": "两侧对 {questions:count 个问题}给出了相同的应答，共 {asked:count 个请求}[；"
    "{unstable:count 处在旧侧本就不稳定}][；{allowed:count 处差异或疑点}按计划放行]",
    "answers.settle": "{note}；判定无法区分是客户端还是网关的原因（{reason}），而两侧给出了相同的应答",
    "answers.off": "本计划不提出任何问题（`answers: null`，或保存它时 migrator 还没有此功能）。没有发出任何请"
    "求。请从计划文件中去掉 `answers: null`，或重新生成计划。",
    "answers.no-new-side": "{workload} 不存在，没有新侧可以询问。未做任何改动。请先部署它：任务会在第一档流量"
    "比例之前自行询问两侧。",
    "answers.no-old-side": "负载均衡上没有注册 {workload} 的任何后端，没有旧侧可以询问。未做任何改动。"
    "请检查 spec.source 和 loadBalancer.listeners。",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "answers.different": (
        "有 {count:count 处应答}新侧与旧侧不同",
        "{rows:lines}[\n另有 {more} 处]",
        "让新侧给出相同的应答，或在 spec.answers.allow 下放行该差异并写明理由；`migrator compare-answers` 会列"
        "出全部差异",
    ),
    "answers.different:unsure": (
        "有 {count:count 处应答}新侧似乎与旧侧不同，但询问次数不足，尚不能确定",
        "{rows:lines}[\n另有 {more} 处]",
        "无需处理：会再次询问两侧。如果仍然如此，请调高 spec.answers.most，或在 spec.answers.allow 下放行该差"
        "异并写明理由",
    ),
    "answers.different:who-asks": (
        "有 {count:count 处应答}一侧拒绝（401 或 403）而另一侧给出应答，并且其中只有一侧能像客户端那样询问",
        "{rows:lines}[\n另有 {more} 处]",
        "在能访问两侧网关的地方运行 migrator，使按客户端地址的规则看到同一个调用方；或在 spec.answers.allow 下"
        "放行并写明理由",
    ),
    "answers.different:old-fails": (
        "有 {count:count 处应答}旧侧没有给出正常应答，而新侧的应答不同",
        "{rows:lines}[\n另有 {more} 处]",
        "查明旧侧为何失败；回滚也无济于事。如果原因已知，可在 spec.answers.allow 下放行并写明理由",
    ),
    "answers.unproved": (
        "{site} 没有任何应答能证明它可用：两侧全部是 4xx、5xx 或同一个重定向",
        "",
        "在 spec.answers.list 下写一个能得到正常应答的请求（存在的路径、通过 headersFromEnv 提供凭证），或在 "
        "spec.answers.allow 下用 `what: [[unproved]]` 放行并写明理由",
    ),
    "answers.asked-from-inside": (
        "{side:word side}只能经由 API Server 询问，因此没有验证按客户端地址的规则和防火墙",
        "",
        "在能访问网关地址的地方运行 migrator，或在 spec.answers.allow 下用 `host: {side}`、`what: [[inside]]` "
        "放行并写明理由",
    ),
    "answers.silent": (
        "{side:word side}没有任何应答：直接访问其地址和经由 API Server 都没有",
        "向两侧发出 {asked:count 个请求}",
        "检查网关是否在这些端口上监听，以及是否允许 pods/portforward",
    ),
    "answers.too-many": (
        "{site} 返回 429（请求过多）：已停止询问，因此两侧尚未完成比对",
        "",
        "调低 spec.answers.rate 或 spec.answers.most，或按请求头 x-migrator-answer-parity 让这些请求不受限流",
    ),
    "answers.nothing-asked": (
        "没有可比对的内容：没有任何问题能到达两侧都有的监听器",
        "[{left:count 个问题}没有两侧的网关可以应答]",
        "在 spec.answers.list 下写出请求；nginx 或 none 类型的网关无法给出自己的路由",
    ),
    "answers.nothing-asked:kind": (
        "将没有可比对的内容：{kind} 类型的网关无法给出自己的路由，计划也没有写任何请求",
        "",
        "在 spec.answers.list 下写出请求、指定 HAR 文件或访问日志，或用 `answers: null` 关闭比对",
    ),
    "answers.unread": (
        "读不到旧网关的路由，因此不知道应询问什么",
        "{why}",
        "检查 pods/portforward 权限，或把 spec.answers.routes 设为 false 并写出请求列表",
    ),
    "answers.unstable": (
        "有些内容在旧侧自身就会变化，因此不能用来判断新侧",
        "{rows:lines}",
        "无需处理，除非其中某项很重要：那就改为询问应答固定的内容",
    ),
    "answers.not-asked": (
        "有 {count:count 个问题}没有询问：该端口上没有两侧的网关，或已达到请求上限",
        "{questions:few 5}",
        "无需处理，或调高 spec.answers.most",
    ),
    "answers.used-up": (
        "本任务可用于比对两侧的请求已用完，不会再次比对",
        "",
        "批准则不再比对并继续；或回滚，再用更大的 spec.answers.most 生成计划",
    ),
    "answers.most-small": (
        "一个任务可用于比对两侧的请求在最后一次比对之前就会用完：届时会请人决定",
        "{most:count 个请求}；{rounds:count 轮}，两侧共 {gateways:count 个网关}，至少需要 {needed}",
        "把 spec.answers.most 设为 {needed} 或更大",
    ),
    "answers.brought": (
        "有些内容不同只因两侧是两种产品：各自写明自己的名字，并自己生成错误页和重定向",
        "{rows:lines}",
        "无需处理，除非有客户端读取这些内容（清单见 docs/products.md）",
    ),
    "answers.allowed": ("计划允许{concern:word concern}不同", "{reason}"),
}
