"""Balancer drivers, by provider. Which one it is is decided here, and nowhere else; drivers hold no ordering rule.

To add a driver, write its package and add a line to DRIVERS. A driver is imported when it is asked for, so that nobody loads
the libraries of another cloud.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec

from migrator.adapters.balancers.codes import EVERY_DRIVER
from migrator.adapters.balancers.registration import Driver
from migrator.adapters.balancers.timed import timed
from migrator.domain.balancers.by_hand import ByHand
from migrator.domain.balancers.profile import UNDECLARED, BalancerProfile, Cloud
from migrator.domain.messages.codes import CODES, unknown
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter

DRIVERS: dict[str, str] = {
    "tencent": "migrator.adapters.balancers.tencent",
    "tke": "migrator.adapters.balancers.tke",
    "aliyun-clb": "migrator.adapters.balancers.aliyun.clb",
    "aliyun-nlb": "migrator.adapters.balancers.aliyun.nlb",
    "aws": "migrator.adapters.balancers.aws",
    "haproxy": "migrator.adapters.balancers.haproxy",
    "ipvs": "migrator.adapters.balancers.ipvs",
    "exec": "migrator.adapters.balancers.exec",
}
"""The package of each provider's driver; it has a `Driver` called DRIVER."""


def driver_of(provider: str) -> Driver:
    """Give a provider's driver. UsageError: there is none. TypeError: its package is only half a driver."""
    require_known(provider)
    driver: object = getattr(import_module(DRIVERS[provider]), "DRIVER", None)
    if not isinstance(driver, Driver) or driver.profile.provider != provider:
        raise TypeError(f"{DRIVERS[provider]} has no DRIVER for provider {provider!r}")
    return driver


def by_hand_of(provider: str) -> ByHand | None:
    """Give how a person writes to a provider's balancer (`BY_HAND` of its package's module `by_hand`); None: nobody says it."""
    name = f"{DRIVERS[provider]}.by_hand" if provider in DRIVERS else ""
    if not name or find_spec(name) is None:
        return None
    found: object = getattr(import_module(name), "BY_HAND", None)
    return found if isinstance(found, ByHand) else None


def balancer(spec: BalancerSpec) -> tuple[BalancerReader, BalancerWriter]:
    """Give the ports of the spec's balancer, with a deadline for the whole of each method; nothing is asked of it yet.

    UsageError for a provider without a driver, or for options that its driver does not take.
    """
    ports = timed(driver_of(spec.provider).connect(spec))
    return ports, ports


def wrong_options(spec: BalancerSpec) -> Message | None:
    """Return why a driver does not take what the plan says of its balancer, None where it does. Nothing is asked or opened."""
    driver = driver_of(spec.provider)
    try:
        (driver.reads or driver.connect)(spec)
    except UsageError as error:
        return error.message
    return None


def require_known(provider: str) -> None:
    """Raise UsageError for a provider without a driver, with the one that was probably meant. Nobody is asked."""
    if provider in DRIVERS:
        return
    near = get_close_matches(provider, DRIVERS, 1)
    raise UsageError(
        say("driver.unknown-provider", provider=provider, meant=near[0] if near else "", known=tuple(DRIVERS))
    )


def profile_of(provider: str) -> BalancerProfile:
    """Give what a provider's driver declares; for a provider without a driver nothing is declared."""
    return driver_of(provider).profile if provider in DRIVERS else UNDECLARED


def clouds() -> tuple[Cloud, ...]:
    """Give what all drivers declare of their clouds, each cloud once: a plan's cluster may be of another cloud than its
    balancer."""
    declared = (profile_of(provider).cloud for provider in DRIVERS)
    return tuple(dict.fromkeys(cloud for cloud in declared if cloud))


def unknown_code(code: str, provider: str) -> Message | None:
    """Return why a finding's code cannot be waived in a plan for this provider; None for a code that some finding has."""
    if code in CODES:
        return None
    return unknown(code, declared_codes(), profile_of(provider).own_codes)


def declared_codes() -> dict[str, str]:
    """Give the codes that drivers declare, each its own and all the common ones, with what each means."""
    found = dict(EVERY_DRIVER)
    for name in DRIVERS:
        found.update(profile_of(name).codes)
    return found
