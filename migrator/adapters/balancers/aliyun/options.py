"""What a plan may say in `loadBalancer.options` for Aliyun. Anything else is a UsageError: no typing error is obeyed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.adapters.balancers.aliyun.servers import Server
from migrator.adapters.balancers.options import PERIOD, known_options, pairs, period_of, require_region
from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.spec import BalancerSpec

DESCRIPTION = "migrator"
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Options:
    """`servers` are addresses whose server need not be asked for; `description` marks the rows that migrator adds."""

    batch: int
    description: str = DESCRIPTION
    vpc: str = ""
    ecs: str = ""
    servers: dict[str, Server] = field(default_factory=dict)
    monitoring: str = ""
    period: float = PERIOD


def options(spec: BalancerSpec, profile: BalancerProfile, batch: int, most: int) -> Options:
    """Read a plan's options; `batch` is the usual number of rows of a call, which may be raised to `most`."""
    given = known_options(spec, profile)
    require_region(spec)
    size = given.get("batch", str(batch))
    rows = whole_number(size) or 0
    if not 1 <= rows <= most:
        raise UsageError(say("driver.option-no-number", option="batch", least=1, most=most, given=size))
    description = given.get("description", DESCRIPTION)
    if not 2 <= len(description) <= LONGEST or not all(
        c.isascii() and (c.isalnum() or c in "-/._") for c in description
    ):
        raise UsageError(say("aliyun.odd-description", most=LONGEST, given=description))
    watched = given.get("monitoringEndpoint", ""), period_of(given)
    return Options(rows, description, given.get("vpc", ""), given.get("ecsEndpoint", ""), _servers(given), *watched)


def _servers(given: Mapping[str, str]) -> dict[str, Server]:
    """Read `10.0.0.7=i-…,10.0.0.8=eni-…`."""
    like = "10.0.0.7=i-…,10.0.0.8=eni-…"
    servers: dict[str, Server] = {}
    for address, name in pairs(given, "servers", like).items():
        kind = name.partition("-")[0]
        if kind not in ("i", "eni", "eci"):
            raise UsageError(say("driver.option-no-list", option="servers", like=like, part=f"{address}={name}"))
        servers[address] = Server("ecs" if kind == "i" else kind, name)
    return servers
