"""What the Aliyun NLB driver declares of itself."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.adapters.balancers.aliyun.cloud import CLOUD
from migrator.adapters.balancers.aliyun.profile import CODES, OPTIONS
from migrator.adapters.balancers.aliyun.rights import ECS_READS, MONITORING, ram
from migrator.adapters.balancers.codes import shared
from migrator.domain.balancers.profile import BalancerProfile, CloudRights
from migrator.domain.model.spec import BalancerSpec


def _own(spec: BalancerSpec) -> Iterable[str]:
    """Name the plan's server groups where it names them, else any: a listener's group is known to the API only."""
    groups = [listener.id if listener.id.startswith("sgp-") else "*" for listener in spec.listeners]
    named = ["*"] if "*" in groups else groups
    return tuple(f"nlb:{spec.region or '*'}:*:servergroup/{group}" for group in named)


RIGHTS = CloudRights(
    reads=(
        "nlb:GetLoadBalancerAttribute",
        "nlb:ListListeners",
        "nlb:ListServerGroups",
        "nlb:ListServerGroupServers",
        "nlb:GetListenerHealthStatus",
        "nlb:ListAsynJobs",
        *ECS_READS,
    ),
    writes=(
        "nlb:AddServersToServerGroup",
        "nlb:UpdateServerGroupServersAttribute",
        "nlb:RemoveServersFromServerGroup",
    ),
    policy=ram(_own),
    weighs=("nlb:UpdateServerGroupServersAttribute",),
    monitoring=MONITORING,
)
PROFILE = BalancerProfile(
    provider="aliyun-nlb",
    page="docs/aliyun.md",
    codes={
        **CODES,
        **shared("reset-on-removal", "scheduler"),
        "balancer.any-port": "the group forwards to whatever port the client dialled, so a server has no port to move to",
    },
    options=OPTIONS,
    cluster_rights=(),
    rights=RIGHTS,
    cloud=CLOUD,
    keeps_client=True,  # client IP preservation
)
