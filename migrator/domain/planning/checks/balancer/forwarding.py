"""The checks of a layer-7 listener's other rules: none is left on a side that goes, and the witness asks none of them."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import say
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.planning.forwarding_rules import aside, leading, taking
from migrator.domain.planning.proposal import Proposal


def other_rules(proposal: Proposal) -> Iterable[Finding]:
    """A rule that is not the plan's keeps its backends: well for others' backends, fatal for those of the old side."""
    others = aside(proposal.world, proposal.spec)
    left = leading(proposal.world, proposal.spec, others)
    for rule in left:
        yield block(
            "balancer.rule-left-behind",
            listeners_subject([rule.id]),
            rule=str(rule.match),
            backends=tuple(str(target.backend) for target in rule.targets),
            listener=rule.listener,
        )
    if untouched := [rule for rule in others if rule not in left]:
        yield info(
            "balancer.other-rule",
            listeners_subject(dict.fromkeys(rule.listener for rule in untouched)),
            rules=tuple(f"{rule.id} ({rule.match})" for rule in untouched),
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
        why = say("witness.no-host")
    elif taken is not None and taken.id not in named:
        why = say("witness.taken", asked=f"{host}{path}", rule=taken.id)
    else:
        return
    yield warn(
        "witness.other-rule", "spec.gateway", why=why, rules=tuple(f"{rule.id} ({rule.match})" for rule in rules)
    )
