"""Chinese: what both Aliyun drivers say of the server groups behind a plan's listeners."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "aliyun.sts": "阿里云 STS",
    "aliyun.metadata-service": "阿里云元数据服务",
    "aliyun.credentials-address": "ALIBABA_CLOUD_CREDENTIALS_URI 所指的地址",
    "aliyun.group": "{kind} {group}",
    "aliyun.no-credentials": "没有找到阿里云凭证。未做任何改动。请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 "
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET、配置 aliyun CLI，或在由 RRSA 或 RAM 角色提供凭证的地方运行。",
    "aliyun.profile-mode": "{path} 中的 profile“{profile}”的 mode 为“{mode}”，migrator 不支持。未做任何改动。"
    "请用 ALIBABA_CLOUD_PROFILE 选择 mode 为 {served:or} 的 profile，或设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 "
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET。",
    "aliyun.no-session-token": "没有阿里云凭证：元数据服务没有返回会话令牌，而不带令牌的访问方式已关闭。权重保持不变。",
    "aliyun.no-server": "没有地址为 {addresses:list} 的 ECS 实例或弹性网卡（ENI）；未做任何改动。请检查计划中"
    "的地域，或在 loadBalancer.options.servers 中写明服务器（`10.0.0.7=i-…`）。",
    "aliyun.two-servers": "{address} 同时是 {servers:and} 的地址，它们在不同的 VPC 中；未做任何改动。请在 "
    "loadBalancer.options.vpc 中写明 VPC。",
    "aliyun.odd-description": "loadBalancer.options.description 应为 2 到 {most} 个字符，只含字母、数字、-、/、"
    ". 或 _，而不是“{given}”。未做任何改动。"
    "请在计划文件中改写。",
    "aliyun.not-one-group": "一次调用只修改一个服务器组，而 {listeners:list} 不是一个服务器组；未做任何改动。",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.shared-group:aliyun": (
        "它与监听器 {other} 使用同一个服务器组：两者的流量按同一组权重一起切换",
        "",
        "从 loadBalancer.listeners 中去掉监听器 {listener}；它的流量照样会一起切换",
    ),
    "balancer.idle-group": (
        "负载均衡 {balancer} 没有监听器指向服务器组 {group}",
        "",
        "检查 loadBalancer.listeners",
    ),
    "balancer.default-group": (
        "它使用默认服务器组（或主备服务器组）：一台服务器在其中只能出现一次，且没有自己的端口",
        "",
        "让监听器绑定后端相同的虚拟服务器组，再重新检查",
    ),
    "balancer.no-listener:aliyun": (
        "负载均衡 {balancer} 没有这个监听器或服务器组",
        "[它有 {there:list}]",
        "检查 loadBalancer.listeners：端口、协议：端口、监听器 ID（NLB）或服务器组 ID",
    ),
}
