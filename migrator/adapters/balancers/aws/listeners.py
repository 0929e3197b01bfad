"""A listener's default action: which target groups it forwards to, with what weight, and the same with other weights.

Pure. ModifyListener replaces all default actions, so everything that was read is echoed but the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.adapters.balancers.access import strict
from migrator.domain.model.manifests import Json, dig, items, mapping, number, text

USUAL = 1
"""The weight of a group that is given none (API reference, TargetGroupTuple)."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A listener of the plan: `name` as the plan has it, its ARN, and its default actions as they were read."""

    name: str
    arn: str
    protocol: str
    actions: tuple[dict[str, Json], ...]

    @property
    def forwards(self) -> dict[str, int]:
        """Give weight by target group; {} where the last action does not forward. Unreachable: it cannot be read."""
        last = self.actions[-1] if self.actions else {}
        if text(last, "Type") != "forward":
            return {}
        rows = items(last, "ForwardConfig", "TargetGroups")
        if not rows and (alone := text(last, "TargetGroupArn")):
            return {alone: USUAL}
        return {
            strict.word(row, "TargetGroupArn"): strict.whole(row, "Weight") if "Weight" in row else USUAL
            for row in rows
        }

    @property
    def sticky(self) -> bool:
        """Say whether the action keeps clients on the group that they had first."""
        return (
            dig(self.actions[-1] if self.actions else {}, "ForwardConfig", "TargetGroupStickinessConfig", "Enabled")
            is True
        )

    def actions_with(self, weights: Mapping[str, int]) -> list[Json]:
        """Give the default actions that forward with these weights, and are otherwise what they were."""
        *before, last = (dict(action) for action in self.actions or ({},))
        groups: list[Json] = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
        last.pop("TargetGroupArn", None)  # only for a single group, and then the same as the config's
        last["ForwardConfig"] = {**mapping(last, "ForwardConfig"), "TargetGroups": groups}
        return [*(_kept(action) for action in before), last]


def _kept(action: dict[str, Json]) -> Json:
    """Give an action as it may be sent back: a client secret is never shown, so it has to be kept by name."""
    if "AuthenticateOidcConfig" not in action:
        return action
    return {
        **action,
        "AuthenticateOidcConfig": {**mapping(action, "AuthenticateOidcConfig"), "UseExistingClientSecret": True},
    }


def listener_of(name: str, row: dict[str, Json]) -> Listener:
    """Read a listener."""
    actions = sorted(strict.rows(row, "DefaultActions"), key=lambda action: number(action, "Order"))
    return Listener(name, text(row, "ListenerArn"), text(row, "Protocol"), tuple(actions))


def is_called(name: str, row: dict[str, Json]) -> bool:
    """Say whether the plan means this listener: by its ARN, its port, or protocol and port."""
    port, protocol = number(row, "Port"), text(row, "Protocol").lower()
    return name in (text(row, "ListenerArn"), str(port), f"{protocol}:{port}")
