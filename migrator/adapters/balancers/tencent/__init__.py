"""Tencent Cloud CLB, API 3.0 version 2018-03-17: layer-4 listeners with targets of their own."""

from __future__ import annotations

from migrator.adapters.balancers.tencent.api import Api
from migrator.adapters.balancers.tencent.credentials import from_environment
from migrator.adapters.balancers.tencent.driver import Tencent
from migrator.domain.ports import BalancerReader, BalancerWriter
from migrator.domain.spec import BalancerSpec


def tencent(spec: BalancerSpec) -> tuple[BalancerReader, BalancerWriter]:
    """Give the driver as reader and writer. Credentials are looked up at the first call, never kept in the spec."""
    driver = Tencent(Api(spec.endpoint, spec.region, from_environment), spec)
    return driver, driver
