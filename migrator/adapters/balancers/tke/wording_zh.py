"""Chinese: what the TKE driver says of TKE's controller and of the Services that it steers."""

from __future__ import annotations

from migrator.adapters.balancers.tencent import wording_zh as tencent

MESSAGES: dict[str, str] = {
    "tke.slow": "API Server 响应慢：{pods:count 个 Pod} 中有一部分尚未 patch",
    "tke.one-pod": "{backend} 与 {others:list} 是同一个 Pod，只有一个权重。权重保持不变；对这个 Service，本驱"
    "动只能控制一个监听器。",
    "tke.not-of-the-run": "{listener} 不是本任务的监听器。未做任何改动。",
    "tke.no-own-label": "{listener} 的 Service 必须按一个专用标签选择 Pod。未做任何改动。",
    "tke.not-one-pod": "{namespace} 中有 {pods:count 个运行中的 Pod}对应 {backend}；必须恰好是一个。未做任何改动。",
    "tke.options-lacking": "tke 的 loadBalancer.options 需要 `namespace`，以及写明每个监听器的 Service 的 `"
    "services`，例如 lbl-a=web。未做任何改动。",
    "tke.controller": "TKE 的 Service 控制器",
    "tke.not-registered": "{backend} 没有注册：{why}。权重保持不变。",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.layer-7:tke": (
        *tencent.FINDINGS["balancer.layer-7"][:2],
        "该监听器请使用 provider tencent：Service 的注解只能控制四层监听器",
    ),
    "balancer.tke-unproven": (
        "本驱动只用模拟的 TKE 控制器测试过；该控制器是否会直接绑定 hostNetwork 的 Pod、需要多长时间，没有文档说明",
        "",
        "先用单独的 Service 试一下：一个加了注解和标签的 Pod，必须以权重 0 出现在监听器上",
    ),
    "balancer.tke-version": (
        "它不支持 `{weight}`：每个 Pod 都会以默认权重注册",
        "[版本 {version}]",
        "升级到 v{oldest} 或更新版本",
    ),
    "balancer.tke-service": (
        "它的 Service 不存在",
        "",
        "检查 loadBalancer.options 中的 `services` 和 `namespace`",
    ),
    "balancer.tke-direct-access": (
        "没有启用直连，因此后端是节点，Pod 没有自己的权重",
        "",
        '加上注解 `{annotation}: "true"`',
    ),
    "balancer.tke-selector": (
        "它必须按一个只用来标记成员的标签选择：Pod 先加上权重 0 的注解，再获得该标签",
        "选择器 [{selector:list}]",
        "先给现有的旧 Pod 打上标签，再让 Service 只按该标签选择",
    ),
    "balancer.tke-template": (
        "有工作负载在模板或选择器中使用了成员标签 {label}：它们的 Pod 会以默认权重注册，或在去掉该标签时脱离属主",
        "{workloads:few 5}",
        "改用一个不在任何模板、也不在任何工作负载选择器中的标签",
    ),
}
