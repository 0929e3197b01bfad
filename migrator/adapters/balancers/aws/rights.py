"""The actions of ELBv2 that the driver calls, and the least policy for them in AWS's form (IAM 2012-10-17).

Source: the service authorization references of Elastic Load Balancing V2 and of CloudWatch, whose reads have no resource.
"""

from __future__ import annotations

from migrator.domain.balancers.profile import CloudRights
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))


def _policy(spec: BalancerSpec, rights: CloudRights) -> Json:
    """Write the policy: listeners of this balancer and target groups; reads have no resource.

    The old side's group is known to the API only, so groups are any of the region.
    """
    region = spec.region or "*"
    partition = next((name for start, name in _PARTITIONS if region.startswith(start)), "aws")
    here = f"arn:{partition}:elasticloadbalancing:{region}:*"
    kind = "listener/" + (spec.id.partition(":loadbalancer/")[2] or f"*/{spec.id}/*") + "/*"
    statements: list[Json] = [
        {"Effect": "Allow", "Action": list(rights.reads), "Resource": "*"},
        {"Effect": "Allow", "Action": list(rights.writes), "Resource": [f"{here}:{kind}", f"{here}:targetgroup/*"]},
    ]
    return {"Version": "2012-10-17", "Statement": statements}


RIGHTS = CloudRights(
    reads=(
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetHealth",
        "ec2:DescribeInstances",
    ),
    writes=(
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:DeregisterTargets",
    ),
    policy=_policy,
    monitoring=("cloudwatch:GetMetricData",),
)
