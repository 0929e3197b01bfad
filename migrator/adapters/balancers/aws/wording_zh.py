"""Chinese: what the AWS driver says of a balancer, its listeners and its target groups."""

from __future__ import annotations

OWN_THE_LISTENER = "在该控制器之外自行管理监听器，并只为旧侧使用 TargetGroupBinding"
EXPORT = (
    "未做任何改动。请把它的凭证导入环境变量："
    '`eval "$(aws configure export-credentials --profile {profile} --format env)"`。'
)
NEW_GROUPS = (
    "loadBalancer.options.newTargetGroups 要写明每个监听器的新侧目标组（ARN 或名称），例如 80=my-new-group-80，"
    "443=my-new-group-443"
)
MESSAGES: dict[str, str] = {
    "aws.sts": "AWS STS",
    "aws.metadata-service": "AWS 元数据服务",
    "aws.container-agent": "AWS 容器代理",
    "aws.group-has-weight": "目标组 {group} 的权重为 {weight}：注册进去的目标会立即收到流量。没有注册任何目标；"
    "请先把它的权重设为 0。",
    "aws.unchecked-group": "监听器 {listener} 没有转发到 {groups:list}，因此其健康状态没有人检查过；没有设置任何权重。",
    "aws.no-listener": "负载均衡 {balancer} 没有监听器 {listeners:list}[；它有 {there:list}]。未做任何改动。"
    "请在 loadBalancer.listeners 中写这个负载均衡的端口、协议:端口或 ARN。",
    "aws.not-one-listener": "一次调用只修改一个监听器，而不是 {listeners:count 个监听器}[（"
    "{listeners:list}）]；未做任何改动。",
    "aws.some-group": "该监听器的某个目标组",
    "aws.one-weight": "{backend} 与其他后端共用目标组 {group} 的同一个权重；没有设置任何权重。",
    "aws.no-instance": "没有地址为 {addresses:list} 的 EC2 实例；未做任何改动。请检查计划中的地域，或在 "
    "loadBalancer.options.instances 中写明实例（`10.0.0.7=i-…`）。",
    "aws.no-sight": "{why} 实例类型的目标组需要 ec2:DescribeInstances 权限，或 loadBalancer.options.instances（`"
    "10.0.0.7=i-…`）。",
    "aws.no-credentials": "没有找到 AWS 凭证。未做任何改动。请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY、"
    "用 AWS_PROFILE 选择 profile，或在由 IRSA、EKS Pod Identity 或实例角色提供凭证的地方运行。",
    "aws.environment": "环境变量",
    "aws.profile": "AWS profile“{profile}”",
    "aws.odd-expiration": "AWS_CREDENTIAL_EXPIRATION 不是时间。未做任何改动。",
    "aws.no-session-token": "没有 AWS 凭证：元数据服务没有返回会话令牌，而不带令牌的访问方式已关闭。权重保持不变。",
    "aws.profile-needs-login": f"AWS profile“{{profile}}”需要 {{needs}}，这要由 AWS 命令行来完成。{EXPORT}",
    "aws.profile-without-keys": f"AWS profile“{{profile}}”没有密钥。{EXPORT}",
    "aws.role-refused": "AWS STS 拒绝为 {role} 提供凭证：HTTP {status}[ {answer}]。未做任何改动。",
    "aws.no-group-for": f"{NEW_GROUPS}：{{listener}} 没有写。未做任何改动。请在计划文件中写明。",
    "aws.group-of-no-listener": f"{NEW_GROUPS}：{{listener}} 不是计划中的监听器。未做任何改动。请在计划文件中改正。",
    "aws.same-group": "loadBalancer.options.newTargetGroups 为两个监听器写了同一个目标组；每个监听器都需要自己"
    "的目标组。未做任何改动。"
    "请在计划文件中改正。",
    "aws.controller": OWN_THE_LISTENER,
    "aws.not-set": "未设置",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.no-listener:aws": (
        "负载均衡 {balancer} 没有这个监听器",
        "",
        "检查 loadBalancer.listeners",
    ),
    "balancer.no-new-group": (
        "计划中写明的新侧目标组不存在",
        "{answer}",
        "创建一个与旧目标组设置相同的空目标组，或检查 loadBalancer.options.newTargetGroups",
    ),
    "balancer.controller-owned": (
        "它由 AWS Load Balancer Controller 管理：每次 reconcile 都会重写监听器的动作，权重也随之被重写",
        "标签 {tag}",
        OWN_THE_LISTENER,
    ),
    "balancer.no-forward": (
        "它的默认动作没有转发到旧侧的任何目标组，因此没有权重可以调整",
        "{actions:list}",
        "选择转发到网关的监听器",
    ),
    "balancer.several-groups": (
        "除新目标组之外，它的默认动作还转发到 {groups:count 个目标组}",
        "{groups:few 8}",
        "让它只转发到一个包含旧侧的目标组",
    ),
    "balancer.new-group-weighted": (
        "新侧目标组已有权重 {weight}：每个注册的目标都会立即收到流量",
        "{group}",
        "把它的权重设为 0",
    ),
    "balancer.sticky:aws-listener": (
        "转发动作让客户端固定在最初的目标组上，不受权重影响",
        "",
        "迁移期间关闭粘性会话",
    ),
    "balancer.sticky:aws-group": (
        "它让客户端固定在旧网关上，不受权重影响",
        "",
        "迁移期间关闭粘性会话",
    ),
    "balancer.rules": (
        "监听器有 {rules:count 条规则}指向旧目标组；权重属于默认动作，不会切换这些规则的流量",
        "",
        "迁移期间移除这些规则，或在没有规则的监听器后面迁移",
    ),
    "balancer.group-mismatch": (
        "它的 {what} 为 {new}，而旧侧目标组为 {old}；一个动作只接受设置一致的目标组",
        "旧目标组 {group}",
        "让新目标组与旧目标组一致",
    ),
    "balancer.group-taken": (
        "它已挂在另一个负载均衡上，而一个目标组只能属于一个负载均衡",
        "{balancers:few 8}",
        "为新侧单独创建一个目标组",
    ),
    "balancer.proxy-protocol": (
        "{attribute} 为 {new}，而旧目标组为 {old}：要求 PROXY protocol 的网关会拒绝不发送它的一方，不要求它的网关"
        "会拒绝发送它的一方",
        "旧目标组 {group}",
        "迁移之前把两者设为一致",
    ),
    "balancer.client-ip": (
        "{attribute} 为 {new}，而旧目标组为 {old}：网关看到的源地址不同，放行它们的安全组规则也不同",
        "旧目标组 {group}",
        "把两者设为一致，或让节点的安全组放行新网关将看到的地址",
    ),
    "balancer.target-type": (
        "它的目标类型为 {type}，不是地址也不是实例",
        "",
        "使用 ip 或 instance 类型的目标组",
    ),
    "balancer.shared-group:aws": (
        "还有其他监听器或规则指向它；它们会随这个监听器一起失去其中的目标",
        "{elsewhere:few 8}",
        "为每个监听器使用单独的目标组",
    ),
    "balancer.zones": (
        "每个可用区的负载均衡节点只转发到本可用区的目标：在没有新网关的可用区，新侧的那部分流量得不到应答",
        "{attribute} 为 false",
        "让计划的节点覆盖负载均衡的每个可用区，或打开跨可用区负载均衡",
    ),
    "balancer.reset-on-removal:aws": (
        "目标移除 {seconds} 秒之后，它的连接会被断开",
        "{attribute} 为 true",
        "迁移期间关闭它，或让移除之前的排空时间长于该值",
    ),
    "balancer.cuts-unhealthy": (
        "目标的健康检查一失败，其连接就会被断开：如果检查的是排空时会变化的路径，正在排空的网关的连接也会被断开",
        "{attribute} 为 true",
        "迁移期间关闭它",
    ),
}
