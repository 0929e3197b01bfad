"""What defeats weights or cuts connections on a listener and its target groups. Pure checks of what the API said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrator.adapters.balancers.aws.listeners import Listener
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.model.manifests import Json, number, text

OWNER = "elbv2.k8s.aws/cluster"
CUTS = "deregistration_delay.connection_termination.enabled"
DELAY = "deregistration_delay.timeout_seconds"
CUTS_SICK = "target_health_state.unhealthy.connection_termination.enabled"
CLIENT_IP = "preserve_client_ip.enabled"
CROSS_ZONE = "load_balancing.cross_zone.enabled"
TRUE = "true"


@dataclass(frozen=True, slots=True)
class Group:
    """A target group: its description, its attributes, and the other listeners or rules that lead to it."""

    row: dict[str, Json]
    attributes: Mapping[str, str]
    elsewhere: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Give its name."""
        return text(self.row, "TargetGroupName")

    @property
    def arn(self) -> str:
        """Give its ARN."""
        return text(self.row, "TargetGroupArn")


def missing(balancer: str, listener: str) -> Finding:
    """Say that the balancer has no such listener."""
    problem = f"balancer {balancer} has no such listener"
    return _block("balancer.no-listener", f"listener {listener}", problem, "", "check loadBalancer.listeners")


def no_group(listener: str, evidence: str) -> Finding:
    """Say that the new side's target group is not there."""
    problem = "the new side's target group, which the plan names, does not exist"
    remedy = "make it, empty and like the old one, or check loadBalancer.options.newTargetGroups"
    return _block("balancer.no-new-group", f"listener {listener}", problem, evidence, remedy)


def owned(balancer: str, tags: Mapping[str, str]) -> Iterable[Finding]:
    """Say that AWS's controller looks after the balancer: it puts its own actions back."""
    if OWNER in tags:
        yield _block(
            "balancer.controller-owned",
            f"balancer {balancer}",
            "the AWS Load Balancer Controller owns it: every reconciliation writes the listeners' actions back, and with "
            "them the weights",
            f"tag {OWNER}={tags[OWNER]}",
            "own the listener outside of the controller, with a TargetGroupBinding for the old side only",
        )


def of_listener(listener: Listener, new: str, rules: int) -> Iterable[Finding]:
    """Check a listener: it forwards, to one old group, by weight, and no rule goes round it. `new` is a group's ARN."""
    subject, forwards = f"listener {listener.name}", listener.forwards
    others = [arn for arn in forwards if arn != new]
    if not others:
        yield _block(
            "balancer.no-forward",
            subject,
            "its default action forwards to no target group of the old side, so there is no weight to move",
            ", ".join(text(action, "Type") for action in listener.actions),
            "choose the listener that forwards to the gateways",
        )
        return
    if len(others) > 1:
        yield _block(
            "balancer.several-groups",
            subject,
            f"its default action forwards to {len(others)} target groups beside the new one",
            ", ".join(others),
            "let it forward to one group that holds the old side",
        )
    if forwards.get(new, 0):
        yield _block(
            "balancer.new-group-weighted",
            subject,
            f"the new side's target group has weight {forwards[new]} already: whoever is registered takes traffic at once",
            new,
            "set its weight to 0",
        )
    if listener.sticky:
        yield _sticky(subject, "the forward action keeps clients on the group that they had first")
    if rules:
        yield _block(
            "balancer.rules",
            subject,
            f"{rules} of its rules lead to the old group; the weights are the default action's, and would not move them",
            "",
            "remove these rules for the run, or migrate behind a listener without any",
        )


