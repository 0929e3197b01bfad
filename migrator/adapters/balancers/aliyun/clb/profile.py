"""What the Aliyun CLB driver declares of itself."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.adapters.balancers.aliyun.cloud import CLOUD
from migrator.adapters.balancers.aliyun.profile import CODES, OPTIONS
from migrator.adapters.balancers.aliyun.rights import ECS_READS, MONITORING, ram
from migrator.adapters.balancers.codes import shared
from migrator.domain.balancers.profile import BalancerProfile, CloudRights
from migrator.domain.model.spec import BalancerSpec


def _own(spec: BalancerSpec) -> Iterable[str]:
    return (f"slb:{spec.region or '*'}:*:loadbalancer/{spec.id}",)


RIGHTS = CloudRights(
    reads=(
        "slb:DescribeLoadBalancerAttribute",
        "slb:DescribeVServerGroups",
        "slb:DescribeVServerGroupAttribute",
        "slb:DescribeHealthStatus",
        "slb:DescribeLoadBalancerTCPListenerAttribute",
        "slb:DescribeLoadBalancerUDPListenerAttribute",
        "slb:DescribeLoadBalancerHTTPListenerAttribute",
        "slb:DescribeLoadBalancerHTTPSListenerAttribute",
        *ECS_READS,
    ),
    writes=(
        "slb:AddVServerGroupBackendServers",
        "slb:SetVServerGroupAttribute",
        "slb:RemoveVServerGroupBackendServers",
    ),
    policy=ram(_own),
    weighs=("slb:SetVServerGroupAttribute",),
    monitoring=MONITORING,
)
PROFILE = BalancerProfile(
    provider="aliyun-clb",
    page="docs/aliyun.md",
    codes={
        **CODES,
        **shared("reset-on-removal", "scheduler", "sticky"),
        "balancer.forwarding-rules": "forwarding rules lead to the same server group, and their traffic moves too",
        "balancer.inactive": "the balancer forwards nothing (locked, stopped)",
        "balancer.udp-lags": "a UDP listener lets go of a removed backend minutes later",
    },
    options=OPTIONS,
    cluster_rights=(),
    rights=RIGHTS,
    cloud=CLOUD,
    keeps_client=True,  # FAQ of CLB's listeners
)
