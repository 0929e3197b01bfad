"""Tencent Cloud CLB, API 3.0 version 2018-03-17: listeners, or rules of a layer-7 listener, with targets of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.adapters.balancers.options import PERIOD, known_options, period_of, require_region
from migrator.adapters.balancers.registration import Driver
from migrator.adapters.balancers.tencent.profile import PROFILE
from migrator.adapters.balancers.tencent.rights import RIGHTS
from migrator.domain.balancers.profile import CloudRights
from migrator.domain.model.spec import BalancerSpec

if TYPE_CHECKING:
    from migrator.adapters.balancers.tencent.driver import Tencent


def tencent(spec: BalancerSpec) -> Tencent:
    """Give the driver. UsageError without a region, or for wrong options."""
    given = known_options(spec, PROFILE)
    require_region(spec)
    return clb(spec, RIGHTS, given.get("monitoringEndpoint", ""), period_of(given))


def clb(spec: BalancerSpec, rights: CloudRights, monitoring: str = "", period: float = PERIOD) -> Tencent:
    """Give what speaks CLB's API. Credentials are looked up at the first call, never kept in the spec.

    `rights` are what its user will call: one that only reads CLB needs no right to write. `monitoring` is another endpoint of
    Cloud Monitor, whose figures are of `period` seconds.
    """
    from migrator.adapters.balancers.tencent.access.api import Api
    from migrator.adapters.balancers.tencent.access.chain import chain
    from migrator.adapters.balancers.tencent.driver import Tencent
    from migrator.adapters.balancers.tencent.monitoring import Monitoring

    api = Api(spec.endpoint, spec.region, chain())
    return Tencent(api, spec, rights, Monitoring(api.watching(monitoring), period))


DRIVER = Driver(PROFILE, tencent)
