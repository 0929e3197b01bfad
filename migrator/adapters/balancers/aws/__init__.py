"""AWS ELBv2 (API 2015-12-01): listeners of an NLB or ALB whose default action forwards to weighted target groups.

In the plan, the balancer's `id` is its ARN or its name, a listener's `id` its ARN, its port (`80`) or protocol and port
(`tcp:80`). The old side is the target group that the listener forwards to; the new side has one of its own, made by the
operator and named in `options.newTargetGroups`. Other options: `batch`, `settle`, `drainFloor`, `instances`, `ec2Endpoint`,
`monitoringEndpoint`, `monitoringPeriod`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from migrator.adapters.balancers.aws.profile import PROFILE
from migrator.adapters.balancers.registration import Driver
from migrator.domain.model.spec import BalancerSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.access.credentials import Credentials
    from migrator.adapters.balancers.aws.driver import Aws


def aws(spec: BalancerSpec, credentials: Callable[[], Credentials] | None = None) -> Aws:
    """Give the driver. Credentials are looked up at the first call, never kept in the spec. UsageError: wrong options."""
    from migrator.adapters.balancers.aws.access.api import Api, Service
    from migrator.adapters.balancers.aws.access.chain import chain
    from migrator.adapters.balancers.aws.driver import Aws
    from migrator.adapters.balancers.aws.instances import Instances
    from migrator.adapters.balancers.aws.monitoring import Monitoring
    from migrator.adapters.balancers.aws.options import options

    chosen, region = options(spec), spec.region
    give = credentials or chain(region)
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    elb = spec.endpoint or f"https://elasticloadbalancing.{region}.{domain}"
    ec2 = chosen.ec2 or f"https://ec2.{region}.{domain}"
    watch = chosen.monitoring or f"https://monitoring.{region}.{domain}"
    return Aws(
        Api(Service("elasticloadbalancing", "2015-12-01", elb, region), give),
        Instances(Api(Service("ec2", "2016-11-15", ec2, region), give), chosen.instances),
        Monitoring(Api(Service("monitoring", "2010-08-01", watch, region), give), chosen.period),
        spec,
        chosen,
    )


DRIVER = Driver(PROFILE, aws)
