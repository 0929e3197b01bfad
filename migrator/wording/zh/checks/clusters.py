"""Chinese: what the preflight finds of sides in two clusters."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, str, str]] = {
    "clusters.addresses": (
        "两个集群有（或可能有）相同的地址，因此无法判断负载均衡的后端条目属于谁",
        "{count:number} 个地址：{addresses:list}",
        "请为其中一个集群的节点和 Pod 换用其他网段；按地址转发的负载均衡无法同时服务两者",
    ),
    "clusters.callers": (
        "在旧集群内不经负载均衡、而经这些 Service 访问旧网关的调用方，在旧工作负载移除后将找不到任何网关："
        "Service 不会通向另一个集群",
        "{services:list}",
        "请把这些调用方引到负载均衡的地址或它们自己的网关；如果没有这样的调用方，请以此为理由豁免",
    ),
    "clusters.not-built": (
        "两个集群的迁移尚不支持这些",
        "{what:list}",
        "负载均衡不能由云控制器写入（balancer），旧侧必须按 Pod 地址转发（source），"
        "新侧必须是由旧侧派生的 DaemonSet（target），且命名空间同名（namespace），"
        "`after` 为 `controller` 或 `manual`，"
        "`onSilence.then` 为 `hold`（守护 Job 只能访问它自己的集群，却要取得两边的 Lease），"
        "且不写 `portConflict`：请腾出端口，或在 target.ports 中另选",
    ),
    "clusters.referred": (
        "新 Pod 引用的对象在它们的集群中不存在，或数据不同；migrator 不会复制任何对象",
        "[缺少：{missing:list}；][数据不同：{differing:list}]",
        "请按旧集群中的样子在那里应用它们，再重新检查",
    ),
    "clusters.resources": (
        "配置两个集群中网关的对象不一致，两侧的应答会不同",
        "[内容不同：{differing:list}；][新侧集群没有：{missing:list}；][只有新侧集群有：{more:list}]",
        "请用部署这些对象的方式让两个集群一致，再重新检查",
    ),
    "clusters.unread": (
        "新 Pod 引用的这些对象没有在两个集群之间比较：Secret 从不读取，其他的可能对我们不可见",
        "{objects:list}",
        "请确认它们在新侧的集群中；缺少它们的 Pod 不会启动，等待就绪的步骤会说明",
    ),
}
