"""Chinese: what is said of the old side while it is led over temporary node ports, and back to its host ports."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "step.open-doors": "开放 NodePort（Open node ports）",
    "step.start-stand-ins": "启动临时 Pod（Start stand-ins）",
    "step.start-on-host-ports": "在宿主机端口上启动旧侧（Start old on host ports）",
    "step.lead-over-node-ports": "改经 NodePort（Lead over node ports）",
    "step.lead-to-host-ports": "改回宿主机端口（Lead to host ports）",
    "step.vacate-host-ports": "腾空宿主机端口（Vacate host ports）",
    "step.vacate-node-ports": "腾空 NodePort（Vacate node ports）",
    "step.end-on-host-ports": "结束占用宿主机端口的旧 Pod（End old on host ports）",
    "step.end-stand-ins": "结束临时 Pod（End stand-ins）",
    "step.clear-host-ports": "让出宿主机端口 {number}/{of}（Free host ports）",
    "step.clear-node-ports": "让出 NodePort {number}/{of}（Free node ports）",
    "step.start-stand-in": "换为临时 Pod {number}/{of}（Exchange for stand-ins）",
    "step.start-on-host-port": "换回宿主机端口上的旧 Pod {number}/{of}（Exchange for old on host ports）",
    "step.lead-over-node-port": "改经 NodePort {number}/{of}（Lead over node ports）",
    "step.lead-to-host-port": "改回宿主机端口 {number}/{of}（Lead to host ports）",
    "step.close-doors": "关闭 NodePort（Close node ports）",
    "change.lends-host-ports": "{object}：迁移期间其 Pod 不占用宿主机端口",
    "change.holds-both": "{object}：不因新 Pod 而结束任何旧 Pod",
    "change.holds-some": "{object}：每轮只换所定数量的 Pod",
    "clear.weigh": "取下本轮后端的权重：写入 {weights:number} 个权重",
    "clear.settling": "等待最后的权重到达负载均衡的数据面",
    "clear.rest-carries-nothing": "{backend} 此时应继续承载，却未承载流量；暂不取下任何权重",
    "exchange.mark": "{pod} 由其控制器最先结束",
    "exchange.rest-unready": "{pod} 应留下却未就绪（{trouble}）；控制器会先结束它",
    "beside.ready": "{pods:number} 个此类 Pod 已就绪",
    "beside.waiting": "应有 {wanted:number} 个此类 Pod，已就绪 {ready:number} 个（{why}）",
    "lead-over.weigh": "转移旧侧流量：写入 {weights:number} 个权重",
    "lead-over.unsafe": "{backends:few} 暂不能改动，否则会有监听器无后端",
    "lead-over.waiting": "{listeners:few} 后可承接旧侧流量的后端不足：{why}",
    "lead-over.done": "{backends:number} 个后端已承接旧侧流量",
    "vacate.waiting": "将离开的 Pod 上还有 {connections:number} 条连接",
    "vacate.ask": "{timeout:seconds} 后仍有 {connections:number} 条连接。是否切断并继续？",
    "vacate.remove": "移除 {backends:number} 个不再接收流量的后端，还有 {connections:number} 条连接",
    "vacate.floor": "等待移除在负载均衡上完全生效",
    "vacate.done": "负载均衡不再连接这些后端",
    "vacate.done-in-turn": "负载均衡不再连接本轮的后端",
    "others.gone": "{object} 只剩一种 Pod",
    "detour.kind": "源工作负载是 {kind}，只有 Deployment 能让两种 Pod 并存",
    "detour.pools": "此处权重属于负载均衡的目标组，不属于单个后端",
    "detour.controller": "负载均衡的后端由控制器自行注册",
    "detour.health-port": "{listener} 的健康检查检查节点的端口 {port}，该端口没有进程监听；应检查后端自身端口",
    "detour.idle": "{backends:few} 没有权重，而分批改经 NodePort（target.atATime）要求所有后端都承载流量："
    "请给它们权重、从负载均衡上摘除，或去掉 target.atATime",
    "detour.absent": "{backends:few} 不在负载均衡上，而其他监听器连接同一节点；逐批绕行（target.atATime）时节点在所有监听器后"
    "同时轮到：请注册并给它们权重，或去掉 target.atATime",
    "detour.owned": "该 Deployment 由控制器所有，模板改动会被改回",
    "doors.closed": "{object} 已删除",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "detour.not-here": (
        "此处无法让旧侧临时改经 NodePort：{why}",
        "",
        "改用端口冲突的其他办法（`migrator plan FILE --ways-out`）",
    ),
    "detour.planned": (
        "迁移期间旧侧临时改经 NodePort {ports:list}，旧 Deployment 另起 {pods:number} 个不占宿主机端口的临时 Pod；回滚时撤销",
        "一次全部进行：临时 Pod 在仍承载的 Pod 旁启动",
        "让负载均衡可以访问节点上的这些端口；节点上要能再放下同样多的旧 Pod",
    ),
    "detour.planned:in-turn": (
        "迁移期间旧侧临时改经 NodePort {ports:list}，"
        "旧 Deployment 的 {pods:number} 个 Pod 换为不占宿主机端口的临时 Pod；回滚时撤销",
        "每次 {at_a_time} 个，先置权重 0 并排空；其间由其余 Pod 承载流量",
        "让负载均衡可以访问节点上的这些端口；其余节点须能承载 {at_a_time:number} 个节点的流量（`target.atATime`）",
    ),
    "clear.rest-unfit": (
        "有后端应在其他后端更换时继续承载，却未承载流量；未因此取下任何权重",
        "负载均衡判定其为 {health}",
        "修复后执行 `migrator resume`；或执行 `migrator rollback`",
    ),
    "detour.upstream-policy": (
        "它按节点放行旧网关；旧侧改经 NodePort 期间它们是 Pod，上游会拒绝",
        "{why}",
        "在同一策略中也放行临时 Pod：命名空间 {namespace}，带有 {labels:list} 的 Pod",
    ),
    "detour.own-policy": (
        "它选中旧 Pod，但对节点网络中的 Pod 不生效；对临时 Pod 则生效，可能拒绝其客户端或其上游",
        "{policy}",
        "让它允许网关所需的流量，或在迁移期间移除 {policy}",
    ),
    "beside.deadline": (
        "旧侧新启动的 Pod 不足；流量未变",
        "{deadline:seconds} 后应有 {wanted} 个，已就绪 {ready} 个：{why}",
        "在旧侧节点上为它们腾出资源，再执行 `migrator resume`；或执行 `migrator rollback`",
    ),
    "lead-over.unfit": (
        "可承接旧侧流量的后端不足；流量未变",
        "{why}",
        "让负载均衡可以访问节点上的这些端口，且健康检查检查后端自身端口，再执行 `migrator resume`；或执行 `migrator rollback`",
    ),
    "vacate.still-weighted": (
        "将离开的后端又有了权重；未移除任何后端",
        "权重 {weight}",
        "查明是谁设置的，再执行 `migrator resume`",
    ),
    "others.still-dialled": (
        "负载均衡上仍有将结束的 Pod 的后端；未结束任何 Pod",
        "权重 {weight}",
        "查明是谁注册的，再执行 `migrator resume`",
    ),
    "others.stay": (
        "旧侧有 Pod 不结束，仍占用端口",
        "{patience:seconds} 后还有 {pods} 个",
        "用 `kubectl describe pod` 查明原因，再执行 `migrator resume`",
    ),
    "doors.still-dialled": (
        "负载均衡仍向临时 NodePort 发送流量；端口保持开放",
        "权重 {weight}",
        "查明是谁设置的，再执行 `migrator resume`",
    ),
}
