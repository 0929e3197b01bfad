"""The least policy in Aliyun's form (RAM 1). The drivers name their own actions and resources.

Source: the tables "RAM authorization" of SLB 2014-05-15 and NLB 2022-04-30. Adding a server asks for its own rights too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.domain.balancers.profile import CloudRights
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

MONITORING = ("cms:DescribeMetricList",)
ECS_READS = ("ecs:DescribeInstances", "ecs:DescribeNetworkInterfaces")


def ram(own: Callable[[BalancerSpec], Iterable[str]]) -> Callable[[BalancerSpec, CloudRights], Json]:
    """Give the writer of policies that write to what `own` names, and to servers."""

    def policy(spec: BalancerSpec, rights: CloudRights) -> Json:
        region = spec.region or "*"
        servers = [f"acs:ecs:{region}:*:instance/*", f"acs:ecs:{region}:*:eni/*"]
        resources: list[Json] = [*(f"acs:{name}" for name in own(spec)), *servers]
        statements: list[Json] = [
            {"Effect": "Allow", "Action": list(rights.reads), "Resource": "*"},
            {"Effect": "Allow", "Action": list(rights.writes), "Resource": resources},
        ]
        return {"Version": "1", "Statement": statements}

    return policy
