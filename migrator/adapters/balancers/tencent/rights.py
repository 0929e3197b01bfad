"""The actions of CLB that the driver calls, and the least policy for them in Tencent's form (CAM 2.0)."""

from __future__ import annotations

from migrator.domain.balancers.profile import CloudRights
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

READS = (
    "clb:DescribeLoadBalancers",
    "clb:DescribeListeners",
    "clb:DescribeTargets",
    "clb:DescribeTargetHealth",
    "clb:DescribeTaskStatus",
    "clb:DescribeQuota",
)
WRITES = ("clb:BatchRegisterTargets", "clb:BatchModifyTargetWeight", "clb:BatchDeregisterTargets")


def _policy(spec: BalancerSpec, rights: CloudRights) -> Json:
    """Write the policy: what is read has no resource of its own, what is written is this balancer only."""
    own: list[Json] = [f"qcs::clb:{spec.region}::clb/{spec.id}"]
    reads: Json = {"effect": "allow", "action": list(rights.reads), "resource": ["*"]}
    writes: list[Json] = [{"effect": "allow", "action": list(rights.writes), "resource": own}] if rights.writes else []
    return {"version": "2.0", "statement": [reads, *writes]}


MONITORING = ("monitor:GetMonitorData",)
RIGHTS = CloudRights(READS, WRITES, _policy, ("clb:BatchModifyTargetWeight",), MONITORING)
READ_ONLY = CloudRights(READS, (), _policy, (), MONITORING)
"""For a driver that reads CLB and lets TKE's controller write."""
