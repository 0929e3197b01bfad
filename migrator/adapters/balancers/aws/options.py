"""What a plan may say in `loadBalancer.options` for AWS. Anything else is a UsageError: no typing error is obeyed."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrator.adapters.balancers.aws.profile import PROFILE
from migrator.adapters.balancers.options import known_options, pairs
from migrator.domain.messages.durations import seconds_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.spec import BalancerSpec

BATCH = 200
SETTLE, DRAIN_FLOOR = 60.0, 300.0
LONGEST = 3600.0


@dataclass(frozen=True, slots=True)
class Options:
    """`new_groups` is the new side's target group (ARN or name) by listener; the rest are seconds, rows and look-ups."""

    new_groups: dict[str, str]
    batch: int = BATCH
    settle: float = SETTLE
    drain_floor: float = DRAIN_FLOOR
    instances: dict[str, str] = field(default_factory=dict)
    ec2: str = ""


def options(spec: BalancerSpec) -> Options:
    """Read a plan's options."""
    given = known_options(spec, PROFILE)
    if not spec.region:
        raise UsageError("loadBalancer.region is needed: calls to AWS are signed for one. Nothing was changed.")
    groups = pairs(given, "newTargetGroups", "80=my-new-group-80")
    _one_each(spec, groups)
    return Options(
        groups,
        _batch(given),
        _seconds("settle", given, SETTLE),
        _seconds("drainFloor", given, DRAIN_FLOOR),
        pairs(given, "instances", "10.0.0.7=i-0abc"),
        given.get("ec2Endpoint", ""),
    )


def _one_each(spec: BalancerSpec, groups: dict[str, str]) -> None:
    """Every listener of the plan needs a group of its own for the new side."""
    listeners = [listener.id for listener in spec.listeners]
    lacking = [name for name in listeners if name not in groups]
    strange = [name for name in groups if name not in listeners]
    if lacking or strange:
        what = f"{lacking[0]} has none" if lacking else f"{strange[0]} is no listener of the plan"
        raise UsageError(
            "loadBalancer.options.newTargetGroups names the new side's target group (ARN or name) of every listener, "
            f"like 80=my-new-group-80,443=my-new-group-443: {what}. Nothing was changed."
        )
    if len(set(groups.values())) != len(groups):
        raise UsageError(
            "loadBalancer.options.newTargetGroups names the same group for two listeners; each needs its own. "
            "Nothing was changed."
        )


def _batch(given: dict[str, str]) -> int:
    words = given.get("batch", str(BATCH))
    if not words.isdigit() or not 1 <= int(words) <= BATCH:
        raise UsageError(
            f"loadBalancer.options.batch is a number from 1 to {BATCH}, not {words!r}. Nothing was changed."
        )
    return int(words)


def _seconds(name: str, given: dict[str, str], usual: float) -> float:
    """Read a duration; a bare number is seconds."""
    words = given.get(name, f"{usual:g}s")
    try:
        seconds = seconds_of(f"{words}s" if words.isdigit() else words)
    except ValueError as error:
        raise UsageError(
            f"loadBalancer.options.{name} is {words!r}; {error}, from 0 to {LONGEST:g} seconds. Nothing was changed."
        ) from error
    if seconds > LONGEST:
        raise UsageError(
            f"loadBalancer.options.{name} is from 0 to {LONGEST:g} seconds, not {words!r}. Nothing was changed."
        )
    return seconds
