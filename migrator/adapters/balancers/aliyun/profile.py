"""What both Aliyun drivers declare alike: the findings about a listener's server group, and the options."""

from __future__ import annotations

from migrator.adapters.balancers.codes import shared
from migrator.adapters.balancers.options import MONITORING

CODES = {
    **shared("no-listener", "shared-group"),
    "balancer.default-group": "the listener uses the default server group, where a server has no port of its own",
    "balancer.idle-group": "no listener of the balancer leads to the server group",
}
OPTIONS = {
    "batch": "rows that one call changes",
    "description": "the description of the rows that migrator adds",
    "vpc": "the VPC whose addresses are meant, where the balancer does not say it",
    "ecsEndpoint": "the endpoint of the ECS API, if it is not the region's own",
    "servers": "the servers of addresses that ECS need not be asked for, like 10.0.0.7=i-1,10.0.0.8=eni-2",
    **MONITORING,
}
