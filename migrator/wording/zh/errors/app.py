"""Chinese: why the application refuses what was asked, in planning, running, following nodes and calibrating."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Plans, and plans saved in files.
    "plan.silent": "{why}未做任何改动：本次只是查看，流量保持不变。待其恢复应答后重新执行该命令。",
    "plan.refused-to-look": "{why}未做任何改动：本次只是查看，流量保持不变。修复后重新执行该命令。",
    "plan.blocked": "计划 {plan} 有 {findings:number} 个阻断项（{codes}）。未做任何改动。请按提示修复并重新生"
    "成计划，或在计划文件中写明理由予以豁免。",
    "plan.world-moved": "计划 {plan} 生成之后，集群或负载均衡已发生变化，因此该计划不再适用。本命令未做任何改动。"
    "\n{moved:lines}\n"
    "流量保持不变。{by}",
    "moved.by-others": "这不是本状态库的任务所为：请查明是谁改动的（同事、控制器，或另一个状态库的任务），然后用 "
    "`{again}` 重新生成计划。",
    "moved.by-run": "这是本状态库的任务 {run}（{name}）所为：它在这期间改动过该网关，{at} 起为“{state:word state}”。"
    "`migrator report {run}` 说明它做了什么；用 `{again}` 重新生成计划。",
    "moved.by-completed": "这是本状态库的任务 {run}（{name}）所为：它在这期间迁移了该网关，已于 {at} 完成，现在由其新侧提"
    "供服务。"
    "`migrator report {run}` 说明经过；`migrator plan --reverse {run}` 生成返回的计划；要做另一次迁移，请用 "
    "`migrator plan FILE` 重新查看。",
    "plan.carried-out": "计划 {plan} 已经执行过：它的任务 {run} 在 {at} 完成，现在由新侧提供服务。未做任何改动。"
    "`migrator report {run}` 说明经过；`migrator plan --reverse {run}` 生成返回的计划；要做另一次迁移，请用 `migrator "
    "plan FILE` 重新查看。",
    "plan.reverse-carried-out": "计划 {plan} 已经执行过：它的任务 {run} 在 {at} 完成。未做任何改动。"
    "`migrator report {run}` 说明经过；要做另一次迁移，请用 `migrator plan FILE` 重新查看。",
    "plan.went-back": "这个计划以前执行过：任务 {run} 在 {at} 回滚，旧侧照原样提供服务。`migrator report {run}` 说明原因；"
    "请先解决它",
    "load.no-address": "没有人知道负载均衡的地址，因此没有发送任何请求。请在计划文件中写 loadBalancer.address。",
    "load.no-listener": "计划中没有监听器 {listener}；它有 {there:list}。没有发送任何请求。请选择其中之一。",
    "load.failed": "客户端结束时没有留下统计[：{words}]。在那之前发送了多少无法得知。",
    "checklist.not-written": "{file} 无法写入：{why}。没有勾选任何内容；流量不受影响。",
    "plan.not-written": "计划未能写入 {file}：{why}。流量不受影响，计划 {plan} 已在状态库中：可用 "
    "`migrator run {plan}` 执行。",
    "plan.file-too-large": "{file} 过大，不可能是已保存的计划。未做任何改动。请给出由 `migrator plan -o` 写出的文件。",
    "plan.file-unreadable": "无法读取 {file}：{why}。未做任何改动。",
    "plan.file-changed": "{file} 在保存之后被修改过。本命令未做任何改动。请重新生成计划，再执行新计划。",
    "plan.file-of-other-version": "{file} 由其他版本的 migrator 生成[（{maker}）][，格式为 {format}]，当前版本"
    "（{ours}）无法读取。未做任何改动。请用当前版本重新生成计划再执行。",
    "plan.file-not-saved-plan": "{file} 是计划文件，不是已保存的计划。未做任何改动。请先执行 "
    "`migrator plan {file}` 查看并保存计划，再执行 `migrator run`。",
    # Waivers of the command line.
    "waive.without-reason": "要豁免 {codes:number} 个编码，却给出了 {reasons:number} 个理由。未做任何改动。请"
    "在每个 --waive CODE 之后写 --reason TEXT；计划会同时保存两者。",
    "waive.unknown-code": "--waive {code}：{why}未做任何改动，也没有豁免任何发现项。",
    # A plan back from a completed run.
    "reverse.of-follower": "任务 {run}（{name}）没有迁移网关，因此无法规划迁回。未做任何改动，也没有生成计划。请指定迁移网关的"
    "那个任务；`migrator list` 查看所有任务。",
    "reverse.not-completed": "任务 {run}（{name}）{state:word state}，并未完成：{instead}。未做任何改动，也没"
    "有生成计划。",
    "reverse.went-back": "它已回滚，旧侧正在承载流量",
    "reverse.never-began": "它从未开始，旧侧一直在承载流量",
    "reverse.roll-back": "其旧侧仍在：`migrator rollback {run}` 可按原路回滚",
    "reverse.of-reverse": "任务 {run}（{name}）不能迁回：它本身就是一次迁回。未做任何改动，也没有生成计划。要"
    "再次迁移，请用 `migrator plan FILE`。",
    "reverse.handed-over": "任务 {run}（{name}）不能迁回：{object} 已连同其属主移交给你，只有属主能创建它。未做任何改动，"
    "也没有生成计划。请让属主重新创建它，再用 `target.existing` 做反方向的计划。",
    "reverse.led-over": "任务 {run}（{name}）不能迁回：旧 Pod 占用的宿主机端口如今归新 Pod，迁回也需要同样临时改经 NodePort。"
    "未做任何改动，"
    "也没有生成计划。请用 `migrator manifests` 打印旧工作负载，去掉宿主机端口后应用，或应用到其他节点。",
    "reverse.no-manifest": "任务 {run}（{name}）不能迁回：其计划 {plan} 中没有 {object} 的清单。未做任何改动，"
    "也没有生成计划。请手工应用该工作负载，再用自己的计划迁移后端。",
    "reverse.weights-of-groups": "任务 {run}（{name}）不能迁回：其负载均衡按后端组设置权重，而计划没有写明各监"
    "听器的旧后端在哪个组里，或它们分布在多个组、使用不同端口。未做任何改动，也没有生成计划。"
    "`migrator manifests {run}` 打印旧侧原来的清单。",
    "reverse.no-label": "任务 {run}（{name}）不能迁回：其计划中没有任何标签能区分两侧的 Pod，流量会在切流之前"
    "就到达恢复的 Pod。未做任何改动，也没有生成计划。`migrator manifests {run}` 打印旧侧原来的清单。",
    # One run per gateway.
    "run.in-progress": "该网关上的任务 {run}（{name}）正在进行：{state:word state}，方向："
    "{heading:word heading}。未做任何改动，也没有检查：当前权重不是起始权重。`migrator status {run}` 查看详"
    "情；先用 `migrator resume {run}` 或 `migrator rollback {run}` 结束它，再重复该命令。",
    "run.follows-gateway": "任务 {run}（{name}）正在看护该网关的节点，由 {by} 执行：它会把迁移中的权重当作外部"
    "改动。未做任何改动，也没有开始任何操作。请先停掉该进程（Ctrl-C 或 SIGTERM）；之后用 "
    "`migrator follow` 继续看护。",
    "lease.is-held": "Lease {lease} 由 {by} 持有至 {until}",
    "lease.was-held": "Lease {lease} 曾由 {by} 持有至 {until}，此后未归还",
    "lease.of-other-store": "{lease}：那个任务正在迁移该网关，或停在了中途。未做任何改动。请在它自己的状态库中"
    "用 `migrator resume` 或 `migrator rollback` 结束它；暂停或退出都不会释放 Lease。如果那个状态库已丢失，用 "
    "`migrator adopt {namespace}/{gateway}` 接管该任务。只有在找不到任务记录时：检查负载均衡的权重并设为应有的"
    "值，再用 `kubectl [--context {context} ]-n {namespace} delete lease {name}` 强行接管，然后重新生成计划。",
    "lease.gateway-taken": "本状态库中的任务 {run}（{name}）占用着该网关：它正在{doing}（{state:word state}[，由 {by} 执行]）"
    "。本命令未做任何改动。{then}",
    "taken.wait": "请等它结束，不要动它的 Lease：`migrator status {run} --watch` 查看进展。",
    "taken.end-it": "目前无人执行它：`migrator resume {run}` 继续执行；`migrator rollback {run}` 回滚；"
    "`migrator status {run}` 查看详情。不要动它的 Lease。",
    "doing.moves": "把网关迁移到新的 Pod",
    "doing.goes-back": "把网关退回原状",
    "doing.restarts": "逐个节点重启网关的 Pod",
    "doing.sets-apart": "隔离网关的一个 Pod",
    "doing.puts-back": "放回或删除一个被隔离的 Pod",
    "doing.follows": "看护网关的节点",
    # Taking over a run whose store is lost.
    "guard.restart": "任务 {run}（{name}）是重启 DaemonSet：守护进程不会自动回滚它，因为其回滚要逐个结束 Pod，"
    "需要有人查看。没有做任何更改。已撤下的节点保持权重 0，由其他节点承接流量；"
    "用 `migrator adopt {gateway}` 接管任务，再用 `migrator resume` 或 `migrator rollback` 继续。",
    "guard.holds": "任务 {run}（{name}）的计划为 `onSilence: {{then: hold}}`：不会自动回滚。没有做任何更改。",
    "judge.no-past": "计划没有指定 Prometheus（spec.judge.prometheus），因此无从得知过去的情况。"
    "没有查询任何数据。请写明 spec.judge.prometheus，并重新生成计划。",
    "judge.no-moment": "{option} 应为带时区偏移的时刻，如 2027-01-24T10:00+08:00，或距今多久，如 6h；不能是“{given}”。"
    "没有查询任何数据。请按此格式书写。",
    "judge.no-percent": "{option} 应为带百分号的百分比，从 0% 到 100%，如 0.1%；不能是“{given}”。"
    "没有查询任何数据。请按此格式书写。",
    "judge.limits-crossed": "暂缓的阈值（{hold:number g}%）不能高于中止的阈值（{abort:number g}%）。"
    "没有查询任何数据。请调低 --hold 或调高 --abort。",
    "judge.moments": "共 {looks:number} 个时刻；可以判定 2 到 {most} 个。请调整 --from、--to 和 --every。",
    "adopt.no-gateway": "{given} 不是网关：请按 NAMESPACE/NAME 写明命名空间和要迁移的工作负载。未做任何改动。"
    " 写法例如 istio-gateways/istio-ingressgateway。",
    "adopt.no-record": "没有 {namespace}/{gateway} 的任务记录（ConfigMap {name}）：没有任务在迁移它，或任务由"
    "不写记录的旧版本发起。未做任何改动。`migrator plan FILE` 会找出这类任务的遗留，并说明如何撤销。",
    "adopt.ended": "{namespace}/{gateway} 的任务 {run}（{name}）已经结束，只遗留了记录：没有可接管的内容，未做"
    "任何改动。用 `kubectl -n {namespace} delete configmap migrator-{gateway}-run` 清除该记录。",
    "adopt.in-store": "本状态库中的任务 {run}（{name}）就在迁移该网关（{state:word state}）：无需接管。未做任"
    "何改动。`migrator status {run}` 查看详情。",
    "adopt.other-format": "任务记录的格式（{format}）是当前版本不认识的。未做任何改动。请用发起该任务的版本接管。",
    "adopt.unreadable": "无法读取集群中的任务记录（{what}：{why}）。未做任何改动。",
    "adopt.not-whole": "集群中的任务记录不完整：{name} 被修改或删除了。本命令未做任何改动。任务改动过的对象，"
    "其原值保存在各对象的注解 migrator.dev/guard 中；`migrator plan FILE` 会列出它们。",
    "adopt.edited": "集群中的任务记录已损坏：migrator 写入之后，{name} 被别人修改过，因此无法知道任务进行到了哪里。这条"
    "命令没有改动任何东西。"
    "如果任务的状态库还在，`migrator resume` 或 `migrator rollback` 会继续执行，并重新写入记录。如果状态库已丢失，"
    "`migrator plan FILE` "
    "会显示任务留下了什么，以及如何撤销。",
    "adopt.values-lost": "任务记录不保存环境变量的值，而现存的工作负载中也没有 {variables} 的值。未做任何改动"
    "。请先恢复该工作负载，再重新执行该命令。",
    # Runs, and what is asked of them.
    "run.not-begun": "{why}任务没有开始；未做任何改动。",
    "run.ended": "任务 {run}（{name}）已结束：{state:word state}。未做任何改动；要继续请重新生成计划。",
    "run.held-by": "任务 {run} 由 {by} 执行。未做任何改动。`migrator status {run} --watch` 查看进展。",
    "run.several": "有 {runs:count 个任务}正在进行，且没有指定哪一个：{runs:list}。未做任何改动。请在命令后写上任务编号。",
    "run.shown-of-several": "这是任务 {shown}。另有任务正在进行：{others:list}。在命令后写上编号可查看其他任务。",
    "run.of-several": "{run}（{name}，{state:word state}）",
    "run.none-yet": "还没有任务。`migrator plan FILE` 生成计划，`migrator run` 执行。",
    "request.too-late": "任务 {run}（{name}）已结束：{state:word state}，无法再{request:word ask}；未做任何改"
    "动。{instead}",
    # 不能回滚时该用的命令。
    "instead.reverse": "其旧侧已不存在：`migrator plan --reverse {run}` 规划迁回，无法迁回时会说明原因；"
    "`migrator manifests {run}` 打印旧工作负载的清单。",
    "instead.forward-again": "它本身就是迁回任务：要再次迁移，请用 `migrator plan FILE` 重新规划。",
    "instead.restart": "用原来的镜像执行 `migrator restart` 即可恢复。",
    "instead.went-back": "它已经回滚；`migrator report {run}` 说明原因。",
    "instead.never-began": "它从未开始，没有可回滚的内容。",
    "instead.pause-follower": "`migrator pause {run}` 停止其写操作；对它所跟随的任务执行 `migrator manifests` 可打印"
    "旧工作负载。",
    "instead.release": "`migrator release` 把该 Pod 放回。",
    "instead.isolate": "`migrator isolate` 再次隔离该 Pod。",
    "request.see-report": "`migrator report {run}` 查看任务经过。",
    "request.no-way-back": "任务 {run}（{name}）的工作是{doing}，无法回滚。未做任何改动。{instead}",
    "request.same-person": "任务 {run}（{name}）由 {starter} 启动，其计划要求由其他人批准（spec.gates.approver）。未做任何"
    "改动。"
    "请由其他人执行 `migrator approve {run}`。",
    "request.nothing-to-approve": "任务 {run}（{name}）{state:word state}，没有提出问题，因此无需批准。未做任"
    "何改动。`migrator status {run}` 查看它在做什么。",
    # Looking after the nodes of a completed run.
    "follow.only-printed": "{options:and} 只用于清单，不加 --print-manifests 就不打印清单。没有执行任何操作。",
    "follow.still-going": "任务 {run}（{name}）{state:word state}：尚未结束，还没有节点需要看护。未做任何改动"
    "。`migrator status {run}` 查看详情。",
    "follow.never-took-over": "任务 {run}（{name}）{state:word state}：新侧从未投入使用，没有节点需要看护。未"
    "做任何改动。`migrator status {run}` 查看详情。",
    "follow.not-ours": "任务 {run}（{name}）的计划没有写 after: migrator[（写的是 after: {after}）]，其节点由"
    "他人看护，两者会互相争抢。未做任何改动。人工操作流程见 docs/checks.md（after.manual）。",
    "follow.file-not-ours": "{name} 的计划文件没有写 after: migrator[（写的是 after: {after}）]，"
    "因此其节点由别人看护，两者会冲突。未做任何改动。如果没有别人看护，请在文件中写明 `after: migrator`。",
    "follow.file-target-gone": "{name} 的计划文件指定的 {object} 不存在：没有需要看护的节点。未做任何改动。"
    "`migrator plan` 和 `migrator run` 用来迁移网关。",
    "follow.no-port": "无法判断监听器 {listener} 后面节点上的哪个端口属于网关[（有 {ports:list}）]："
    "请在 loadBalancer.listeners 中写明 backendPort。未做任何改动。",
    "follow.of-restart": "任务 {run}（{name}）是一次网关重启：请指定投入该网关的任务，或计划文件。未做任何改动。",
    "reverse.of-restart": "任务 {run}（{name}）是一次网关重启：无法从其终点规划迁回。未做任何改动。用原镜像执行 "
    "`migrator restart` 即可恢复。",
    "follow.of-file": "任务 {run}（{name}）按计划文件看护网关：用 `migrator follow FILE` 继续。未做任何改动。",
    "follow.none-completed": "没有计划中写明 after: migrator 的已完成任务。未做任何改动。`migrator list` 查看"
    "所有任务。",
    "follow.target-gone": "任务 {run} 留下的 {object} 已不存在：没有节点需要看护。未做任何改动。"
    "用 `migrator plan` 和 `migrator run` 可再次部署网关。",
    "follow.raises-itself": "{object} 的容器 {container} 会自行设置其 Pod 后端的权重，早于任何人对该 Pod 的验证。未做任何改动。"
    "请让它遵守该网关的 Lease（`migrator harden --image IMAGE --plan FILE` 会重新打印），或让它等待看护任务的答复"
    "（`--by follower`），或移除它。",
    "follow.controlled": "使用 {provider} 时，网关 Pod 由云控制器注册和摘除，对应 after: controller。未做任何改动。"
    "请在计划文件中写 `after: controller`；这些节点无需任何人看护。",
    # Calibrating: what may be moved.
    "calibrate.another-goes-on": "另一次校准正在进行。未做任何改动。请等它结束。",
    "calibrate.run-goes-on": "该负载均衡上的任务 {run}（{name}）{state:word state}，会把校准当作外部改动。未做"
    "任何改动。请在任务开始之前或结束之后再校准。",
    "calibrate.no-address": "不知道客户端访问的地址；请在 `loadBalancer.address` 中写明。未做任何改动。",
    "calibrate.listener-of-plan": "监听器 {listener} 在计划之中：真实用户由此接入，校准会影响他们。未做任何改"
    "动。请指定一个专用监听器，后面挂测试后端。",
    "calibrate.not-two-backends": "监听器 {listener} 需要两个 --backend；目前有 {there:number} 个[（{there}）]"
    "。未做任何改动。",
    "calibrate.others-have-weight": "监听器 {listener} 上还有其他后端带有权重：{backends}。未做任何改动。"
    "请改用只挂这两个测试后端的监听器。",
    "calibrate.not-healthy": "两个测试后端都必须通过健康检查：{backends:parts}。未做任何改动。"
    "请等待其变为健康，或检查健康检查的设置。",
    "calibrate.called": "{backend}：健康检查判定它为{health:word health}",
    "calibrate.no-weight": "两个测试后端都没有权重。未做任何改动。请先至少给其中一个设置权重。",
    "calibrate.no-idle-backend": "计划的监听器中没有可用于测量的空闲后端（权重 0）[：{why:parts}]。未做任何改"
    "动。请在专用监听器上测量：--listener ID:PORT --backend ADDRESS:PORT --backend ADDRESS:PORT。",
    "calibrate.does-not-answer": "{backend}：{why}",
    "calibrate.backend-silent": "直接访问 {backend} 没有应答：{why}。未做任何改动。",
    "calibrate.not-told-apart": "无法从应答中识别 {backend}（共 {names:number} 个名称[：{names}]）。未做任何改"
    "动。请让每个测试后端在某个响应头中写明自己，并用 --header 指定该响应头。",
    "calibrate.nobody-answers": "经负载均衡访问没有应答[：{why}]。未做任何改动。",
    "calibrate.idle-answers": "{backends} 权重为 0，却仍在应答请求。未做任何改动。"
    "请等负载均衡应用权重，或改用没有其他人使用的后端。",
    # Calibrating: the weights.
    "calibrate.weight": "{backend} = {weight}",
    "calibrate.weights-left": "未能恢复全部权重：{why}请手工设置：{weights}。",
    "calibrate.backends-gone": "{backends} 已不在该监听器上。",
    "calibrate.backend-gone": "{backend} 已不在该监听器上；未对它做任何操作。",
    "calibrate.set-by-others": "有人改了 {backends} 的权重；未对其做任何操作。",
    "calibrate.not-raised": "{backend} 状态为{health:word health}，没有把权重升到 {weight}。",
    "calibrate.last-healthy": "{backend} = {weight} 会让监听器 {listener} 失去全部健康后端；未发送。",
    "calibrate.write-failed": "负载均衡报告该写操作失败。",
    "calibrate.not-carried-out": "负载均衡未能及时完成设置 {weight}。",
    "calibrate.not-shown": "未能及时读到 {weight}。",
    "calibrate.command-failed": "`{command}` 以退出码 {exit} 结束[：{text}]",
}
