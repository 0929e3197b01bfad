"""Reading `loadBalancer.options`: keys that a driver does not know, and lists of pairs. No typing error is obeyed."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.messages.durations import seconds_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.spec import BalancerSpec

PERIOD = 60.0
LONGEST = 3600.0
MONITORING = {
    "monitoringEndpoint": "the endpoint of the cloud's monitoring, if it is not its own",
    "monitoringPeriod": "seconds of one of the monitoring's figures, 60 or a multiple of it; only a lab has shorter ones",
}
"""The options of a driver whose cloud has a monitoring that can be a judge."""


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


def seconds(name: str, given: Mapping[str, str], usual: float) -> float:
    """Read a duration; a bare number is seconds. UsageError: it is none, or longer than an hour."""
    words = given.get(name, f"{usual:g}s")
    try:
        length = seconds_of(words if whole_number(words) is None else f"{words}s")
    except ValueError as error:
        raise UsageError(say("driver.option-no-time", option=name, most=LONGEST, given=words)) from error
    if length > LONGEST:
        raise UsageError(say("driver.option-no-time", option=name, most=LONGEST, given=words))
    return length


def period_of(given: Mapping[str, str]) -> float:
    """Read the seconds of one of the monitoring's figures."""
    return max(1.0, seconds("monitoringPeriod", given, PERIOD))
