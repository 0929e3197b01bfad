"""English: what both Aliyun drivers say of the server groups behind a plan's listeners."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "aliyun.sts": "Aliyun STS",
    "aliyun.metadata-service": "Aliyun's metadata service",
    "aliyun.credentials-address": "the address of ALIBABA_CLOUD_CREDENTIALS_URI",
    "aliyun.group": "{kind} {group}",
    "aliyun.no-credentials": "No Aliyun credentials were found. Nothing was changed. Set ALIBABA_CLOUD_ACCESS_KEY_ID and "
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET, configure the aliyun CLI, or run where RRSA or a RAM role gives them.",
    "aliyun.profile-mode": "Profile '{profile}' of {path} has mode '{mode}', which migrator does not serve. Nothing was "
    "changed. Choose a profile of mode {served:or} by ALIBABA_CLOUD_PROFILE, or set ALIBABA_CLOUD_ACCESS_KEY_ID and "
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET.",
    "aliyun.no-session-token": "No Aliyun credentials: the metadata service gives no session token, and going without is "
    "switched off. Weights stay as they are.",
    "aliyun.no-server": "No ECS instance or ENI has the address {addresses:list}; nothing was changed. Check the plan's "
    "region, or name the servers in loadBalancer.options.servers (`10.0.0.7=i-…`).",
    "aliyun.two-servers": "{address} is an address of {servers:and}, in different VPCs; nothing was changed. Name the VPC in "
    "loadBalancer.options.vpc.",
    "aliyun.odd-description": "loadBalancer.options.description has 2 to {most} letters, digits, -, /, . or _, not '{given}'. "
    "Nothing was changed."
    " Write another one in the plan file.",
    "aliyun.not-one-group": "One call changes one server group, and {listeners:list} is not one; nothing was changed.",
}
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
        "bind the listener to a vServer group with the same backends; then look again",
    ),
    "balancer.no-listener:aliyun": (
        "balancer {balancer} has no such listener or server group",
        "[it has {there:list}]",
        "check loadBalancer.listeners: a port, protocol:port, the listener's id (NLB), or a server group's id",
    ),
}
