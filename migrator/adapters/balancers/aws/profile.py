"""What the AWS driver declares of itself."""

from __future__ import annotations

from migrator.adapters.balancers.aws.cloud import CLOUD
from migrator.adapters.balancers.aws.rights import RIGHTS
from migrator.adapters.balancers.codes import shared
from migrator.adapters.balancers.options import MONITORING
from migrator.domain.balancers.profile import BalancerProfile

NEW_GROUPS = "newTargetGroups"
OPTIONS = {
    NEW_GROUPS: "the new side's target group (ARN or name) of each listener, like 80=new-80,443=new-443",
    "batch": "targets that one call registers",
    "settle": "seconds until a changed weight reaches new connections",
    "drainFloor": "seconds until a removed target gets no new connection any more",
    "instances": "the instances of addresses that EC2 need not be asked for, like 10.0.0.7=i-0abc",
    "ec2Endpoint": "the endpoint of the EC2 API, if it is not the region's own",
    **MONITORING,
}
PROFILE = BalancerProfile(
    provider="aws",
    page="docs/aws.md",
    codes={
        **shared("no-listener", "reset-on-removal", "shared-group", "sticky"),
        "balancer.proxy-protocol": "the two target groups differ in whether PROXY protocol is sent",
        "balancer.client-ip": "the two target groups differ in whether gateways see the client's address",
        "balancer.controller-owned": "the AWS Load Balancer Controller owns the balancer and writes its actions back",
        "balancer.cuts-unhealthy": "a target's connections are cut the moment its health check fails",
        "balancer.group-mismatch": "the two target groups differ in protocol, VPC or address type",
        "balancer.group-taken": "the new side's target group is attached to another balancer",
        "balancer.new-group-weighted": "the new side's target group has weight already",
        "balancer.no-forward": "the listener forwards to no target group of the old side",
        "balancer.no-new-group": "the new side's target group does not exist",
        "balancer.rules": "rules of the listener lead to the old group, whatever the weights",
        "balancer.several-groups": "the listener forwards to several target groups beside the new one",
        "balancer.target-type": "a group's targets are neither addresses nor instances",
        "balancer.zones": "each zone's balancer node sends to targets of its own zone only",
    },
    options=OPTIONS,
    cluster_rights=(),
    rights=RIGHTS,
    cloud=CLOUD,
    keeps_client=True,  # troubleshooting of NLB, hairpinning
    new_groups=NEW_GROUPS,
)
