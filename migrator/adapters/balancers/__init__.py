"""Balancer drivers, by provider. Which one it is is decided here, and nowhere else; drivers hold no ordering rule."""

from __future__ import annotations

from migrator.domain.errors import UsageError
from migrator.domain.ports import BalancerReader, BalancerWriter
from migrator.domain.spec import BalancerSpec

PROVIDERS = ("tencent",)


def balancer(spec: BalancerSpec) -> tuple[BalancerReader, BalancerWriter]:
    """Give the ports of the spec's balancer. UsageError for a provider without a driver, or without credentials."""
    if spec.provider == "tencent":
        from migrator.adapters.balancers.tencent import tencent

        driver = tencent(spec)
        return driver, driver
    raise UsageError(
        f"There is no driver for balancer provider {spec.provider!r}. Nothing was changed. "
        f"Known providers: {', '.join(PROVIDERS)}."
    )
