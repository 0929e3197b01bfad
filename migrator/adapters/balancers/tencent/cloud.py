"""Tencent's cloud as its clusters know it: TKE's Service controller, and the addresses that its network plugin hands out."""

from __future__ import annotations

from migrator.domain.balancers.identity import ROLE, WorkloadIdentity
from migrator.domain.balancers.profile import Cloud, CloudController
from migrator.domain.messages.message import say

TKE = CloudController(
    name="TKE",
    prefixes=("service.kubernetes.io/tke-", "service.kubernetes.io/qcloud-", "service.cloud.tencent.com/"),
    balancer_id=r"n?lb-[a-z0-9]+",
    keep_off=None,
    remedy=say("tencent.controller"),
    bindings=(),
)
CLOUD = Cloud(
    TKE,
    pod_addresses=("tke.cloud.tencent.com/eni-ip", "tke.cloud.tencent.com/direct-eni"),
    readiness_gates=("cloud.tencent.com/load-balancer-backendgroup-ready",),
    network_agents=("tke-eni-agent",),  # source: Tencent's manual of the VPC-CNI mode
    identity=WorkloadIdentity(  # TKE's pod-identity-webhook, document 457/57285
        (
            ("tke.cloud.tencent.com/role-arn", ROLE),
            ("tke.cloud.tencent.com/audience", "sts.cloud.tencent.com"),
            ("tke.cloud.tencent.com/token-expiration", "86400"),
        ),
        "qcs::cam::uin/100000000000:roleName/migrator-follow",
    ),
)
