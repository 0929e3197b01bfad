"""Reading `loadBalancer.options`: keys that a driver does not know, and lists of pairs. No typing error is obeyed."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.spec import BalancerSpec


def known_options(spec: BalancerSpec, profile: BalancerProfile) -> dict[str, str]:
    """Give the plan's options. UsageError: one that the driver does not declare."""
    options = dict(spec.options)
    if unknown := sorted(options.keys() - profile.options.keys()):
        known = tuple(profile.options)
        raise UsageError(
            say("driver.unknown-option", option=unknown[0], provider=spec.provider, known=known, page=profile.page)
        )
    return options


def require_region(spec: BalancerSpec) -> None:
    """Raise UsageError for a plan without a region: clouds sign or address every call for one."""
    if not spec.region:
        raise UsageError(say("driver.no-region", provider=spec.provider))


def pairs(options: Mapping[str, str], name: str, like: str) -> dict[str, str]:
    """Read an option of the form `key=value,key=value`. UsageError: a part that is no pair, or a key that stands twice."""
    values: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in options.get(name, "").split(","))):
        key, _, value = (word.strip() for word in part.partition("="))
        if not key or not value or key in values:
            raise UsageError(say("driver.option-no-list", option=name, like=like, part=part))
        values[key] = value
    return values
