"""English: what both Aliyun drivers say of the server groups behind a plan's listeners."""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.shared-group:aliyun": (
        "it leads to the same server group as listener {other}: its traffic moves with that one's, by the same weights",
        "",
        "remove listener {listener} from loadBalancer.listeners; its traffic moves all the same",
    ),
    "balancer.idle-group": (
        "no listener of balancer {balancer} leads to server group {group}",
        "",
        "check loadBalancer.listeners",
    ),
    "balancer.default-group": (
        "it uses the default (or a master-slave) server group: a server can be in there only once, without a port of its own",
        "",
        "bind the listener to a vServer group with the same backends; then plan again",
    ),
    "balancer.no-listener:aliyun": (
        "balancer {balancer} has no such listener or server group",
        "",
        "check loadBalancer.listeners: a port, protocol:port, the listener's id (NLB), or a server group's id",
    ),
}
