"""The whole chain of credentials as the drivers use it. It asks nobody before the first call."""

from __future__ import annotations

from migrator.adapters.balancers.access.credentials import Chain
from migrator.adapters.balancers.aliyun.access.credentials import ABSENT, IniFile, Profile, environment
from migrator.adapters.balancers.aliyun.access.roles import METADATA, Address, EcsRole, Rrsa


def chain(metadata: str = METADATA, sts: str | None = None) -> Chain:
    """Give the sources in the SDK's order: environment, RRSA, the CLI's profile, the INI file, the ECS role, an address."""
    rrsa, role = Rrsa(sts), EcsRole(metadata)
    profile = Profile({"OIDC": rrsa.profile, "EcsRamRole": role.profile})
    ini = IniFile({"oidc_role_arn": rrsa.section, "ecs_ram_role": role.section})
    return Chain(environment, rrsa, profile, ini, role, Address(), absent=ABSENT)
