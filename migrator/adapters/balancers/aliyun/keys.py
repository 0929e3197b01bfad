"""The whole chain of credentials as the drivers use it. It asks nobody before the first call."""

from __future__ import annotations

from migrator.adapters.balancers.aliyun.credentials import ABSENT, Profile, environment
from migrator.adapters.balancers.aliyun.roles import EcsRole, Rrsa
from migrator.adapters.balancers.credentials import Chain


def chain() -> Chain:
    """Give the sources in the SDK's order: environment, RRSA, the CLI's profile, the ECS instance's role."""
    rrsa, role = Rrsa(), EcsRole()
    profile = Profile({"OIDC": rrsa.profile, "EcsRamRole": role.profile})
    return Chain(environment, rrsa, profile, role, absent=ABSENT)
