"""Chinese: what the IPVS driver says of the machine and its virtual services."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "ipvs.unknown-forward": "loadBalancer.options.forward：“{forward}”不是 masq、route 或 tunnel。未做任何改动。"
    "请写其中之一。",
    "ipvs.no-service-name": "loadBalancer.listeners：“{listener}”不是虚拟服务的“地址：端口”。未做任何改动。"
    "请按 `ipvsadm -Ln` 的输出书写，例如 10.0.0.1:443。",
    "ipvs.no-server": "IPVS 中没有服务器 {server}。权重保持不变。",
    "ipvs.unreadable-table": "ipvsadm 打印的表无法读取（{words}）。",
    "ipvs.no-service": "IPVS 中没有 TCP 服务 {services:list}[；它有 {there:list}]。权重保持不变。"
    "请在 loadBalancer.listeners 中写虚拟服务的 地址:端口。",
    "ipvs.no-forward": "{service} 没有说明转发方式。未做任何改动；请设置 loadBalancer.options.forward。",
    "ipvs.fixed-port": "{server}：{forward} 方式不能改变端口。未做任何改动；请使用该服务自身的端口。",
    "ipvs.no-answer": "ipvsadm 没有应答（以 {ended} 结束）。[{then}]",
    "ipvs.refused": "ipvsadm {command} 以 {ended} 结束[：{words}]。权重保持不变。",
    "ipvs.several-servers": "IPVS 一次只修改一个服务器，而不是 {servers} 个。未做任何改动。",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.not-looked-at": (
        "IPVS 运行在另一台机器上；那里的 sysctl 和 keepalived 无法从这里检查",
        "",
        "请在那里确认：没有 keepalived，net.ipv4.vs.conn_reuse_mode=1，expire_nodest_conn=0",
    ),
    "balancer.keepalived": (
        "这张表由 keepalived 管理，它会覆盖任务所做的设置",
        "{pid_file}",
        "改为通过 exec 驱动修改 keepalived 的配置",
    ),
    "balancer.reuse": (
        "客户端复用同一端口时仍会连到原来的服务器，即使其权重为 0",
        "conn_reuse_mode=0",
        "sysctl -w net.ipv4.vs.conn_reuse_mode=1",
    ),
    "balancer.reset-on-removal:ipvs": (
        "移除服务器会重置它的连接",
        "expire_nodest_conn=1",
        "sysctl -w net.ipv4.vs.expire_nodest_conn=0",
    ),
    "balancer.thresholds": (
        "服务器设有连接数阈值，修改权重会清除这些阈值",
        "{servers:few 5}",
        "去掉阈值（ipvsadm -e … -x 0 -y 0）",
    ),
    "balancer.scheduler:ipvs": (
        "它的调度算法 {scheduler} 不能精确按权重分配",
        "",
        "ipvsadm -E -t {service} -s wrr",
    ),
    "balancer.sticky:ipvs": (
        "会话保持（persistence）让客户端固定在原服务器上，权重为 0 时也一样",
        "{flags:list}",
        "迁移期间关闭会话保持",
    ),
}
