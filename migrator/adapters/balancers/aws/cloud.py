"""AWS as its clusters know it: the AWS Load Balancer Controller, and the addresses that the VPC CNI hands out."""

from __future__ import annotations

from migrator.domain.balancers.identity import ROLE, WorkloadIdentity
from migrator.domain.balancers.profile import Binding, Cloud, CloudController
from migrator.domain.messages.message import say

AWS = CloudController(
    name="AWS",
    prefixes=("service.beta.kubernetes.io/aws-load-balancer-", "service.k8s.aws/"),
    balancer_id=r"n?lb-[a-z0-9]+",  # a balancer's name is free; one that looks like this is meant as one
    keep_off=None,
    remedy=say("aws.controller"),
    bindings=(
        Binding(
            "TargetGroupBinding",
            "elbv2.k8s.aws/v1beta1",
            service=("spec", "serviceRef", "name"),
            group=("spec", "targetGroupARN"),
        ),
    ),
)
CLOUD = Cloud(
    AWS,
    pod_addresses=("vpc.amazonaws.com/pod-eni",),
    readiness_gates=("target-health.elbv2.k8s.aws/", "target-health.alb.ingress.k8s.aws/"),  # the second is v1's
    network_agents=("aws-node",),  # source: amazon-vpc-cni-k8s, config/master/aws-k8s-cni.yaml
    identity=WorkloadIdentity(  # IRSA; Pod Identity needs an association in place of the annotation
        (("eks.amazonaws.com/role-arn", ROLE),), "arn:aws:iam::111122223333:role/migrator-follow"
    ),
)
