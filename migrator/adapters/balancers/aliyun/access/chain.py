"""The whole chain of credentials as the drivers use it. It asks nobody before the first call."""

from __future__ import annotations

from migrator.adapters.balancers.access.credentials import Chain
from migrator.adapters.balancers.aliyun.access.credentials import ABSENT, Profile, environment
from migrator.adapters.balancers.aliyun.access.roles import EcsRole, Rrsa


def chain() -> Chain:
    """Give the sources in the SDK's order: environment, RRSA, the CLI's profile, the ECS instance's role."""
    rrsa, role = Rrsa(), EcsRole()
    profile = Profile({"OIDC": rrsa.profile, "EcsRamRole": role.profile})
    return Chain(environment, rrsa, profile, role, absent=ABSENT)