def of_groups(old: Group, new: Group, balancer: str) -> Iterable[Finding]:
    """Check the two target groups of a listener against each other and on their own."""
    for group in (old, new):
        yield from _of_group(group)
    for name, words in (("Protocol", "protocol"), ("VpcId", "VPC"), ("IpAddressType", "address type")):
        if text(old.row, name) != text(new.row, name):
            yield _block(
                "balancer.group-mismatch",
                f"target group {new.name}",
                f"its {words} is {text(new.row, name)}, that of the old side's group {text(old.row, name)}; one action "
                "takes only groups that agree",
                f"old group {old.name}",
                "make the new group like the old one",
            )
    if taken := [arn for arn in _texts(new.row, "LoadBalancerArns") if arn != balancer]:
        yield _block(
            "balancer.group-taken",
            f"target group {new.name}",
            "it is attached to another balancer, and a group belongs to one only",
            ", ".join(taken),
            "make a group of its own for the new side",
        )
    keeps = [group.attributes.get(CLIENT_IP, "") for group in (old, new)]
    if keeps[0] != keeps[1]:
        yield Finding(
            "balancer.client-ip",
            Severity.WARN,
            f"target group {new.name}",
            f"{CLIENT_IP} is {keeps[1] or 'not set'}, that of the old group {keeps[0] or 'not set'}: the gateways see other "
            "source addresses, and other security group rules let them in",
            f"old group {old.name}",
            "set both alike, or open the nodes' security group to what the new gateways will see",
        )


def _of_group(group: Group) -> Iterable[Finding]:
    subject = f"target group {group.name}"
    if text(group.row, "TargetType") not in ("ip", "instance"):
        kind = text(group.row, "TargetType")
        problem = f"its targets are of type {kind}, not addresses or instances"
        yield _block("balancer.target-type", subject, problem, "", "use a group of type ip or instance")
    if group.attributes.get("stickiness.enabled") == TRUE:
        yield _sticky(subject, "it keeps clients on their old gateway whatever the weights")
    if group.elsewhere:
        yield _block(
            "balancer.shared-group",
            subject,
            "other listeners or rules lead to it too; taking its targets away would take them from those as well",
            ", ".join(group.elsewhere),
            "give each listener a group of its own",
        )
    yield from _cutting(group, subject)
    if group.attributes.get(CROSS_ZONE) == "false":
        yield Finding(
            "balancer.zones",
            Severity.WARN,
            subject,
            "each zone's balancer node sends to targets in its own zone only: where the new side has none, its share is "
            "answered by nobody",
            f"{CROSS_ZONE} is false",
            "have a node of the plan in every zone of the balancer, or switch cross-zone balancing on",
        )


def _cutting(group: Group, subject: str) -> Iterable[Finding]:
    if group.attributes.get(CUTS) == TRUE:
        yield Finding(
            "balancer.reset-on-removal",
            Severity.WARN,
            subject,
            f"connections of a removed target are cut after {group.attributes.get(DELAY, '300')} s",
            f"{CUTS} is true",
            "switch it off for the run, or drain longer than that before the removal",
        )
    if group.attributes.get(CUTS_SICK) == TRUE:
        yield Finding(
            "balancer.cuts-unhealthy",
            Severity.WARN,
            subject,
            "connections of a target are cut the moment its health check fails: of one that was told to go too, where the "
            "check asks what that signal turns",
            f"{CUTS_SICK} is true",
            "switch it off for the run",
        )


def _sticky(subject: str, problem: str) -> Finding:
    return _block("balancer.sticky", subject, problem, "", "switch stickiness off for the run")


def _block(code: str, subject: str, problem: str, evidence: str, remedy: str) -> Finding:
    return Finding(code, Severity.BLOCK, subject, problem, evidence, remedy)


def _texts(row: dict[str, Json], name: str) -> list[str]:
    values = row.get(name)
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def health_check_of(listener: str, row: dict[str, Json]) -> HealthCheck:
    """Give a group's health check; `traffic-port` is the target's own port."""
    port = text(row, "HealthCheckPort")
    return HealthCheck(
        listener,
        row.get("HealthCheckEnabled") is not False,
        float(number(row, "HealthCheckIntervalSeconds")),
        float(number(row, "HealthCheckTimeoutSeconds")),
        number(row, "UnhealthyThresholdCount"),
        number(row, "HealthyThresholdCount"),
        int(port) if port.isdigit() else 0,
        text(row, "HealthCheckPath"),
    )
