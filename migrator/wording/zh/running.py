"""Chinese: what a run says of itself: its turns, its writes, requests of people, how it ends and who carries it out."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "stored.text": "{text}",
    # Findings in a line, and what they are about.
    "finding": "{subject}：{problem}",
    "findings": "{of:parts}",
    "evidence": "{of:lines}",
    "subject.gateways": "{names:list}",
    "subject.listener": "监听器 {listener}",
    "subject.new-side": "新侧",
    # The plan file.
    # The run.
    "run.planned": "按计划 {plan} 创建",
    "run.cancelled": "尚未开始就已取消",
    "run.ended-by": "由 {by} 结束",
    "run.halts": "已停止推进：{why}",
    "run.turns-back": "{why:parts}",
    "run.illegal-move": "任务当前{state:word state}（方向：{heading:word heading}），不能{move:word move}。未"
    "做任何改动；`migrator status` 会显示它现在可以做什么。",
    "rests": "{state:word state}；{what}",
    "rests.following": "在此期间不注册也不排空任何节点",
    # What could not be looked at.
    "look.silent": "{why:sentences}流量保持不变；在它恢复应答之前不再推进。在此期间：{guard}。",
    "look.denied": "{why:sentences}流量保持不变；在它重新放行之前不再推进，放行后任务自动继续。在此期间："
    "{guard}。",
    "look.cluster-late": "API Server 尚未应答。",
    "look.balancer-late": "负载均衡尚未应答。",
    "look.broken": "无法查看{what:word facet}：收到的内容无法识别（{error}）。",
    "look.blind": "{why}流量保持不变。",
    "look.nothing": "{why:sentences}",
    "look.not-yet": "它尚未应答。",
    "look.unseen": "无法查看{facets:word facet}。{why:sentences}",
    # What would turn a run back by itself.
    "protection.by": "由{eyes:and}监视新侧；一旦新侧异常，任务自动回滚",
    "protection.but": "{watched}；但监听器 {listeners:few} 【不受保护】：那里没有旧 Pod 可以接回流量",
    "protection.none": "【新侧异常时没有任何机制会自动回滚】：{lost:and}目前都没有数据",
    "protection.lost": "{eyes:and}目前没有数据",
    "protection.old-gone": "没有机制会自动回滚：旧工作负载已不存在",
    "protection.old-unfit": "没有机制会自动回滚：监听器 {listeners:few} 后面没有旧 Pod 可以接回流量",
    "protection.old-going": "没有机制会自动回滚：旧工作负载正在被删除",
    "protection.foreign-hand": "没有机制会自动回滚：有人在本任务之外改了权重，migrator 不会与之争抢",
    "protection.no-weight": "新侧没有权重，没有需要回滚的流量",
    "protection.going-back": "任务已在回滚途中",
    "eye.witness": "经负载均衡的自有探测连接",
    "eye.balancer": "负载均衡",
    "eye.health": "负载均衡的健康检查",
    "eye.drift": "对集群外部改动的监视",
    "eye.judge": "错误率判定[（{source:word source}）]",
    # Writes.
    "action.set-weights": "设置 {weights:number} 个权重",
    "action.register": "注册 {backends:number} 个后端",
    "action.deregister": "摘除 {backends:number} 个后端",
    "action.tell": "通知 {gateways} 个{side:word side}网关{word:word told}",
    "action.apply": "应用 {object}",
    "action.patch": "修改 {object}",
    "action.delete": "删除 {object}",
    "write.reading-back": "正在回读确认：{action}",
    "write.read-back": "已回读确认",
    "write.unreadable": "无法回读确认“{action}”。{why:sentences}",
    "write.left-behind": "回退途中放弃：无法查看其目标",
    "write.failed": "负载均衡报告该写操作失败",
    "write.not-seen": "{state:word write state}；{patience:seconds}后仍看不到它的效果",
    "write.arrived-late": "本任务的一次写操作（`migrator events` 第 {row} 行）迟到，现已作用于 "
    "{backends:number} 个后端；此后设置过的权重将重新写入",
    "write.not-before": "负载均衡要求稍后再写：{next}",
    "write.tried-again": "{why}将在 {patience:seconds}后重试。",
    # Requests of people, and questions to them.
    "request.by": "{by} 请求{request:word request}[：{note}]",
    "request.answered": "{by} 请求的{request:word request}[：{note}]",
    "answer.done": "已完成",
    "answer.turns-back": "已转入回滚",
    "answer.no-way-back": "看护节点的任务没有回滚可言；它所跟随的迁移任务已经结束",
    "answer.resumed-since": "之后又有人请求了继续",
    "answer.paused-already": "任务已暂停或已停止推进",
    "answer.nothing-to-resume": "任务既未暂停，也未停止推进",
    "answer.nothing-asked": "任务当前没有提出问题",
    "answer.other-question": "任务现在问的是另一个问题，这次批准不回答任何问题",
    "answer.on-the-way-back": "任务已在回滚途中",
    "answer.old-gone": "旧工作负载已不存在；任务完成后，可用 `migrator plan --reverse` 规划迁回",
    "ask.withdrawn": "已无需人工回答：{why}",
    "back.keeps-new": "经负载均衡的新建连接连续 {refusals} 次（{error}）未得到应答；不再从新侧拿走任何流量",
    "back.ask-to-remove": "旧侧已恢复权重，但经负载均衡的新建连接连续 {refusals} 次（{error}）未得到应答。是否"
    "仍然拆除新侧？",
    # Drift.
    "drift.changed": "权重为 {weight}，本任务设置的是 {meant}",
    "drift.gone": "已不在负载均衡上；原权重为 {meant}",
    "drift.appeared": "新出现在负载均衡上，权重为 {weight}",
    "drift.seen": "有人在本任务之外改了权重：{first}",
    # What no write may break.
    "unsafe.action": "未发送：{action}，因为不安全：{broken:parts}。流量保持不变。这是 migrator 的缺陷：请附上"
    " `migrator events` 的输出反馈。",
    "rule.listener-empty": "安全规则 1：监听器 {listener} 可能失去全部健康后端",
    "rule.removes-weight": "安全规则 2：{backend} 仍有权重 {weight}",
    "rule.live-on-side": "安全规则 2：{side:word side}仍有 {connections:number} 条活跃连接",
    "rule.live-at": "安全规则 2：{address} 上仍有 {connections:number} 条活跃连接",
    "rule.drains-weight": "安全规则 2：{backend} 权重仍为 {weight}，却要通知{side:word side}排空",
    "rule.deletes-weight": "安全规则 2：{side:word side}仍有权重，却要删除 {object}",
    "rule.raises-unhealthy": "安全规则 3：{backend} 状态为{health:word health}，却要把权重从 {now} 升到 "
    "{wanted}",
    "rule.not-ours": "安全规则 6：{backend} 不属于本任务，或已不存在",
    "rule.foreign": "安全规则 6：{backend} 不属于本任务",
    "rule.drifted": "安全规则 6：{backend} 的权重为 {weight}，本任务从未设置过这个值",
    "rule.out-of-range": "{backend}：权重 {weight} 不在 0..{most} 之内",
    "rule.pool-split": "{backend} 与同一后端组的其他后端共用一个权重，而这次写操作没有把它们作为整体写入",
    "rule.too-many": "{rows} 行超过了单批上限 {batch}",
    "rule.several-listeners": "负载均衡一次调用只接受一个监听器",
    "run.adopted": "从 {holder} 接管，其状态库已丢失（在那里是任务 {run}，{name}）",
    # The way back by hand.
    "hand.head": "任务 {run}（{name}）的手工回退步骤。未做任何改动。请按顺序逐段执行，确认上一段达到效果后再执"
    "行下一段。[ 无法查看集群或负载均衡（{unseen}），因此地址取自计划：Pod 被替换过的，请改成它现在的地址。]",
    "hand.nobody-else": "确认没有 migrator 进程在执行该任务：无论它在哪里，先停掉它。Lease 的持有者：",
    "hand.point-back": "让 Service 重新指向旧 Pod：",
    "hand.stay": "通知旧网关继续服务（如果此前已通知它们排空，则必须执行）：",
    "hand.register": "以权重 0 注册缺失的旧后端；等待健康检查通过：",
    "hand.raise": "恢复旧侧记录的权重。必须先做这一步，再降低新侧的权重：",
    "hand.look": "确认旧后端已有权重，且健康检查通过，然后才能继续：",
    "hand.lower": "把新侧的权重降为 0：",
    "hand.go": "通知新网关排空：否则保持着连接的客户端会一直留在上面：",
    "hand.drain": "等待新网关上的连接全部结束（{seconds:seconds}，或由你决定等多久）。",
    "hand.deregister": "从负载均衡摘除新后端：",
    "hand.remove": "移除任务创建的对象：",
    "hand.undo": "把其他对象恢复原样：",
    "hand.forget": "删除任务记录及其 Lease，以便开始新的任务：",
    "hand.no-way-back": "任务 {run}（{name}）{state:word state}，没有回滚可言。未做任何改动。",
    "hand.not-for": "没有关于如何手工操作 {provider} 负载均衡的说明。未做任何改动。",
    # Who carries a run out.
    "stint.died": "{holder} 已异常退出；由 {successor} 接管",
    "stint.died-alone": "{holder} 已异常退出；无人接管",
    "stint.left": "{holder} 已退出；由 {successor} 接管",
    "stint.left-alone": "{holder} 已退出；无人接管",
    "lease.left-half-way": "本状态库中的任务 {run} 已开始迁移该网关且尚未结束（{state:word state}，位于{step}"
    "），目前无人执行。未做任何改动。`migrator resume {run}` 继续执行，`migrator rollback {run}` 回滚；"
    "`migrator status {run}` 查看详情。",
    "lease.moves-now": "本状态库中的任务 {run} 正在迁移该网关（{state:word state}，位于{step}），由 {by} 执行"
    "。本命令未做任何改动。`migrator status {run}` 查看详情。",
    # The views for people: where a run stands, its last line, what to type.
    "view.write-open": "有一次写操作尚未确认：会先回读它，再做其他事情",
    "view.at-step": "在本步骤已停留 {lasted}[；其中有效观察 {soaked}，已判定 {requests:number} 个请求]",
    "view.at": "于 {time}",
    "view.errors": "；错误：新侧 {new}，旧侧 {old}（{when}）",
    "view.carried-out": "由 {holder} 执行",
    "view.carried-out-blind": "由 {holder} 执行；该进程尚未查看过任何状态",
    "view.nobody-watches": "【无人看护】[；最近一次查看是 {ago}，以下信息也截至那时]",
    "view.nobody-watches-forward": "【无人看护】新侧异常时没有任何机制会回滚[；最近一次查看是 {ago}，以下信息"
    "也截至那时]",
    "view.nobody-looked": "【已有 {lasted} 无人查看】没有任何机制会自动回滚",
    "view.seen": "（查看于 {ago}）",
    "view.why": "{label:word label}：{why}",
    # Where a follower stands.
    "view.followed-for": "已看护节点 {lasted}",
    "view.weighted": "负载均衡上有权重的后端 {backends:number} 个（查看于 {ago}）",
    "view.nobody-follows": "【无人看护节点】",
    # Last lines.
    "view.run": "任务 {run}（{name}）",
    "view.may-differ": "计划允许配置在 {place} 处有差异：{reason}",
    "view.left": "已离开任务 {run}（{name}），任务{state:word state}，位于{step}[：{why}]。[\n"
    "{differing:lines}]\n{new_side}[；{since}]；现在没有任何操作会改变权重。【目前无人看护】"
    "`migrator resume {run}` {goes}。",
    "view.line": "  {line}",
    "view.answers-more": "另有 {count} 项：用 `--output json` 查看全部",
    "view.beginning": "起点",
    "view.goes-on": "继续执行，`migrator rollback {run}` 回滚",
    "view.goes-back": "继续回滚",
    "view.write-sent": "此后发出过一次写操作，继续时会先回读确认",
    "view.left-nodes": "已离开任务 {run}（{name}），任务{state:word state}[：{why}][；{since}]。【目前无人看护"
    "节点】新节点不会接到流量，离开的节点仍保留权重。`migrator follow {run}` 继续看护。",
    "view.asked": "{run}：已请求{request:word request}[（回答“{question}”）]；{applied}。",
    "view.applied-by": "{holder} 将在约一秒内执行",
    "view.applied-later": "目前没有进程在执行该任务，运行 `migrator resume {run}` 时生效",
    "view.ended": "{run} 已结束：{state:word state}[：{why}]。[ {new_side}。]",
    "view.detached": "{run} 由 {holder} 执行；其日志为 {log}。\n查看进展：migrator status {id} --watch。暂停推"
    "进：migrator pause {id}。回滚：migrator rollback {id}。",
    "view.to-follow": "\n接下来请保持 `migrator follow {run}` 运行：计划中写的是 after: migrator。",
}
