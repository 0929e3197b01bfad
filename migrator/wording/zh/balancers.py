"""Chinese: what is said of every balancer, whichever driver it has. What one driver says of its own stands beside it."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "driver.option-no-number": "loadBalancer.options.{option} 应为 {least} 到 {most} 的数字，不能是“{given}”。"
    "未做任何改动。"
    "请写该范围内的数字。",
    "cloud.no-time-left": "没有向 {api} 发出 {action}：整个操作的时间已到。这次调用什么都没有发出。",
    "cloud.no-answer": "{api} 没有应答 {action}（{problem}）。[{then}]",
    "cloud.not-now": "{api}：{action}：[ HTTP {status}][ {answer}][：{words}][（请求 {request}）]。[{then}]",
    "cloud.malformed": "无法读取云 API 的应答：{what} 缺失，或与其 API 文档不符。[{then}]",
    "cloud.failed": "{api}：{action}：[ HTTP {status}][ {answer}][：{words}][（请求 {request}）]。[{then}]",
    "cloud.no-address": "没有向 {api} 请求 {action}：本机解析不到主机 {host} 的地址。没有发送任何内容。请检查 "
    "loadBalancer.endpoint（或用于拼出它的地域）以及本机 DNS。",
    "cloud.no-tls": "没有向 {api} 请求 {action}：{endpoint} 上应答的不是 TLS。没有发送任何内容。权重保持不变。"
    "请检查 loadBalancer.endpoint。",
    "cloud.untrusted": "没有向 {api} 请求 {action}：其证书不受信任（{words}）。没有发送任何内容。权重保持不变"
    "。请检查 endpoint 和本机的根证书。",
    "cloud.redirected": "{api}：{endpoint} 对 {action} 返回重定向[（到 {to}）]，不予跟随。未做任何改动。请检查"
    " loadBalancer.endpoint，以及中间是否有代理或登录页。",
    "cloud.web-page": "{api}：{endpoint} 对 {action} 返回的是网页（{status}），而不是 API 的应答。未做任何改动"
    "。请检查 loadBalancer.endpoint，以及中间是否有代理或登录页。",
    "cloud.refused": "{api}：{action}：[ HTTP {status}][ {answer}][：{words}][（请求 {request}）]。权重保持不变。",
    "cloud.too-many-pages": "{api} 返回的 {name} 超过 {most} 页。权重保持不变。",
    "credentials.no-answer": "没有凭证：{whom} 没有应答。权重保持不变。",
    "credentials.unreadable": "没有凭证：{whom} 返回 HTTP {status}，但不是 JSON 对象。权重保持不变。",
    "credentials.failed": "没有凭证：{whom} 返回 HTTP {status}[ {answer}]。权重保持不变。",
    "credentials.refused": "没有凭证：{whom} 拒绝，返回 HTTP {status}[ {answer}]。未做任何改动。",
    "credentials.endless": "没有凭证：{whom} 给出的凭证没有有效期。权重保持不变。",
    "credentials.incomplete": "没有凭证：{whom} 给出的凭证不完整。权重保持不变。",
    "credentials.unreadable-token": "无法读取服务账号令牌 {path}。未做任何改动。",
    "credentials.unreadable-file": "无法读取凭证文件 {path}。未做任何改动；请修复或移除它。",
    "credentials.half": "{source} 的凭证缺了一半：没有设置 {lacks}。未做任何改动。",
    "credentials.spaced": "凭证中含有空格或换行，任何 API 都不会接受。未做任何改动。由文件生成的 Secret 末尾常"
    "带换行，请去掉。",
    "credentials.foreign-agent": "凭证服务地址 {url} 既不是 https，也不是本机自己的代理；没有向它发送令牌。未"
    "做任何改动。",
    "driver.option-no-time": "loadBalancer.options.{option} 应为 60s 这样的时间，范围 0 到 {most} 秒，而不是“"
    "{given}”。未做任何改动。"
    "请写明单位。",
    "driver.not-there": "以下后端不在 {where} 中；没有设置任何权重：{backends:list}。",
    "driver.has-weight": "以下后端仍有权重；没有摘除任何后端：{backends:list}。",
    "driver.read-again": "权重保持不变；任务会再次请求。",
    "driver.only-looked": "",
    "driver.repeat": "权重保持不变。待其恢复应答后重新执行该命令。",
    "driver.perhaps-done-alone": "该写操作可能已生效：重新执行该命令之前，请先查看权重。",
    "driver.perhaps-done": "该写操作可能已生效；任务会先回读再做决定。",
    "driver.no-region": "{provider} 需要 loadBalancer.region：其 API 按地域访问。未做任何改动。请写明负载均衡"
    "所在地域，例如 ap-guangzhou。",
    "driver.unknown-option": "{provider} 没有 loadBalancer.options.{option} 这个选项。未做任何改动。可用选项："
    "{known:list}；含义见 {page}。",
    "driver.option-no-list": "loadBalancer.options.{option} 应为 {like} 这样的列表；“{part}”不是。未做任何改动。"
    "请按此格式书写。",
    "driver.budget-spent": "本分钟对负载均衡的 {limit} 次写操作已用完（为回滚预留的除外）。没有执行任何操作；"
    "{wait:seconds}后任务继续。",
    "driver.unknown-provider": "没有负载均衡 provider“{provider}”的驱动。未做任何改动。[是否想写 {meant}？]可"
    "用的 provider：{known:list}。",
    "process.not-started": "无法启动 {program}[（{problem}）]。未做任何改动；请检查计划中的命令及其权限。",
    "process.no-time-left": "没有启动 {program}：整个操作的时间已到。它什么都没有做。",
    "process.killed": "{program} 在 {seconds:seconds}内没有结束，已被终止。[{then}]",
    "process.too-much": "{program} 的输出超过 {most} MiB，无法读取。[{then}]",
    "process.command-unreadable": "无法解析 loadBalancer.options.command：{words}。未做任何改动。"
    "请按 shell 的写法书写，引号要成对。",
    "credentials.none": "没有找到凭证。未做任何改动。",
    "permission.no-dry-run": "该 API 不支持预检（dry run）",
    "permission.no-answer": "预检（dry run）没有应答",
    "permission.answer": "预检（dry run）返回 {code}",
    "calibration.old": "测量于 {days} 天之前",
    "calibration.few": "不足 {enough} 次测量，不能缩短任何等待",
    "calibration.measured": "{day} 在监听器 {listener} 上测量（{way}）：{lowered:number} 个权重设为 0，p50 "
    "{middle:number .1f} 秒，最长 {longest:number .1f} 秒",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.permission-denied": (
        "我们的凭证没有 {actions:list} 的权限：任务将无法开始，或无法回滚",
        "{answers:list}",
        "授予 `migrator rbac FILE` 打印的权限，然后重新检查",
    ),
    "balancer.permission-unproven": (
        "无法证明我们的凭证有 {actions:list} 的权限。第一次写操作在 Attach 步骤，权重为 0：如果被拒绝，任务会"
        "在流量移动之前停止",
        "{answers:list}",
        "将凭证的策略与 `migrator rbac FILE` 打印的内容核对",
    ),
    "balancer.permission": (
        "我们的凭证有 {actions:list} 的权限",
        "{answers:list}",
    ),
    "balancer.settle": (
        "权重变更后，{seconds:number g} 秒内对新建连接生效",
        "{measured}",
    ),
    "balancer.settle:assumed": (
        "假定权重变更后 {seconds:number g} 秒内对新建连接生效",
        "由驱动假定，未经测量",
        "`migrator calibrate FILE` 可在你的负载均衡上测量",
    ),
    "balancer.settle:not-usable": (
        "假定权重变更后 {seconds:number g} 秒内对新建连接生效（{why}）",
        "{measured}",
        "`migrator calibrate FILE` 可在你的负载均衡上测量",
    ),
}
