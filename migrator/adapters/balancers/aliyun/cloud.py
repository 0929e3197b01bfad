"""Aliyun's cloud as its clusters know it: ACK's cloud controller, and the addresses that its network plugin hands out.

The controller resets the weights of a Service's groups on every change of it, unless the Service carries its annotation
ignore-weight-update (source: cloud-provider-alibaba-cloud).
"""

from __future__ import annotations

from migrator.domain.balancers.identity import ROLE, WorkloadIdentity
from migrator.domain.balancers.profile import Cloud, CloudController

OWN = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-"
IGNORE_WEIGHTS = OWN + "ignore-weight-update"
ACK = CloudController(
    name="ACK",
    prefixes=(OWN, "service.k8s.alibaba/"),
    balancer_id=r"n?lb-[a-z0-9]+",
    keep_off=(IGNORE_WEIGHTS, "on"),
    remedy=None,
    bindings=(),
)
CLOUD = Cloud(
    ACK,
    pod_addresses=("aliyun/eni", "aliyun/member-eni"),
    readiness_gates=(
        "service.readiness.alibabacloud.com/",
        "target-health.alb.k8s.alibabacloud",
        "target-health.alb.k8s.alicloud",
        "target-health.alb.k8s.alicloud/",
    ),
    network_agents=("terway-eniip", "terway-eni", "terway"),  # source: AliyunContainerService/terway
    identity=WorkloadIdentity(  # RRSA by ack-pod-identity-webhook
        (("pod-identity.alibabacloud.com/role-name", ROLE),),
        "migrator-follow",
        (("pod-identity.alibabacloud.com/injection", "on"),),
    ),
)
