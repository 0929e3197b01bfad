"""Chinese: the findings with which a run halts or turns back. Problem, evidence, remedy."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "stored": (
        "{problem}",
        "{evidence}",
        "{remedy}",
    ),
    # Before traffic moves.
    "guard.object-replaced": (
        "计划要修改的对象已不存在，或已被替换",
        "计划时的 uid 为 {planned}[，现在是 {found}]",
        "请重新生成计划；流量保持原状",
    ),
    "stand.missing": (
        "新侧的工作负载已不存在；未做任何改动",
        "",
        "按原样恢复它，或重新生成计划",
    ),
    "stand.replaced": (
        "新侧的工作负载已不是计划所见的那一个；未做任何改动",
        "计划时的 uid 为 {planned}，现在是 {found}",
        "请重新生成计划",
    ),
    "stand.changed": (
        "计划生成之后，新侧工作负载的模板已被修改；任务未做任何改动",
        "",
        "请重新生成计划",
    ),
    "deploy.not-ours": (
        "已存在同名对象，且不是 migrator 创建的；未做任何改动",
        "uid {uid}，标签 {label} 不是 {manager}",
        "换一个 target 名称，或删除该对象，然后重新生成计划",
    ),
    "ready.deadline": (
        "{deadline:seconds}后，{wanted} 个节点中仍有 {missing} 个没有就绪的 Pod",
        "{reasons:parts}",
        "用 `kubectl describe` 查看这些 Pod；流量全部在旧侧",
    ),
    "ready.deadline:pods": ("{deadline:seconds}后，{wanted} 个 Pod 中仍有 {missing} 个未就绪",),
    "ready.hopeless": (
        "{workload} [在 {node} 上]的一个 Pod 再等也不会就绪",
        "{trouble}",
        "按依据修复问题，然后执行 `migrator resume`；流量全部在旧侧",
    ),
    "config.not-equal": (
        "与旧侧配置有 {differences:number} 处差异",
        "{differences:lines}",
        "让两侧配置一致（标签、Service、EnvoyFilter），然后执行 `migrator resume`；流量没有移动",
    ),
    "config.not-equal:old-apart": (
        "与 {reference} 有 {differences:number} 处差异，而且旧网关之间本身就不一致",
        "{differences:lines}\n{old:lines}",
        "先查明旧网关之间为何不一致，然后执行 `migrator resume`；流量没有移动",
    ),
    "config.not-equal:no-reference": (
        "没有一个旧网关处于稳定状态，无从比对",
        "{gateways:lines}",
        "按这些网关给出的原因修复（更新被拒绝、缺少证书、没有应答），然后执行 `migrator resume`；流量没有移动",
    ),
    "config.not-equal:warming": (
        "仍在预热：{why}",
        "",
    ),
    "config.not-equal:not-compared": (
        "其配置尚未比对",
        "",
    ),
    "config.not-equal:unheard": (
        "尚未读取其网关的日志来查找告警",
        "",
    ),
    "config.not-equal:rejected": (
        "其日志表明它拒绝了下发的配置",
        "最近 {seconds:seconds}内有 {count} 条告警[，最后一条在 {last} UTC]",
        "该 Pod 的 `kubectl logs` 会指出哪个对象有误：修复它，"
        "等告警早于 {seconds:seconds}之后执行 `migrator resume`；流量没有移动",
    ),
    "config.not-equal:silent": (
        "没有应答我们自己的请求",
        "{failure}",
    ),
    # The side that gains traffic.
    "attach.not-fit": (
        "后端还不能接流量：{why}",
        "{why}",
        "检查负载均衡的健康检查能否到达节点端口；`migrator resume` 会再次检查",
    ),
    "attach.nobody": (
        "该监听器后面没有存活的旧 Pod，流量无法回到旧侧",
        "没有旧 Pod",
        "先拉起一个旧 Pod（查看 Deployment 的副本数和事件），然后执行 `migrator resume`；权重保持不变",
    ),
    "gateway.short": (
        "{wanted} 个新网关中只有 {serving} 个在提供服务",
        "以下节点上未就绪：{nodes:list}",
        "用 `kubectl describe` 查看其余网关；它们就绪后任务会自行继续，也可以执行 `migrator rollback`",
    ),
    "gateway.short:replicas": (
        "{wanted} 个新网关中只有 {serving} 个在提供服务",
        "{lacking:number} 个副本未就绪",
    ),
    "gateway.short:left": (
        "{wanted} 个新网关中只有 {serving} 个在提供服务",
        "以下节点已不在集群中：{nodes:list}",
        "加入一个带有 `target.nodeSelector` 标签的节点，任务会自动接纳它；也可以执行 `migrator rollback`",
    ),
    "gateway.replaced": (
        "有新后端已不再对应就绪的 Pod：注册之后 Pod 被替换了",
        "{workload} 的 {pods:number} 个 Pod",
        "任务会等待该处的 Pod；若一直没有，执行 `migrator rollback`，然后重新生成计划。权重保持不变",
    ),
    "old.nobody-fit": (
        "负载均衡认为没有一个旧后端健康，流量无法回到旧侧",
        "{old:number} 个旧后端，{new:number} 个新后端",
        "先修复一个旧网关，然后执行 `migrator resume`；权重保持不变",
    ),
    "backend.not-healthy": (
        "权重为 {weight}，但健康检查判定它为{health:word health}",
        "计划最多等待 {patience:seconds}",
        "检查负载均衡的健康检查，然后执行 `migrator resume` 或 `migrator rollback`",
    ),
    "renew.unfit": (
        "新网关未能按时达到可接流量的状态：{why}",
        "",
        "请查看 `kubectl describe` 及其日志；原版本会恢复，没有流量发往该版本",
    ),
    "backend.unhealthy": (
        "有 {backends:number} 个带权重的新后端被健康检查判定为不健康",
        "{backends:few 5}",
        "请检查这些网关；流量已回到旧侧",
    ),
    # Weights and shares.
    "weights.foreign-hand": (
        "{change}",
        "",
        "有人在本任务之外改了权重：请查明是谁（云控制器、同事）并制止，然后执行 `migrator resume` 或 "
        "`migrator rollback`",
    ),
    "weights.no-safe-write": (
        "没有一种写法是安全的：接下来无论降低哪个权重，都可能让某个监听器失去全部健康后端",
        "还有 {left:number} 个权重待设置",
        "检查负载均衡的健康检查，然后执行 `migrator resume`；权重保持不变",
    ),
    "share.not-achieved": (
        "网关侧实测的流量比例没有达到预期",
        "{doubt}",
        "检查负载均衡的调度算法是否按权重分配（是否开启了会话保持？），然后执行 `migrator resume`",
    ),
    "rehearse.slow": (
        "收回权重耗时 {took:number .1f} 秒",
        "计划允许 {limit:number g} 秒",
        "查明负载均衡 API 为何这么慢，或在 traffic.rehearse 中放宽；流量全部在旧侧",
    ),
    "side.still-weighted": (
        "{backends} 个{side:word side}后端又有了权重；带权重的后端不会被排空或移除",
        "权重 {weight}",
        "查明是谁调高了权重，将其设为 0，然后执行 `migrator resume`，或执行 `migrator rollback`",
    ),
    "rollback.not-as-recorded": (
        "{backends:number} 个旧后端没有恢复到记录的权重",
        "{rows:few}",
        "期间可能有旧 Pod 被替换；核对之后执行 `migrator resume`",
    ),
    # Turning back.
    "rollback.asked": (
        "{by} 要求回滚[：{note}]",
        "{note}",
    ),
    "judge.abort": (
        "{reason}",
        "{source:word source}",
        "请检查所指的网关；流量已回到旧侧",
    ),
    "ask.expired": (
        "任务的问题在 {after:seconds}内无人答复，按计划回滚",
        "{question}",
        "流量已回到旧侧；等有人可以答复时再重新计划",
    ),
    "gate.no-yes": (
        "计划的 webhook 在 {patience:seconds}内没有同意，按计划回滚",
        "{why}",
        "查明 webhook 拒绝或没有答复的原因，然后重新计划",
    ),
    "hook.no-success": (
        "钩子 {hook} 在 {patience:seconds}内没有成功，按计划回滚",
        "{why}",
        "查明钩子没有成功的原因，然后重新计划",
    ),
    "judge.no-data": (
        "已有 {blind:number .0f} 秒无人能说明新侧的状况",
        "{reason}",
        "检查指标抓取和 Prometheus；流量已回到旧侧",
    ),
    "witness.refused": (
        "经负载均衡的新建连接连续 {refusals} 次（{error}）未得到应答；此前曾有 {answered} 次得到应答",
        "{error}",
        "见 `migrator report`；流量已回到旧侧",
    ),
    "witness.refused:never": (
        "经负载均衡的新建连接连续 {refusals} 次（{error}）未得到应答；本进程启动以来从未得到过应答，地址是否正确？",
    ),
    # Writes and other systems.
    "write.refused": (
        "{why}",
        "",
        "按提示修复，然后执行 `migrator resume` 或 `migrator rollback`",
    ),
    "system.refused": (
        "{why}",
        "",
        "按提示修复，然后执行 `migrator resume` 或 `migrator rollback`",
    ),
    "write.keeps-failing": (
        "本步骤的写操作已连续失败 {failures} 次",
        "",
        "查看 `migrator events`，排除原因后执行 `migrator resume`",
    ),
}
