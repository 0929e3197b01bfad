"""The checks of a layer-7 listener's other rules: none is left on a side that goes, and the witness asks none of them."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.worded import block, info, listed, warn
from migrator.domain.planning.forwarding_rules import aside, leading, taking
from migrator.domain.planning.proposal import Proposal


def other_rules(proposal: Proposal) -> Iterable[Finding]:
    """A rule that is not the plan's keeps its backends: well for others' backends, fatal for those of the old side."""
    others = aside(proposal.world, proposal.spec)
    left = leading(proposal.world, proposal.spec, others)
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


def witness_asks_a_rule_of_the_plan(proposal: Proposal) -> Iterable[Finding]:
    """The run's own connections say something of the run only where one of its rules takes their requests."""
    world, spec = proposal.world, proposal.spec
    named = [listener.id for listener in spec.balancer.listeners]
    first = {rule.listener for rule in world.rules if rule.id in named[:1]}
    rules = [rule for rule in world.rules if rule.listener in first]
    host, path = spec.gateway.probe_host, spec.gateway.probe_path
    taken = taking(rules, host, path)
    if rules and not host and "" not in {rule.domain for rule in rules}:
        asked, taker = "gateway.probeHost is not set, so they name no domain", "the listener's default rule takes them"
    elif taken is not None and taken.id not in named:
        asked, taker = f"they ask for {host}{path}", f"{taken.id} takes them, which is not the plan's"
    else:
        return
    yield warn(
        "witness.other-rule",
        "spec.gateway",
        f"the run's own connections may not reach what it moves: {asked}, and {taker}",
        listed(f"{rule.id} ({rule.match})" for rule in rules),
        "set gateway.probeHost and probePath to what a rule of the plan takes",
    )
