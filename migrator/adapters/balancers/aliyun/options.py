"""What a plan may say in `loadBalancer.options` for Aliyun. Anything else is a UsageError: no typing error is obeyed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from migrator.adapters.balancers.aliyun.servers import Server
from migrator.domain.model.errors import UsageError
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


def options(spec: BalancerSpec, batch: int, most: int) -> Options:
    """Read a plan's options; `batch` is the usual number of rows of a call, which may be raised to `most`."""
    given = dict(spec.options)
    _known(spec.provider, given, ("batch", "description", "vpc", "ecsEndpoint", "servers"))
    size = given.get("batch", str(batch))
    if not size.isdigit() or not 1 <= int(size) <= most:
        raise UsageError(f"loadBalancer.options.batch is a number from 1 to {most}, not {size!r}. Nothing was changed.")
    description = given.get("description", DESCRIPTION)
    if not 2 <= len(description) <= LONGEST or not all(
        c.isascii() and (c.isalnum() or c in "-/._") for c in description
    ):
        raise UsageError(
            f"loadBalancer.options.description has 2 to {LONGEST} letters, digits, -, /, . or _, not {description!r}. "
            "Nothing was changed."
        )
    listed = given.get("servers", "")
    return Options(int(size), description, given.get("vpc", ""), given.get("ecsEndpoint", ""), _servers(listed))


def _known(provider: str, given: Collection[str], names: Collection[str]) -> None:
    if unknown := sorted(set(given) - set(names)):
        raise UsageError(
            f"loadBalancer.options.{unknown[0]} means nothing to {provider}. Nothing was changed. "
            f"Known: {', '.join(names)}."
        )


def _servers(listed: str) -> dict[str, Server]:
    """Read `10.0.0.7=i-…,10.0.0.8=eni-…`."""
    found: dict[str, Server] = {}
    for each in filter(None, (part.strip() for part in listed.split(","))):
        address, _, name = each.partition("=")
        kind = name.partition("-")[0]
        if kind not in ("i", "eni", "eci") or not address:
            raise UsageError(
                f"loadBalancer.options.servers is a list like 10.0.0.7=i-…,10.0.0.8=eni-…; {each!r} is none. "
                "Nothing was changed."
            )
        found[address] = Server("ecs" if kind == "i" else kind, name)
    return found
