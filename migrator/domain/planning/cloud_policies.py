"""The least policy of each cloud for a plan's balancer: which actions its driver calls, in the words the cloud grants them.

It grants nothing and asks nobody. To add a provider, add a row to CLOUDS: its reads, its writes, and a function that writes
the policy in the cloud's own form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec


@dataclass(frozen=True, slots=True)
class Cloud:
    """What a driver calls, as the cloud's policies name it; `policy` writes it down for one balancer."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    policy: Callable[[BalancerSpec, Cloud], Json]


def cloud_policy(spec: BalancerSpec) -> Json:
    """Give the cloud's policy for this balancer; None where the provider has none or it is not known."""
    cloud = CLOUDS.get(spec.provider)
    return cloud.policy(spec, cloud) if cloud is not None else None


def writes_of(provider: str) -> tuple[str, ...]:
    """Give the actions that change the balancer, as a policy names them."""
    cloud = CLOUDS.get(provider)
    return cloud.writes if cloud is not None else ()


def _cam(spec: BalancerSpec, cloud: Cloud) -> Json:
    """Write Tencent's policy (CAM 2.0): what is read has no resource of its own, what is written is this balancer only."""
    own: list[Json] = [f"qcs::clb:{spec.region}::clb/{spec.id}"]
    reads: Json = {"effect": "allow", "action": list(cloud.reads), "resource": ["*"]}
    writes: list[Json] = [{"effect": "allow", "action": list(cloud.writes), "resource": own}] if cloud.writes else []
    return {"version": "2.0", "statement": [reads, *writes]}


def _ram(own: Callable[[BalancerSpec], Iterable[str]]) -> Callable[[BalancerSpec, Cloud], Json]:
    """Give the writer of Aliyun policies (RAM 1) that write to what `own` names, and to servers: adding one asks for both.

    Source: the tables "RAM authorization" of SLB 2014-05-15 and NLB 2022-04-30.
    """

    def policy(spec: BalancerSpec, cloud: Cloud) -> Json:
        region = spec.region or "*"
        servers = [f"acs:ecs:{region}:*:instance/*", f"acs:ecs:{region}:*:eni/*"]
        resources: list[Json] = [*(f"acs:{name}" for name in own(spec)), *servers]
        statements: list[Json] = [
            {"Effect": "Allow", "Action": list(cloud.reads), "Resource": "*"},
            {"Effect": "Allow", "Action": list(cloud.writes), "Resource": resources},
        ]
        return {"Version": "1", "Statement": statements}

    return policy


def _clb(spec: BalancerSpec) -> Iterable[str]:
    return (f"slb:{spec.region or '*'}:*:loadbalancer/{spec.id}",)


def _nlb(spec: BalancerSpec) -> Iterable[str]:
    """Name the plan's server groups where it names them, else any: a listener's group is known to the API only."""
    groups = [listener.id if listener.id.startswith("sgp-") else "*" for listener in spec.listeners]
    named = ["*"] if "*" in groups else groups
    return tuple(f"nlb:{spec.region or '*'}:*:servergroup/{group}" for group in named)


def _iam(spec: BalancerSpec, cloud: Cloud) -> Json:
    """Write AWS's policy (IAM 2012-10-17): listeners of this balancer and target groups; reads have no resource.

    The old side's group is known to the API only, so groups are any of the region. Source: the service authorization
    reference of Elastic Load Balancing V2.
    """
    region = spec.region or "*"
    partition = next((name for start, name in _PARTITIONS if region.startswith(start)), "aws")
    here = f"arn:{partition}:elasticloadbalancing:{region}:*"
    kind = "listener/" + (spec.id.partition(":loadbalancer/")[2] or f"*/{spec.id}/*") + "/*"
    statements: list[Json] = [
        {"Effect": "Allow", "Action": list(cloud.reads), "Resource": "*"},
        {"Effect": "Allow", "Action": list(cloud.writes), "Resource": [f"{here}:{kind}", f"{here}:targetgroup/*"]},
    ]
    return {"Version": "2012-10-17", "Statement": statements}


_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))

_ECS = ("ecs:DescribeInstances", "ecs:DescribeNetworkInterfaces")

_CLB_READS = (
    "clb:DescribeLoadBalancers",
    "clb:DescribeListeners",
    "clb:DescribeTargets",
    "clb:DescribeTargetHealth",
    "clb:DescribeTaskStatus",
    "clb:DescribeQuota",
)

CLOUDS: dict[str, Cloud] = {
    "aws": Cloud(
        (
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetHealth",
            "ec2:DescribeInstances",
        ),
        (
            "elasticloadbalancing:RegisterTargets",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:DeregisterTargets",
        ),
        _iam,
    ),
    "tencent": Cloud(
        _CLB_READS,
        ("clb:BatchRegisterTargets", "clb:BatchModifyTargetWeight", "clb:BatchDeregisterTargets"),
        _cam,
    ),
    "tke": Cloud(_CLB_READS, (), _cam),
    "aliyun-clb": Cloud(
        (
            "slb:DescribeLoadBalancerAttribute",
            "slb:DescribeVServerGroups",
            "slb:DescribeVServerGroupAttribute",
            "slb:DescribeHealthStatus",
            "slb:DescribeLoadBalancerTCPListenerAttribute",
            "slb:DescribeLoadBalancerUDPListenerAttribute",
            "slb:DescribeLoadBalancerHTTPListenerAttribute",
            "slb:DescribeLoadBalancerHTTPSListenerAttribute",
            *_ECS,
        ),
        ("slb:AddVServerGroupBackendServers", "slb:SetVServerGroupAttribute", "slb:RemoveVServerGroupBackendServers"),
        _ram(_clb),
    ),
    "aliyun-nlb": Cloud(
        (
            "nlb:GetLoadBalancerAttribute",
            "nlb:ListListeners",
            "nlb:ListServerGroups",
            "nlb:ListServerGroupServers",
            "nlb:GetListenerHealthStatus",
            "nlb:ListAsynJobs",
            *_ECS,
        ),
        ("nlb:AddServersToServerGroup", "nlb:UpdateServerGroupServersAttribute", "nlb:RemoveServersFromServerGroup"),
        _ram(_nlb),
    ),
}
"""Every driver whose cloud has policies."""
