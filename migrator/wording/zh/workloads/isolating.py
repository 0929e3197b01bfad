"""Chinese: what is said of a pod that is set apart from its workload, and of one that is put back."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Names of the steps, and what they cost.
    "step.set-aside": "摘除 {pod} 的流量",
    "step.empty": "排空 {pod}",
    "step.let-go": "使 {pod} 脱离控制器",
    "step.take-over": "由新 Pod 接替",
    "step.put-back": "放回 {pod}",
    "step.bring": "恢复 {pod} 的权重",
    "step.end-pod": "删除 {pod}",
    "step.take-off": "摘除遗留的后端",
    "step.unmark": "去掉 {pod} 的标记",
    "step.keep-apart": "保留 {pod} 供查看",
    "estimate.empty": "通知 {pod} 开始排空，并统计其连接数",
    "estimate.bring": "以权重 0 注册，等待负载均衡的健康检查，再设置权重",
    "estimate.take-off": "把已不存在的 Pod 的后端从负载均衡摘除",
    "rests.isolating": "在此期间不做任何改动：该 Pod 保持现状",
    # Weight 0, and drained.
    "aside.mark": "标记 {pod}",
    "aside.zero": "去掉 {pod} 的权重",
    "aside.last-one": "{backend} 保留权重：其监听器后面没有别的后端承载流量；请先增加一个网关",
    "aside.settling": "等待负载均衡的数据面生效",
    "aside.done": "不再有新连接发往 {pod}",
    "empty.tell": "通知 {pod} 开始排空",
    "empty.waiting": "{pod} 上还剩 {connections:number} 条连接",
    "empty.done": "{pod} 已没有连接",
    "empty.left": "{pod} 上还保留着 {connections:number} 条连接，该 Pod 结束时断开",
    "empty.ask": "{timeout:seconds}后 {pod} 仍有 {connections:number} 条连接。是否继续，保留这些连接？"
    "该 Pod 结束时连接也会断开。",
    # Out of the workload.
    "let-go.labels": "去掉选中 {pod} 的标签",
    "let-go.owned": "控制器仍然拥有 {pod}",
    "let-go.listed": "{slices:few} 仍列有 {pod}",
    "let-go.none-yet": "{workload} 尚未创建另一个 Pod",
    "let-go.unready": "{wanted} 个 Pod 中有 {ready} 个就绪[：{trouble}]",
    "let-go.pending": "已没有控制器拥有它，也没有 Service 指向它；[{pods:few} ]在等待其节点的端口",
    "let-go.replaced": "已没有控制器拥有它，也没有 Service 指向它；除它之外有 {ready:number} 个 Pod 就绪",
    "bring.register": "以权重 0 注册 {backends:few}",
    "bring.raise": "为 {backends:few} 设置权重",
    "bring.waiting": "{backend} 尚未得到验证[：{why}]",
    "bring.done": "{rows:number} 个后端已恢复权重",
    "take-over.done": "新 Pod 与其他 Pod 权重相同",
    # Back, or ended.
    "put-back.tell": "通知 {pod} 继续服务",
    "put-back.unready": "{pod} 未就绪，控制器会首先删除它",
    "put-back.labels": "把标签还给 {pod}",
    "put-back.waiting": "控制器现有 {pods:number} 个 Pod，需要 {wanted} 个",
    "put-back.done": "{pod} 重新归其控制器所有",
    "end-pod.delete": "删除 {pod}",
    "end-pod.ending": "{pod} 正在终止",
    "end-pod.done": "{pod} 已不存在",
    "take-off.remove": "摘除 {backends:few}",
    "take-off.done": "负载均衡上已没有没有对应 Pod 的后端",
    "unmark.take": "去掉 {pod} 的标记",
    "unmark.done": "{pod} 没有标记",
    # Kept on a way back.
    "keep-apart.let-go": "隔离 {pod}，使其所在一侧被移除时它仍保留，供查看",
    "keep-apart.done": "{pod} 已保留供查看：没有控制器拥有它，也不在负载均衡上；"
    "用 `migrator release {pod} --plan {run} --delete` 删除它",
    "keep-apart.gone": "最差的网关 {pod} 已不存在：没有保留任何网关供查看",
    "keep-apart.refused": "{pod} 没有保留供查看：集群没有接受对其标签的更改，原因见日志",
    "keep-apart.has-rows": "{pod} 没有保留供查看：{backends:few} 仍指向它",
    "step.spared": "已略过：它没有在 {patience:seconds}内完成，而回滚不等待它[：{why:list}]",
    "keep.two-clusters": "两侧在两个集群中，尚不支持隔离这样的网关的 Pod",
    "keep.existing": "{workload} 由他人管理，回滚之后仍然存在：届时用 `migrator isolate POD` 隔离它的 Pod",
    "keep.controlled": "这个 {provider} 负载均衡的 Pod 由云控制器注册，因此这里无法让某个 Pod 留在负载均衡之外",
    "keep.ports-undeclared": "{workload} 使用节点网络且没有声明端口：控制器会在保留的 Pod 旁边再启动一个",
    "keep.raises-itself": "{workload} 的容器 {container} 会自行为其 Pod 的后端设置权重",
    "keep.chosen-anyway": "{workload} 的 Pod 不靠任何标签就会被选中，去掉哪个标签都无法脱离",
    # Before the question.
    "isolate.outline": "{workload} 的 Pod {pod}。\n{burdens:lines}\n{labels:lines}\n{follows}\n步骤：{steps:list}。",
    "isolate.burden": "监听器 {listener} 后面现有 {now:number} 个网关承载流量，少了它是 {then} 个：其余每个比现在多承载 "
    "{grows:percent .0f}。",
    "isolate.labels": "它失去标签 {labels:list}，因此 {leaves:list} 不再选中它。",
    "isolate.loses": "{objects:list} 按这些标签配置它，之后不再配置：它仍有的连接可能结束，"
    "你看到的也不再是它承载流量时的配置。",
    "isolate.unlisted": "没有权限列出 {kinds:list}：无从得知其中是否使用这些标签。",
    "isolate.follows": "{workload} 的控制器会放弃它（移除 ownerReference），并立即创建另一个 Pod；后者得到验证后获得与其他 Pod "
    "相同的权重。被隔离的 Pod 继续运行。",
    "isolate.follows-daemon": "{workload} 的控制器会放弃它（移除 ownerReference），并立即为该节点创建另一个 Pod；"
    "由于端口被占用，后者停在 Pending。在两者之一消失之前，该节点的权重保持为 0。",
    "isolate.then": "{pod} 继续运行，不接收流量。查看它：`kubectl exec -it -n {namespace} {pod} -- sh`。之后用 "
    "`migrator release {pod} --plan PLAN`（即您给出的计划）放回；加 --delete 则删除。",
    "release.then": "{pod} 已恢复服务。若此前由 `migrator follow` 看护网关，请重新启动它。",
    "release.then-ended": "{pod} 已删除。`kubectl get pods -A -l migrator.dev/isolated` 列出仍被隔离的 Pod。若此前由 "
    "`migrator follow` 看护网关，请重新启动它。",
    "isolate.ask": "是否隔离 {pod}？",
    "release.ask": "是否对 {pod} 这样做？",
    "release.labels": "它重新得到标签 {labels:list}。",
    "release.makes-room": "它回来后会多出一个 Pod，因此先腾出位置：{pod} 失去权重并被排空，控制器删除的就是它。",
    "release.one-waits": "无需腾出位置：{workload} 的控制器删除的那个 Pod 没有流量。",
    "release.ends": "{pod} 没有连接之后即被删除。",
    # Refused.
    "isolate.two-clusters": "计划文件写了两个集群，而 Pod 要在它自己的集群中隔离。未做任何改动。请复制该文件，去掉 "
    "`source.cluster` 和 `target.cluster`，并在 `spec` 中写明 `{new}`（新侧的 Pod）或 `{old}`（旧侧的 Pod），"
    "再用 `--plan` 指定这份副本。",
    "isolate.no-pod": "命名空间 {namespaces:or} 中没有 Pod {pod}。[那里被隔离的有：{isolated:list}。]"
    "未做任何改动。`kubectl get pods` 列出现有的 Pod。",
    "isolate.not-of-gateway": "{pod} 不是该计划所涉及的 {workloads:or} 的 Pod。"
    " 未做任何改动。请给出该网关的 Pod，或该 Pod 所属网关的计划文件。",
    "isolate.already": "{pod} 没有控制器：它已被隔离，或从未属于某个工作负载。未做任何改动。用 `migrator release {pod}` 放回由 "
    "migrator 隔离的 Pod。",
    "isolate.refused": "未隔离 {pod}，未做任何改动：\n{reasons:lines}",
    "isolate.controlled": "  使用 {provider} 时，Pod 由云控制器注册，我们的写入会被它改回：请去掉 Service 选中该 Pod 所用的"
    "一个标签（`kubectl label pod -n {namespace} {pod} KEY-`），控制器随后会把它从负载均衡上摘除",
    "isolate.not-by-row": "  使用 {provider} 时权重属于目标组，单个 Pod 没有权重：请手工将它移出目标组"
    "（`aws elbv2 deregister-targets`）[，即 {rows:few}]，查看后再注册回去",
    "isolate.ports-undeclared": "  {pod} 使用节点网络，却没有声明端口，因此 {workload} 在原处创建的 Pod 会与它同时启动，Envoy "
    "会与它共用端口：请先在模板中声明端口",
    "isolate.rolling": "  {workload} 正在滚动更新；请等它稳定下来",
    "isolate.many-pods": "  {pod} 没有自己的后端；{rows:few} 指向任意 Pod，因此无法用权重撤走它的流量；"
    "请在其服务时查看（`kubectl exec`）",
    "isolate.raises-itself": "  {workload} 的容器 {container} 会自行设置其 Pod 后端的权重；请先移除它，或让它等待看护任务的"
    "答复（`migrator harden --image IMAGE --by follower`）",
    "isolate.budget": "  PodDisruptionBudget {budget} 现在不允许任何 Pod 离开；请先增加副本，或等全部就绪",
    "isolate.chosen-anyway": "  {pod} 不凭标签也会被选中，去掉哪个标签都无济于事；请先为选中它的对象设置选择器",
    "isolate.last-one": "  监听器 {listener} 后面没有别的后端承载流量",
    "isolate.floor": "  监听器 {listener} 后面 {rows} 个网关中已有 {idle} 个不承载流量，已达到 `follow.maxZeroed` 允许的数目；"
    "请查看其中之一，或等它们恢复承载",
    "release.not-isolated": "{pod} 没有 migrator 的标记：它不是由 `migrator isolate` 隔离的。未做任何改动。",
    "release.refused": "未放回 {pod}，未做任何改动：\n{reasons:lines}",
    "release.no-workload": "  它所属的 {workload} 已不存在，无处可放回；请删除该 Pod（--delete）",
    "release.rows-of-others": "  它的标记记录的后端为 {rows:few}，而这些现在都不属于它：它的地址已变，或有人改写了标记；"
    "请删除该 Pod（--delete）",
    "release.last-one": "  为腾出位置，{pod} 需要失去权重，而监听器 {listener} 后面没有别的后端承载流量；请先增加一个副本，或"
    "删除被隔离的 Pod（--delete）",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "isolate.pod-gone": (
        "{pod} 已不存在；无论是谁删除的，都没有可隔离或放回的 Pod 了",
        "",
        "`migrator cancel`，或人工收尾：请查看其后端的权重",
    ),
    "isolate.shares-port": (
        "{other} 在同一节点上就绪，并与被隔离的 Pod 共用端口",
        "",
        "该节点权重为 0，并保持不变；请删除两者之一（`migrator release` 加 --delete）",
    ),
    "isolate.not-replaced": (
        "控制器没有像对待失去标签的 Pod 那样处理它",
        "{why}",
        "查看该工作负载的事件，然后 `migrator resume`；该 Pod 没有流量",
    ),
    "isolate.not-adopted": (
        "控制器没有收回该 Pod",
        "{why}",
        "查看该工作负载的事件，然后 `migrator resume`；该 Pod 没有流量",
    ),
    "isolate.has-weight": (
        "{pod} 的后端 {backends:few} 又有了权重，因此 {pod} 保持原样",
        "自本任务将其移出流量以来，有人把它放回了工作负载，或手工写入了权重",
        "再次输入该命令：它会重新查看、询问，并先从权重开始",
    ),
    "isolate.no-room": (
        "{pod} 放回后会多出一个 Pod，而控制器为此删除的 Pod 仍有流量",
        "现有的 Pod 已与本任务开始时不同",
        "再次输入该命令：它会重新查看、询问，并腾出位置；{pod} 没有流量",
    ),
    "isolate.not-proved": (
        "有后端尚未得到验证，因此没有权重",
        "{why}",
        "查看其后面的 Pod，然后 `migrator resume`；流量由其他后端承载",
    ),
}
