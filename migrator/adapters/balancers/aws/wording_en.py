"""English: what the AWS driver says of a balancer, its listeners and its target groups."""

from __future__ import annotations

OWN_THE_LISTENER = (
    "manage the listener yourself, outside of the controller, with a TargetGroupBinding for the old side only"
)
EXPORT = (
    "Nothing was changed. Take its credentials into the environment: "
    '`eval "$(aws configure export-credentials --profile {profile} --format env)"`.'
)
NEW_GROUPS = (
    "loadBalancer.options.newTargetGroups names the new side's target group (ARN or name) of every listener, like "
    "80=my-new-group-80,443=my-new-group-443"
)
MESSAGES: dict[str, str] = {
    "aws.sts": "AWS STS",
    "aws.metadata-service": "AWS's metadata service",
    "aws.container-agent": "AWS's container agent",
    "aws.group-has-weight": "Target group {group} has weight {weight}: who is registered there takes traffic at once. Nothing "
    "was registered; set its weight to 0 first.",
    "aws.unchecked-group": "Listener {listener} does not forward to {groups:list}, so nobody has checked its health; no weight "
    "was set.",
    "aws.no-listener": "Balancer {balancer} has no listener {listeners:list}[; it has {there:list}]. Nothing was "
    "changed. Write a port, protocol:port or an ARN of this balancer under loadBalancer.listeners.",
    "aws.not-one-listener": "One call changes one listener, not {listeners:count listener}[ ({listeners:list})]; nothing was "
    "changed.",
    "aws.some-group": "a target group of the listener",
    "aws.one-weight": "{backend} shares the one weight of target group {group} with others; nothing was set.",
    "aws.no-instance": "No EC2 instance has the address {addresses:list}; nothing was changed. Check the plan's region, or "
    "name the instances in loadBalancer.options.instances (`10.0.0.7=i-…`).",
    "aws.no-sight": "{why} Target groups of instances need ec2:DescribeInstances, or loadBalancer.options.instances "
    "(`10.0.0.7=i-…`).",
    "aws.no-credentials": "No AWS credentials were found. Nothing was changed. Set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE, or run where IRSA, EKS Pod Identity or an instance role gives "
    "them.",
    "aws.environment": "the environment",
    "aws.profile": "the AWS profile '{profile}'",
    "aws.odd-expiration": "AWS_CREDENTIAL_EXPIRATION is no time. Nothing was changed.",
    "aws.no-session-token": "No AWS credentials: the metadata service gives no session token, and going without is switched "
    "off. Weights stay as they are.",
    "aws.profile-needs-login": f"The AWS profile '{{profile}}' needs {{needs}}, which is the AWS command line's business. "
    f"{EXPORT}",
    "aws.profile-without-keys": f"The AWS profile '{{profile}}' has no keys. {EXPORT}",
    "aws.role-refused": "AWS STS gives no credentials for {role}: HTTP {status}[ {answer}]. Nothing was changed.",
    "aws.no-group-for": f"{NEW_GROUPS}: {{listener}} has none. Nothing was changed. Write it in the plan file.",
    "aws.group-of-no-listener": f"{NEW_GROUPS}: {{listener}} is no listener of the plan. Nothing was changed."
    " Write it in the plan file.",
    "aws.same-group": "loadBalancer.options.newTargetGroups names the same group for two listeners; each needs its own. "
    "Nothing was changed."
    " Write it in the plan file.",
    "aws.controller": OWN_THE_LISTENER,
    "aws.not-set": "not set",
}
FINDINGS: dict[str, tuple[str, ...]] = {
    "balancer.no-listener:aws": (
        "balancer {balancer} has no such listener",
        "",
        "check loadBalancer.listeners",
    ),
    "balancer.no-new-group": (
        "the new side's target group, which the plan names, does not exist",
        "{answer}",
        "create it, empty and like the old one, or check loadBalancer.options.newTargetGroups",
    ),
    "balancer.controller-owned": (
        "the AWS Load Balancer Controller owns it: every reconciliation sets the listeners' actions again, and with them the "
        "weights",
        "tag {tag}",
        OWN_THE_LISTENER,
    ),
    "balancer.no-forward": (
        "its default action forwards to no target group of the old side, so there is no weight to move",
        "{actions:list}",
        "choose the listener that forwards to the gateways",
    ),
    "balancer.several-groups": (
        "its default action forwards to {groups:count target group} beside the new one",
        "{groups:few 8}",
        "let it forward to one group that holds the old side",
    ),
    "balancer.new-group-weighted": (
        "the new side's target group has weight {weight} already: every registered target would get traffic at once",
        "{group}",
        "set its weight to 0",
    ),
    "balancer.sticky:aws-listener": (
        "the forward action keeps clients on the target group that they had first, whatever the weights",
        "",
        "switch stickiness off for the run",
    ),
    "balancer.sticky:aws-group": (
        "it keeps clients on their old gateway, whatever the weights",
        "",
        "switch stickiness off for the run",
    ),
    "balancer.rules": (
        "{rules:count rule} of the listener {rules:choose leads|lead} to the old group; the weights belong to the default "
        "action, and would not move {rules:choose its|their} traffic",
        "",
        "remove these rules for the run, or migrate behind a listener without any",
    ),
    "balancer.group-mismatch": (
        "its {what} is {new}, that of the old side's group {old}; one action takes only groups that agree",
        "old group {group}",
        "make the new group like the old one",
    ),
    "balancer.group-taken": (
        "it is attached to another balancer, and a target group belongs to one only",
        "{balancers:few 8}",
        "create a target group for the new side alone",
    ),
    "balancer.proxy-protocol": (
        "{attribute} is {new}, that of the old group {old}: gateways that expect PROXY protocol refuse whoever does not say "
        "it, and gateways that do not expect it refuse whoever does",
        "old group {group}",
        "set both alike before the run",
    ),
    "balancer.client-ip": (
        "{attribute} is {new}, that of the old group {old}: the gateways see other source addresses, and other security group "
        "rules let them in",
        "old group {group}",
        "set both alike, or open the nodes' security group to what the new gateways will see",
    ),
    "balancer.target-type": (
        "its targets are of type {type}, not addresses or instances",
        "",
        "use a target group of type ip or instance",
    ),
    "balancer.shared-group:aws": (
        "other listeners or rules lead to it too; they would lose its targets together with this listener",
        "{elsewhere:few 8}",
        "give each listener a target group of its own",
    ),
    "balancer.zones": (
        "each zone's balancer node sends to targets in its own zone only: in a zone without a new gateway, the new side's "
        "share would get no answer",
        "{attribute} is false",
        "have a node of the plan in every zone of the balancer, or switch cross-zone balancing on",
    ),
    "balancer.reset-on-removal:aws": (
        "the connections of a removed target are cut after {seconds} s",
        "{attribute} is true",
        "switch it off for the run, or let the drain before the removal last longer than that",
    ),
    "balancer.cuts-unhealthy": (
        "the connections of a target are cut as soon as its health check fails: those of a draining gateway too, if the check "
        "asks for the path that changes when it drains",
        "{attribute} is true",
        "switch it off for the run",
    ),
}
