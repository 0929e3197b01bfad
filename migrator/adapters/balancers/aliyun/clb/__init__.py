"""Aliyun CLB (classic SLB), API 2014-05-15: listeners that lead to vServer groups.

In the plan, a listener's `id` is its port (`80`), protocol and port (`tcp:80`), or the vServer group's id (`rsp-…`). Weights
belong to the group: all listeners that lead to it move together, and the group is named once. Options: `batch` (20 rows a
call are documented, 40 work for Aliyun's own controller), `description` (of the rows migrator adds), `vpc`, `servers`
(`10.0.0.7=i-…`, where the ECS API may not be asked), `ecsEndpoint`, `monitoringEndpoint`, `monitoringPeriod`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.adapters.balancers.aliyun.clb.profile import PROFILE
from migrator.adapters.balancers.registration import Driver
from migrator.domain.model.spec import BalancerSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.aliyun.access.api import Keys
    from migrator.adapters.balancers.aliyun.clb.driver import AliyunClb

CENTRAL = frozenset(
    {
        *("cn-qingdao", "cn-beijing", "cn-hangzhou", "cn-shanghai", "cn-shenzhen", "cn-hongkong"),
        *("ap-southeast-1", "us-east-1", "us-west-1"),
    }
)
"""Regions that slb.aliyuncs.com serves; every other has an endpoint of its own. Source: the SDK's endpoint map."""


def aliyun_clb(spec: BalancerSpec, keys: Keys | None = None) -> AliyunClb:
    """Give the driver. Credentials are looked up at the first call, never kept in the spec. UsageError: wrong options."""
    from migrator.adapters.balancers.aliyun.access.api import Api, Product
    from migrator.adapters.balancers.aliyun.access.chain import chain
    from migrator.adapters.balancers.aliyun.clb.driver import BATCH, MOST, AliyunClb
    from migrator.adapters.balancers.aliyun.monitoring import CLB, watched
    from migrator.adapters.balancers.aliyun.options import options
    from migrator.adapters.balancers.aliyun.servers import ecs

    chosen, credentials = options(spec, PROFILE, BATCH, MOST), keys or chain()
    region = "" if spec.region in CENTRAL else f".{spec.region}"
    endpoint = spec.endpoint or f"https://slb{region}.aliyuncs.com"
    slb = Api(Product("Aliyun CLB", "2014-05-15", endpoint, spec.region), credentials)
    servers = ecs(spec.region, credentials, chosen.ecs, chosen.servers)
    return AliyunClb(slb, servers, spec, chosen, watched(spec.region, credentials, CLB, chosen))


DRIVER = Driver(PROFILE, aliyun_clb)
