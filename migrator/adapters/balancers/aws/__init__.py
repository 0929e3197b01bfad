"""AWS ELBv2 (API 2015-12-01): listeners of an NLB or ALB whose default action forwards to weighted target groups.

In the plan, the balancer's `id` is its ARN or its name, a listener's `id` its ARN, its port (`80`) or protocol and port
(`tcp:80`). The old side is the target group that the listener forwards to; the new side has one of its own, made by the
operator and named in `options.newTargetGroups`. Other options: `batch`, `settle`, `drainFloor`, `instances`, `ec2Endpoint`.
Needs boto3: `pip install 'migrator[aws]'`. Credentials are boto3's own chain (environment, profile, IRSA, instance role).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.adapters.balancers.aws.api import Api, require_boto3
from migrator.adapters.balancers.aws.driver import Aws
from migrator.adapters.balancers.aws.hosts import Hosts
from migrator.adapters.balancers.aws.options import options
from migrator.domain.spec import BalancerSpec

if TYPE_CHECKING:
    from boto3 import Session


def aws(spec: BalancerSpec, session: Session | None = None) -> Aws:
    """Give the driver. Credentials are looked up at the first call. UsageError: wrong options, or no boto3."""
    chosen = options(spec)
    require_boto3()
    ec2 = Api("ec2", chosen.ec2, spec.region, session)
    return Aws(Api("elbv2", spec.endpoint, spec.region, session), Hosts(ec2, chosen.instances), spec, chosen)
