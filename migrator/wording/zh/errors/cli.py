"""Chinese: why a command cannot be carried out as it was typed."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "usage.try": "用“{command} {option}”查看帮助。",
    "usage.error": "错误：{why}",
    "usage.no-such-command": "没有命令“{command}”。是否想输入 {meant:or}？",
    "usage.no-such-option": "没有选项：{option}[（是否想输入 {meant:or}？）]",
    "usage.missing": "缺少 {what}。",
    "usage.not-one-of": "{what} 只能取：{choices:list}。",
    "usage.needs-a-value": "选项“{option}”需要一个值。",
    "usage.yes-or-no": "请输入 y（是）或 n（否）。",
    "usage.file-or-reverse": "请指定计划文件 FILE 或 --reverse RUN，二者择一。",
    "usage.one-pair": "请给出一个任务（可省略）和一个 KEY=VALUE。",
    "failure.defect": "migrator 出现缺陷（{kind}：{message}）。它已立即停止，不再写入任何内容；流量保持不变。"
    "`migrator status` 查看任务位置，`migrator resume` 继续执行。反馈该缺陷时，请带上 {variable}=1 重新执行该命令。",
    "failure.not-done": "没有执行任何操作，也未做任何改动。在脚本中，`--yes` 回答问题，所需的内容用选项给出。",
    "follow.file-not-begun": "还没有人开始看护 {name} 的计划文件所指的网关。未做任何改动。"
    "用 `migrator follow FILE` 开始。",
    "follow.one-run": "{given} 不是文件。一次只能看护一个任务；计划文件可以有多个。未做任何改动。"
    "请只给出一个任务，或只给出计划文件。",
    "follow.same-name": "有两个计划文件都叫 {name}；每个都是一个单独的任务，需要各自的名称。未做任何改动。"
    "请修改其中一个的 metadata.name。",
    "follow.same-gateway": "{one} 与 {other} 的计划文件指的是同一个网关或同一个监听器。未做任何改动。请去掉其中一个。",
    "follow.no-file": "--print-manifests 需要给出要看护的网关的计划文件（FILE）。未做任何改动。",
    "follow.not-begun": "还没有人开始看护任务 {run} 的节点。未做任何改动。用 `migrator follow {run}` 开始。",
    "parity.no-port": "--port 需要 OLD:NEW 两个数字，不能是“{given}”。未读取任何内容。",
    "parity.unreadable": "无法把 {file} 作为 config dump 读取：{why}。未做比对。",
    "parity.no-dump": "{file} 是 JSON，但不是 Envoy 的 config dump：其中没有 `configs`。请保存管理端口对 "
    "`/config_dump?include_eds` 的应答。未做比对。",
    "parity.no-pod": "没有 Pod {pod}。请给出 NAMESPACE/NAME 或文件。未做比对。",
    "parity.no-runtime": "没有比对 runtime 和排空设置：已保存的 dump 不含这些内容",
    "parity.no-endpoints": "没有比对 endpoints：其中一份 dump 保存时没有带 `include_eds`",
    "option.no-address": "需要 {usage}，不能是“{given}”。未做任何改动。示例见 `--help`。",
    "option.no-duration": "{option} 应为大于 0 且带单位的时长，如 30s、10m；不能是“{given}”。未做任何改动。"
    "请按此格式书写。",
    "option.load-detached": "--with-load 只用于在本进程中执行的任务，不能与 --detach 一起使用。未做任何改动。",
    "option.not-together": "--listener 要与两个 --backend 一起使用，--fail 要与 --heal 和 --listener 一起使用"
    "。未做任何改动。",
    "advice.no-source": "集群中没有 {ref}（已完成的任务会将其移除），因此没有可评估的对象。迁回用 "
    "`migrator plan --reverse RUN` 规划；要评估其他网关，请在 spec.source 中指定。",
    "parity.different": "不一致：{count} 处差异",
    "parity.not-settled": "尚未稳定：没有差异，但新网关还没有接收全部配置",
    "parity.alike": "一致：没有客户端会察觉的差异",
    "parity.on-side": "{side}网关尚未稳定：{part}",
    "answers.both": "已用 {asked} 个请求比较两侧的 {questions} 个问题，耗时 {took:seconds}。",
    "matrix.beyond": "另有 {rows} 个资源已检查，不作用于任何一侧。",
    "matrix.nothing": "没有资源选中任何一侧的 Pod；已检查 {rows} 个。",
    "calibrate.leftover": "此前一次标定结束时没有恢复权重。标定前的权重为：{weights}。",
    "calibrate.offer": "监听器 {listener}：{what}。",
    "calibrate.in-turn": "两个测试后端的权重轮流设为 {weight} 和 0，共 {rounds} 次",
    "calibrate.idle-one": "{backend} 空闲且能应答；其权重设为 1 再设回 0，最多 {rounds} 次。权重为 1 期间，"
    "真实用户的新建连接中有 {part:number .2f}% 会到达它",
    "calibrate.pace": "每秒 {rate:number g} 个到 {address} 的新建连接，最长 {within:seconds}。",
    "calibrate.restored": "当前权重如下，无论发生什么都会恢复：{weights:parts}。",
    "calibrate.then-fails": "然后用 `{fail}` 使 {backend} 的健康检查失败，再用 `{heal}` 使其恢复通过。",
    "calibrate.ask-restore": "现在恢复吗？",
    "calibrate.ask": "现在执行吗？",
    "calibrate.round": "第 {number} 次，共 {of} 次",
    "calibrate.gives-back": "正在恢复权重",
    "calibrate.makes-fail": "正在使 {backend} 的健康检查失败",
    "calibrate.kept": "权重与之前相同。此后的计划按 {settle:seconds} 计算[（尝试少于 {few} 次：不会缩短任何等待）]。",
    "calibrate.not-measured": "没有测得结果：没有权重及时降到 0，或命令被要求停止。权重与之前相同。",
    "calibrate.exact": "精度 {exact:seconds}；自有连接 {connections} 个，未应答 {unanswered} 个",
    "calibrate.fails": "后端故障时：{noticed} 后判为不健康，{avoided} 后不再有连接",
    "calibrate.passes": "恢复后：{forgiven} 后判为健康，{served} 后有首个连接",
    "plan.none-yet": "还没有计划。请先生成：`migrator plan FILE`。",
    "plan.none-to-run": "没有尚未执行过的计划。未做任何改动。请先生成：`migrator plan FILE`。",
    "verify.next": "没有保存或改动任何内容。[有 {blocks:count 个发现项}阻断：请修复，或写明理由豁免其编码。]下一步："
    "`migrator plan {file}`。",
    "plan.taken": "采用计划 {plan}（{name}）：最新的一个尚未执行过的计划，{made:seconds}前由 {by} 生成。",
    "plan.several": "有 {plans:count 个网关}的计划尚未执行过，且没有指定哪一个：{plans:list}。未做任何改动。请指定，例如 "
    "`migrator run {plan}`。",
    "plan.of-several": "{plan}（{name}[，早 {older:seconds}]）",
    "plan.of-nodes": "计划 {plan} 用于看护一个已完成任务的节点。未做任何改动。请用 `migrator {command}` 执行。",
    "run.not-taken": "为任务 {run} 启动的进程没有接手。流量保持不变，任务无人看护。其日志为 {file}；"
    "`migrator resume {run}` 可在此处执行任务。",
    "farewell.one-word": "请指定 --balancer（由这里设置它的权重）或 --follower（等待它的通知），二者选一",
    "farewell.no-balancer": "--balancer 不是 JSON 形式的计划文件 `loadBalancer`[：错误在 {paths:list}]",
    "farewell.no-port": "请用 --port 指定负载均衡访问该网关的端口：同一地址的其他后端不属于它",
    "farewell.no-place": "--serves 的形式是 PORT/PATH，例如 15021/healthz/ready，而不是 {given}",
    "farewell.no-lease": "--lease 的形式是 NAMESPACE/NAME，例如 istio-ingress/migrator-edge，而不是 {given}",
    "farewell.left-half-way": "该网关有一个任务停在半途：现在不知道谁应有权重。在任务继续（`migrator resume`、`rollback` 或 "
    "`adopt`）或其 Lease 被删除之前，该 Pod 不会就绪；未改动任何权重",
    "rbac.no-farewell": "该计划没有在新网关旁边放置设置权重的容器（`target.harden: {{image: IMAGE, by: balancer}}`）：没有可授"
    "予"
    "的权限。未做任何改动。",
    "farewell.no-weight": "在该负载均衡后面，网关没有自己的权重（权重属于目标组，或由云控制器管理）：请使用 `migrator "
    "follow` 和 `migrator harden --by follower`",
    "farewell.no-follower": "follower 没有应答（{error}）。网关等满全部秒数",
    "farewell.follower-unsure": "follower 不认识该网关，或最近没有查看过（{status}）。网关等满全部秒数",
    "farewell.not-told": "没能要求网关让客户端离开（{error}）。将再次尝试",
}
