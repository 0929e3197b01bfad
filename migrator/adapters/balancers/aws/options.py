"""What a plan may say in `loadBalancer.options` for AWS. Anything else is a UsageError: no typing error is obeyed."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrator.adapters.balancers.aws.profile import PROFILE
from migrator.adapters.balancers.options import PERIOD, known_options, pairs, period_of, require_region, seconds
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.spec import BalancerSpec

BATCH = 200
SETTLE, DRAIN_FLOOR = 60.0, 300.0


@dataclass(frozen=True, slots=True)
class Options:
    """`new_groups` is the new side's target group (ARN or name) by listener; the rest are seconds, rows and look-ups."""

    new_groups: dict[str, str]
    batch: int = BATCH
    settle: float = SETTLE
    drain_floor: float = DRAIN_FLOOR
    instances: dict[str, str] = field(default_factory=dict)
    ec2: str = ""
    monitoring: str = ""
    period: float = PERIOD


def options(spec: BalancerSpec) -> Options:
    """Read a plan's options."""
    given = known_options(spec, PROFILE)
    require_region(spec)
    groups = pairs(given, "newTargetGroups", "80=my-new-group-80")
    _one_each(spec, groups)
    return Options(
        groups,
        _batch(given),
        seconds("settle", given, SETTLE),
        seconds("drainFloor", given, DRAIN_FLOOR),
        pairs(given, "instances", "10.0.0.7=i-0abc"),
        given.get("ec2Endpoint", ""),
        given.get("monitoringEndpoint", ""),
        period_of(given),
    )


def _one_each(spec: BalancerSpec, groups: dict[str, str]) -> None:
    """Every listener of the plan needs a group of its own for the new side."""
    listeners = [listener.id for listener in spec.listeners]
    lacking = [name for name in listeners if name not in groups]
    strange = [name for name in groups if name not in listeners]
    if lacking:
        raise UsageError(say("aws.no-group-for", listener=lacking[0]))
    if strange:
        raise UsageError(say("aws.group-of-no-listener", listener=strange[0]))
    if len(set(groups.values())) != len(groups):
        raise UsageError(say("aws.same-group"))


def _batch(given: dict[str, str]) -> int:
    words = given.get("batch", str(BATCH))
    size = whole_number(words) or 0
    if not 1 <= size <= BATCH:
        raise UsageError(say("driver.option-no-number", option="batch", least=1, most=BATCH, given=words))
    return size
