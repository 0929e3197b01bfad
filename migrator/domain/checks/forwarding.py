"""The check of a layer-7 listener's other rules: none of them may be left on a side that the run takes away."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.checks.sides import block, info, listed
from migrator.domain.findings import Finding
from migrator.domain.layer7 import aside, leading
from migrator.domain.spec import Spec
from migrator.domain.world import World


def other_rules(world: World, spec: Spec) -> Iterable[Finding]:
    """A rule that is not the plan's keeps its backends: well for others' backends, fatal for those of the old side."""
    others = aside(world, spec)
    left = leading(world, spec, others)
    for rule in left:
        yield block(
            "balancer.rule-left-behind",
            f"listener {rule.id}",
            f"this rule ({rule.match}) leads to the gateway too and is not in the plan: its requests would find nobody once "
            "the old side is gone",
            listed(str(target.backend) for target in rule.targets),
            f"name {rule.listener} in loadBalancer.listeners, which means all such rules, and plan again",
        )
    if untouched := [rule for rule in others if rule not in left]:
        yield info(
            "balancer.other-rule",
            f"listener {listed(dict.fromkeys(rule.listener for rule in untouched))}",
            f"{len(untouched)} of its forwarding rules lead elsewhere or nowhere; they are not touched",
            listed(f"{rule.id} ({rule.match})" for rule in untouched),
            "",
        )
