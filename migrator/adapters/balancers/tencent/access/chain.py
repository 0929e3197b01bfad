"""The whole chain of credentials as the drivers use it. It asks nobody before the first call."""

from __future__ import annotations

from migrator.adapters.balancers.access.credentials import Chain
from migrator.adapters.balancers.tencent.access.credentials import ABSENT, environment, profile
from migrator.adapters.balancers.tencent.access.roles import METADATA, STS, cvm_role, tke_oidc


def chain(metadata: str = METADATA, sts: str = STS) -> Chain:
    """Give the sources in the SDK's order, but a pod's own identity before its node's."""
    return Chain(environment, profile, lambda: tke_oidc(sts=sts), lambda: cvm_role(metadata), absent=ABSENT)
