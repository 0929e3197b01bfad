"""Reading `loadBalancer.options`: keys that a driver does not know, and lists of pairs. No typing error is obeyed."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.spec import BalancerSpec

UNCHANGED = "Nothing was changed."


def known_options(spec: BalancerSpec, profile: BalancerProfile) -> dict[str, str]:
    """Give the plan's options. UsageError: one that the driver does not declare."""
    options = dict(spec.options)
    if unknown := sorted(options.keys() - profile.options.keys()):
        raise UsageError(
            f"loadBalancer.options.{unknown[0]} means nothing to {spec.provider}. {UNCHANGED} "
            f"Known: {', '.join(profile.options)}; {profile.page} says what they mean."
        )
    return options


def pairs(options: Mapping[str, str], name: str, like: str) -> dict[str, str]:
    """Read an option of the form `key=value,key=value`. UsageError: a part that is no pair, or a key that stands twice."""
    values: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in options.get(name, "").split(","))):
        key, _, value = (word.strip() for word in part.partition("="))
        if not key or not value or key in values:
            raise UsageError(f"loadBalancer.options.{name} is a list like {like}; {part!r} is none. {UNCHANGED}")
        values[key] = value
    return values
