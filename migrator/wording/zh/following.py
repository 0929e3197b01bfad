"""Chinese: what is said of pods and nodes that come and go: on both sides of a run, and once it is over."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Both sides of a run.
    "slot.deserted": "其 Pod 已不存在或正在终止",
    "slot.not-ready": "其 Pod {pod} 未就绪[（{trouble}）]",
    "slot.unregistered": "尚未注册到负载均衡",
    "sides.weigh": "Pod 有增减：{changes:and}",
    "sides.adopt": "纳入 {backends:few}，它们自行加入，并带有所在位置的权重",
    "sides.raise": "为 {backends:few} 设置权重",
    "sides.lower": "去掉 {backends:few} 的权重",
    "sides.register": "有新 Pod：以权重 0 注册 {backends:few}",
    "sides.join": "有新 Pod：把 {backends:few} 注册到本侧的后端组",
    "sides.leave": "有 Pod 即将离开：把 {backends:few} 移出后端组，组内其他成员继续承载",
    "sides.remove": "有 Pod 已离开：摘除 {backends:few}",
    "side.controller-takes-off": "有 Pod 即将离开：由云控制器把 {backends:few} 从负载均衡摘除",
    "way-back": "{slots} 个旧 Pod 中有 {fit} 个可接回流量[，其中 {ours} 个仅由我们自己的请求证明][，"
    "{earlier} 个依据负载均衡此前对同一批 Pod 的判断][（{rehearsed}）][：{why:parts}]",
    "way-back.rehearsed": "回退权重需 {took:number .1f} 秒，演练于 {at}",
    "way-back.gone": "现在【没有】回退能力：旧 Pod 已全部不存在",
    "way-back.unfit": "{backend}：{why}",
    "way-back.missing": "缺少 {pods:number} 个旧 Pod",
    "way-back.waiting": "回退能力：{slots} 个旧 Pod 中有 {fit} 个可接回流量[（{why:parts}）]；在它们恢复之前不"
    "再给新侧增加流量",
    "way-back.ask": "{slots} 个旧 Pod 中只有 {fit} 个可以接回流量，占旧侧权重的 {percent:percent}[（"
    "{why:parts}）]。是否仍然给新侧增加流量？批准后在本任务剩余过程中一直有效。",
    "restore-old.nobody": "监听器 {listeners:few} 后面还没有旧后端可以接流量",
    # A follower.
    "follow.waiting": "{tally}[；{underway:parts}][；{troubles:parts}]",
    "follow.tally": "{nodes:number} 个节点中有 {serving} 个在提供服务",
    "follow.weigh": "{changes:and}",
    "follow.raise": "提升 {addresses:few} 的权重",
    "follow.lower": "去掉 {addresses:few} 的权重",
    "follow.remove": "摘除 {addresses:few}",
    "follow.register": "以权重 0 注册 {addresses:few}",
    "follow.join": "把 {addresses:few} 注册到其后端组，沿用该组的权重",
    "follow.tell": "通知 {gateways:number} 个网关{word:word told}",
    "follow.no-workload": "{object} 不存在：在它出现之前不注册也不排空任何节点",
    "follow.no-node": "没有节点带有计划中的标签：在出现之前不注册也不排空任何节点",
    "follow.leaves": "节点 {node} 正在离开（{why}）：{still}",
    "follow.comes": "节点 {node} 正在加入：{why}",
    "follow.next": "等待处理",
    "follow.cluster-fault": "{of:number} 个网关中有 {gateways} 个同时未就绪：超过三分之一属于集群故障，"
    "因此所有权重保持不变，由负载均衡自己的健康检查决定",
    "follow.drift": "{backend} {change}：这是在本任务之外改的，因此 migrator 不再管理该后端",
    "follow.last-one": "{backend} 保留权重，尽管 {node} {fate:word fate}（{why}）：没有它，该监听器就没有健康后端了",
    "follow.idle": "{node} {fate:word fate}：{why}",
    "follow.held": "{node} 正在离开；其连接尚未结束，且计划写明 drain.onTimeout: hold，因此保持以权重 0 注册",
    "follow.cordoned": "{node} 已被 cordon，仍保留流量；要排空它，请为它打上污点 {taint}",
    "follow.not-ready": "{node} 已就绪但没有接流量：{why}",
    "leaving.weighted": "{backend} 权重为 {weight}",
    "leaving.settling": "等待负载均衡的数据面生效",
    "leaving.drains": "还剩 {connections:number} 条连接",
    "leaving.held": "还剩 {connections:number} 条连接，且计划写明 drain.onTimeout: hold",
    "coming.new": "其网关刚刚启动",
    "coming.drains": "需要通知其网关继续服务",
    "peers.differ": "其配置与同侧其他网关不同：{first}",
    "peers.warming": "仍在预热：{why}",
    "peers.not-compared": "尚未与同侧其他网关比对配置",
    "node.gone": "其节点已不存在，或不再带有计划中的标签",
    "node.deleted": "其 Node 正在被删除",
    "node.excluded": "有人把它排除在负载均衡之外（标签 {label}）",
    "node.tainted": "{meaning:word taint}（污点 {taint}）",
    "node.cordoned-drains": "已被 cordon，且计划写明 follow.cordoned: drain",
    "node.gateway-ends": "其网关正在终止",
    "node.no-gateway": "上面没有运行网关",
    "node.gateway-not-ready": "其网关未就绪[：{trouble}]",
    "node.lost": "其节点 NotReady，且健康检查判定它不健康",
    "node.not-ready": "其节点 NotReady",
    "record.written-again": "有人修改过集群中的任务记录（ConfigMap {name}）；已重新写入。流量不受影响。请不要再修改它："
    "它只在状态库丢失时使用",
    "record.not-kept": "集群中的任务记录已过时：无法写入（{why}）。任务继续执行。在此期间，如果状态库丢失，`migrator "
    "adopt` 不会知道最新的步骤",
    "node.waits-its-turn": "{why}；其他网关的权重已先归零（follow.maxZeroed），因此它保留权重",
    "nodes.over": "已消除：{trouble}",
    # A restart, node by node.
    "step.rewrite": "写入新模板（Write template）",
    "step.renew": "更新 {nodes:few 3}（Renew）",
    "step.shed": "卸下新版本流量（Shed new）",
    "step.write-back": "写回原模板（Write template back）",
    # The template.
    "rewrite.done": "{object} 已写入新模板；不会因此重启任何 Pod",
    "restart.strategy": "任务期间只由本任务重启其 Pod",
    "restart.template": "其 Pod 的新版本",
    # A node.
    "renew.weigh": "设置 {rows:number} 个权重",
    "presence.leave": "将 {rows:number} 个后端移出目标组；已有连接保留",
    "presence.join": "将 {rows:number} 个后端放回目标组",
    "renew.end": "结束 {node} 上的 Pod {pod}；它已不再收到连接",
    "renew.last-one": "{node} 保留权重：否则某个监听器将没有健康的后端",
    "renew.rest-unfit": "其余节点尚未承载自己的全部权重，暂不摘下 {node}",
    "renew.settling": "{node} 不再收到新连接；等待负载均衡生效",
    "renew.draining": "{node}：还有 {connections:number} 条连接",
    "renew.ask-cut": "{node:few 50} 在 {timeout:seconds} 后仍有 {connections:number} 条连接，计划写明 "
    "drain.onTimeout: hold。是否仍要结束其 Pod？",
    "renew.proving": "{node}：{why}",
    "renew.no-pod": "尚无新的 Pod[（{ending} 个正在结束）]",
    "renew.not-ready": "Pod {pod} 未就绪[（{trouble}）]",
    "renew.not-asked": "尚未查询其网关是否被通知离开",
    "renew.next": "即将处理",
    "renew.soaking": "已观察 {soaked:seconds}，共需 {soak:seconds}；{judge}",
    "renew.done": "已更新 {nodes:number} 个节点，评判了 {requests:number} 个请求",
    "renew.done-few": "已更新 {nodes:number} 个节点；只有 {requests:number} 个请求，不足以评判",
    "estimate.renew-weights": "负载均衡：摘下再放回，每个监听器 {weights:number} 次写入",
    "estimate.renew-pods": "集群：结束 {nodes:number} 个节点上的 Pod，各待其连接排空",
    # The way back.
    "shed.lower": "取走 {rows:number} 个已更新后端的权重",
    "shed.follows": "等待负载均衡生效",
    "shed.done": "新版本已没有权重",
    "shed.left": "新版本在 {left:number} 个后端上保留权重：其余后端无法承接；将随各节点重建逐个移走",
    # What stands in the way.
    "restart.gone": "计划 {name} 所指的 {object} 不存在。未做任何改动。"
    "请检查计划文件中的 `target`；用 `migrator plan` 和 `migrator run` 可部署网关。",
    "restart.no-gateway": "任务 {run}（{name}）{state:word state}：它没有投入可重启的网关。未做任何改动。"
    "请指定已完成的迁移任务或计划文件。",
    "restart.no-container": "Pod 中没有容器 {containers:few}。未做任何改动。"
    "`kubectl get daemonset NAME -o yaml` 可查看有哪些。",
    "restart.image": "{given} 不是 NAME=IMAGE 的形式。未做任何改动。"
    "写法例如 istio-proxy=docker.io/istio/proxyv2:1.24.1。",
    "restart.soak": "{given} 不是时长，例如 90s 或 5m。未做任何改动。请按此格式书写。",
    "restart.patch": "{file} 不是补丁：需要 YAML 或 JSON 对象。未做任何改动。写法例如 {{spec: {{template: ...}}}}。",
    "restart.patch-more": "补丁除模板外还改动了 DaemonSet 的 {keys:few}，重启只改模板。未做任何改动。"
    "其余改动请用 `kubectl patch`，模板的改动单独写成一个补丁。",
    "restart.kind": "{object} 不是 DaemonSet，只有 DaemonSet 可逐节点重启。未做任何改动。"
    "`migrator harden` 会说明 Deployment 需要什么，才能让 `kubectl rollout restart` 不丢请求。",
    "restart.controlled": "使用 {provider} 时，网关 Pod 由云控制器注册，我们写入的权重都会被它改回。未做任何改动。"
    "`migrator harden FILE` 给出 Pod 所需的改动，使其结束时由控制器先行摘除而不丢请求；之后用 "
    "`kubectl rollout restart -n {namespace} daemonset/{name}` 重启。",
    "restart.bound": "{binding} 会自行注册 {group} 的 Pod，把重启摘下的目标放回。未做任何改动。`migrator harden FILE` 给出 Pod "
    "所需的改动，使其结束时由控制器先行摘除而不丢请求；之后用 `kubectl rollout restart -n {namespace} daemonset/{name}` 重启。",
    "restart.pool-shared": "{pools:few} 位于计划的多个监听器之后，节点会同时离开所有这些监听器。未做任何改动。"
    "请让每个监听器使用自己的目标组。",
    "restart.pool-cuts": "节点离开 {pool} {delay:seconds} 后，负载均衡会结束仍在的连接"
    "[，而计划写明 drain.onTimeout: {hold}][，而计划给它们 {timeout:seconds}]。未做任何改动。请让目标组保留连接"
    "（deregistration_delay.connection_termination.enabled 设为 false），或让注销延迟不小于 drain.timeout 并写明 "
    "drain.onTimeout: cut。",
    "restart.zone-alone": "负载均衡的每个可用区只发往本区节点，而可用区 {zone} 有权重的节点为 {nodes:number} 个："
    "摘下一个后将少于所需的 {least} 个。未做任何改动。请为目标组打开跨可用区负载均衡，或在该区增加节点。",
    "zone.unnamed": "（无名称）",
    "restart.pool-small": "有权重的节点为 {nodes:number} 个，而目标组任何时候都需要 {least} 个健康的节点。未做任何改动。"
    "请增加节点，或调低目标组的 minimum_healthy_targets。",
    "restart.owned": "{object} 由 {owner} 生成，它会用自己的模板覆盖我们的。未做任何改动。请在那里修改。",
    "restart.rolling": "{object} 正在滚动更新。未做任何改动。请等待其 Pod 稳定。",
    "restart.mixed": "{object} 的 Pod 属于多个版本[（{revisions:few}）]，没有可回退的版本。未做任何改动。请先让更新结束。",
    "restart.other-address": "{rows:few} 既不是节点的第一个地址，也不是 Pod 自己的地址，而重启只按它们识别节点。未做任何改动。"
    "请按节点的第一个 InternalIP 注册。",
    "restart.too-few": "一次 {at_once:number} 个节点过多：有权重的节点共 {nodes:number} 个，至少一半须继续承载。未做任何改动。"
    "请用 `--at-a-time` 减少数量，或先增加节点。",
    "restart.unwell": "{nodes:few} 状态不佳，超过一次可摘下的 {at_once} 个。未做任何改动。"
    "请查看其 Pod 的 `kubectl describe` 并修复，或用 `--at-a-time` 增加数量。",
}
