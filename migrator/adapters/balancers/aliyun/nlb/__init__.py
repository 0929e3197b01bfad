"""Aliyun NLB, API 2022-04-30: listeners that lead to server groups.

In the plan, a listener's `id` is its own id (`lsn-…`), its port (`80`), protocol and port (`tcp:80`), or the server group's id
(`sgp-…`). Weights belong to the group: all listeners that lead to it move together, and the group is named once. Options:
`batch` (at most 200), `description` (of the servers migrator adds), and for groups of instances `vpc`, `servers`
(`10.0.0.7=i-…`, where the ECS API may not be asked), `ecsEndpoint`, `monitoringEndpoint`, `monitoringPeriod`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.adapters.balancers.aliyun.nlb.profile import PROFILE
from migrator.adapters.balancers.registration import Driver
from migrator.domain.model.spec import BalancerSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.aliyun.access.api import Keys
    from migrator.adapters.balancers.aliyun.nlb.driver import AliyunNlb


def aliyun_nlb(spec: BalancerSpec, keys: Keys | None = None) -> AliyunNlb:
    """Give the driver. Credentials are looked up at the first call, never kept in the spec. UsageError: wrong options."""
    from migrator.adapters.balancers.aliyun.access.api import Api, Product
    from migrator.adapters.balancers.aliyun.access.chain import chain
    from migrator.adapters.balancers.aliyun.monitoring import NLB, watched
    from migrator.adapters.balancers.aliyun.nlb.driver import BATCH, AliyunNlb
    from migrator.adapters.balancers.aliyun.options import options
    from migrator.adapters.balancers.aliyun.servers import ecs

    chosen, credentials = options(spec, PROFILE, BATCH, BATCH), keys or chain()
    endpoint = spec.endpoint or f"https://nlb.{spec.region}.aliyuncs.com"
    nlb = Api(Product("Aliyun NLB", "2022-04-30", endpoint, spec.region), credentials)
    servers = ecs(spec.region, credentials, chosen.ecs, chosen.servers)
    return AliyunNlb(nlb, servers, spec, chosen, watched(spec.region, credentials, NLB, chosen))


DRIVER = Driver(PROFILE, aliyun_nlb)
