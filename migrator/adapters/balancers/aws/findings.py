"""What defeats weights or cuts connections on a listener and its target groups. Pure checks of what the API said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migrator.adapters.balancers.aws.listeners import Listener
from migrator.domain.balancers.settings import HealthCheck, Leaving, Steering, together
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, number, text
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.subjects import balancer_subject, listeners_subject

OWNER = "elbv2.k8s.aws/cluster"
CUTS = "deregistration_delay.connection_termination.enabled"
DELAY = "deregistration_delay.timeout_seconds"
CUTS_SICK = "target_health_state.unhealthy.connection_termination.enabled"
CLIENT_IP = "preserve_client_ip.enabled"
PROXY = "proxy_protocol_v2.enabled"
CROSS_ZONE = "load_balancing.cross_zone.enabled"
STICKY = "stickiness.enabled"
SWITCHES = (CUTS, DELAY, CUTS_SICK, CLIENT_IP, CROSS_ZONE)
"""Attributes that decide what becomes of connections, and which targets get any. Read again during a run."""
TRUE = "true"
USUAL_DELAY = 300
LEAST = (
    "target_group_health.dns_failover.minimum_healthy_targets.count",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
)
"""With fewer healthy targets than the first, a zone goes out of the balancer's name; with fewer than the second, requests go to
unhealthy ones, too. "off" is none."""


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
    return block("balancer.no-listener:aws", listeners_subject([listener]), balancer=balancer)


def no_group(listener: str, evidence: Message) -> Finding:
    """Say that the new side's target group is not there."""
    return block("balancer.no-new-group", listeners_subject([listener]), answer=evidence)


def owned(balancer: str, tags: Mapping[str, str]) -> Iterable[Finding]:
    """Say that AWS's controller looks after the balancer: it puts its own actions back."""
    if OWNER in tags:
        yield block("balancer.controller-owned", balancer_subject(balancer), tag=f"{OWNER}={tags[OWNER]}")


def of_listener(listener: Listener, new: str, rules: int) -> Iterable[Finding]:
    """Check a listener: it forwards, to one old group, by weight, and no rule goes round it. `new` is a group's ARN."""
    subject, forwards = listeners_subject([listener.name]), listener.forwards
    others = [arn for arn in forwards if arn != new]
    if not others:
        yield block("balancer.no-forward", subject, actions=tuple(text(action, "Type") for action in listener.actions))
        return
    if len(others) > 1:
        yield block("balancer.several-groups", subject, groups=tuple(others))
    if forwards.get(new, 0):
        yield block("balancer.new-group-weighted", subject, weight=forwards[new], group=new)
    if listener.sticky:
        yield block("balancer.sticky:aws-listener", subject)
    if rules:
        yield block("balancer.rules", subject, rules=rules)


def of_groups(old: Group, new: Group, balancer: str) -> Iterable[Finding]:
    """Check the two target groups of a listener against each other and on their own."""
    for group in (old, new):
        yield from _of_group(group)
    for name in ("Protocol", "VpcId", "IpAddressType"):
        if text(old.row, name) != text(new.row, name):
            yield block(
                "balancer.group-mismatch",
                say("subject.target-group", name=new.name),
                what=name,
                new=text(new.row, name),
                old=text(old.row, name),
                group=old.name,
            )
    if taken := [arn for arn in _texts(new.row, "LoadBalancerArns") if arn != balancer]:
        yield block("balancer.group-taken", say("subject.target-group", name=new.name), balancers=tuple(taken))
    keeps = [group.attributes.get(CLIENT_IP, "") for group in (old, new)]
    if keeps[0] != keeps[1]:
        yield warn(
            "balancer.client-ip",
            say("subject.target-group", name=new.name),
            attribute=CLIENT_IP,
            new=keeps[1] or say("aws.not-set"),
            old=keeps[0] or say("aws.not-set"),
            group=old.name,
        )
    introduced = [group.attributes.get(PROXY, "false") for group in (old, new)]
    if introduced[0] != introduced[1]:
        yield block(
            "balancer.proxy-protocol",
            say("subject.target-group", name=new.name),
            attribute=PROXY,
            new=introduced[1],
            old=introduced[0],
            group=old.name,
        )


def _of_group(group: Group) -> Iterable[Finding]:
    subject = say("subject.target-group", name=group.name)
    if text(group.row, "TargetType") not in ("ip", "instance"):
        kind = text(group.row, "TargetType")
        yield block("balancer.target-type", subject, type=kind)
    if group.attributes.get(STICKY) == TRUE:
        yield block("balancer.sticky:aws-group", subject)
    if group.elsewhere:
        yield block("balancer.shared-group:aws", subject, elsewhere=group.elsewhere)
    yield from _cutting(group, subject)
    if group.attributes.get(CROSS_ZONE) == "false":
        yield warn("balancer.zones", subject, attribute=CROSS_ZONE)


def _cutting(group: Group, subject: Message) -> Iterable[Finding]:
    if group.attributes.get(CUTS) == TRUE:
        yield warn("balancer.reset-on-removal:aws", subject, seconds=group.attributes.get(DELAY, "300"), attribute=CUTS)
    if group.attributes.get(CUTS_SICK) == TRUE:
        yield warn("balancer.cuts-unhealthy", subject, attribute=CUTS_SICK)


def _texts(row: dict[str, Json], name: str) -> list[str]:
    values = row.get(name)
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def steering_of(listener: Listener, groups: Sequence[Mapping[str, str]], idle: str) -> Steering:
    """Give how the groups behind a listener steer, by their attributes (ELBv2 API); the new side's group is the first.

    The algorithm is the new group's alone: how the old one chooses among its own moves no share.
    """
    sticky = together(group.get(STICKY, "") for group in groups)
    return Steering(
        listener.name,
        groups[0].get("load_balancing.algorithm.type", ""),
        f"{sticky}, listener" if listener.sticky else sticky,
        together(group.get(PROXY, "") for group in groups),
        f"{idle} s" if idle else "",
        together(" ".join(f"{name}={group[name]}" for name in SWITCHES if name in group) for group in groups),
    )


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
        whole_number(port) or 0,
        text(row, "HealthCheckPath"),
    )


def leaving_of(
    listener: str, group: str, attributes: Mapping[str, str], balancer: Mapping[str, str], application: bool
) -> Leaving:
    """Give it. An application balancer always ends what is connected after the delay, and balances across zones unless a
    group says otherwise; a network balancer does neither unless it is told to."""
    delay = whole_number(attributes.get(DELAY, ""))
    across = attributes.get(CROSS_ZONE, "")
    if across not in ("true", "false"):
        across = balancer.get(CROSS_ZONE, "true" if application else "false")
    return Leaving(
        listener,
        group,
        float(USUAL_DELAY if delay is None else delay),
        application or attributes.get(CUTS) == TRUE,
        across != TRUE,
        max(1, *(whole_number(attributes.get(name, "")) or 0 for name in LEAST)),
    )
