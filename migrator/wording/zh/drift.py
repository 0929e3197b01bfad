"""Chinese: what others have changed of all that a run rests on, what that means, and what holds the run."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "drift.holds": "暂缓推进：{found}。在此期间不提升任何流量比例，判定继续进行；问题消除后任务自动继续。下一"
    "步：{remedy}",
    "drift.held": "任务暂缓推进：{what}",
    "guard.again": "有人撤掉了 Guard 步骤所做的改动（{by}）；重新补上一次",
    "drift.not-looked": "本进程尚未查看外部改动；查看之前不推进",
    "drift.blind": "已有 {blind:seconds}无法查看集群中的外部改动：在此期间不推进，判定继续进行",
    "drift.comparing": "有网关的配置发生了变化：先比对两侧，再提升流量比例",
    "drift.comparing-first": "本进程尚未比对过全部网关的配置：先比对，再提升流量比例",
    "drift.restless": "两侧配置都在持续变化，且变化相同：任务不再等待比对",
    "drift.nodes-came": "计划生成之后新增的节点：{nodes:list}",
    "drift.nodes-left": "计划中的以下节点已不存在：{nodes:list}",
    "drift.node-leaves": "节点 {node} 即将离开：{why}",
    "drift.node-tainted": "{node} 上有新 Pod 不容忍的污点：{taints:list}",
    "drift.nodes-cordoned": "计划中的以下节点不再接受新 Pod：{nodes:list}",
    "drift.not-watched": "没有读取权限，因此不监视其变化：{what:list}",
    "drift.silent": "目前没有应答，以最近一次看到的为准：{what:list}",
    "login.ends": "我们对 {to} 的凭证将于 {at:instant} 过期，且没有续期机制：请在此之前重新登录",
    "login.ended": "我们对 {to} 的凭证已于 {at:instant} 过期：请重新登录；本进程会自动采用新凭证",
    "login.cloud": "{api} 的 API",
    "drift.late": "尚无应答；在后续查看的同时继续询问",
    "drift.no-configuration": "网关的配置（{why}）",
    "drift.no-identity": "集群的身份",
    "drift.releases": "新网关运行 {new}，旧网关运行 {old}：两个版本的应答可能不同",
    "drift.setting": "{name}：{was} 变为 {now}",
    "drift.by": "由 {manager} 于 {at:instant} 修改",
    "drift.by-unknown": "不知道是谁改的",
    "drift.nothing": "空",
    "drift.not-shown": "（值不予显示）",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "drift.foreign-row": (
        "该后端不属于任何一侧，却在接客户端流量：权重 {weight}，{health:word health}",
        "",
        "查明是谁注册的，然后将其摘除或把权重设为 0",
    ),
    "guard.undone": (
        "有人撤掉了 Guard 步骤所做的改动，已有 {times} 次（{by}）",
        "",
        "查明是谁在写该对象（GitOps 控制器、Helm、同事），在任务结束之前不要再改，或执行 `migrator rollback`",
    ),
    "drift.cluster": (
        "这不是生成计划时的那个集群：kube-system 命名空间的 uid 不同",
        "",
        "为 migrator 提供计划所对应集群的 kubeconfig 和 context",
    ),
    "drift.one-sided": (
        "它只作用于{side:word side}网关，而生成计划时并非如此：两侧对同一请求的应答可能不同（{by}）",
        "",
        "将其删除，或让它同时选中两侧，或执行 `migrator rollback`",
    ),
    "drift.configuration": (
        "其配置已与另一侧不同：{lines:lines}[（另有 {more} 处）]",
        "",
        "撤销只改了一侧的改动（已知来源的，每行会写明对应的对象），或执行 `migrator rollback`",
    ),
    "drift.listener": (
        "有人改了该监听器对后端的健康检查：{changes:list}。健康检查的结论可能与原来不同",
        "",
        "恢复原来的设置，或执行 `migrator rollback` 并重新生成计划",
    ),
    "drift.unwatched": (
        "任务执行期间不监视其变化：{parts:list}",
        "",
        "授予这些对象的 `get` 和 `list` 权限（`migrator rbac` 会打印所需角色），或自行确保无人修改它们",
    ),
    "drift.removed": (
        "有人删除了它，而回滚需要它",
        "",
        "按原样重新创建，或执行 `migrator rollback`",
    ),
    "drift.removed:old-side": (
        "有人删除了它，旧 Pod 也随之删除：现在【没有】回滚能力",
        "",
        "按原样重新创建（`migrator manifests` 会打印清单）：其 Pod 就绪后任务继续，也能回滚",
    ),
    "drift.old-template": (
        "旧 Pod 的模板被改了，{path}：{was} 变为 {now}（{by}）。两侧已不是比对时的样子",
        "",
        "撤销该改动，或执行 `migrator rollback` 并重新生成计划",
    ),
    "drift.new-template": (
        "有人改了新工作负载，{path}：{was} 变为 {now}（{by}）。此后启动的 Pod 未经验证",
        "",
        "撤销该改动，或执行 `migrator rollback` 并重新生成计划",
    ),
    "drift.service": (
        "有人改了该 Service，{path}：{was} 变为 {now}（{by}）。客户端流量可能会到达别的 Pod 或端口",
        "",
        "撤销该改动，或执行 `migrator rollback`",
    ),
    "drift.scaler": (
        "有人改了旧侧的伸缩配置，{path}：{was} 变为 {now}（{by}）。旧侧可能在承载流量时被缩容",
        "",
        "撤销该改动，或执行 `migrator rollback`",
    ),
}
