"""Layer-7 listeners of a plan: each forwarding rule that leads to the gateway is a listener of its own to everything else.

So weights, rule 1, health and the journal need no word for rules. It never adds a rule that leads elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.domain.balancers.settings import Rule
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.observation.world import World
from migrator.domain.planning.backends import sides_of


def by_rule(world: World, spec: Spec) -> Spec:
    """Give the spec with each layer-7 listener as those of its rules that hold backends of either side.

    A rule that the plan names itself stays, whatever it holds. A listener of which no rule leads to the gateway stays as it
    is: it has no old backend, and is found out by that.
    """
    ours = leading(world, spec, world.rules)
    listeners: dict[str, ListenerSpec] = {}
    for listener in spec.balancer.listeners:
        named = [rule for rule in world.rules if rule.id == listener.id]
        under = [rule for rule in ours if rule.listener == listener.id]
        rows = [replace(listener, id=rule.id, layer=7) for rule in (*named, *under)]
        listeners |= {row.id: row for row in rows or [listener]}
    return replace(spec, balancer=replace(spec.balancer, listeners=tuple(listeners.values())))


def aside(world: World, spec: Spec) -> tuple[Rule, ...]:
    """Give the rules of the plan's layer-7 listeners that are not the plan's."""
    named = {listener.id for listener in spec.balancer.listeners}
    return tuple(rule for rule in world.rules if not named & {rule.id, rule.listener})


def taking(rules: Sequence[Rule], host: str, path: str) -> Rule | None:
    """Give the rule that takes such a request: the whole host before the end of one, then the longest path.

    None where none does, or where a pattern could: which one wins then is the balancer's secret.
    """
    if any(words.startswith("~") for rule in rules for words in (rule.domain, rule.url)):
        return None
    fitting = [rule for rule in rules if _fits(rule.domain, host) and path.startswith(rule.url)]
    return max(fitting, key=lambda rule: (rule.domain == host, len(rule.domain), len(rule.url)), default=None)


def _fits(domain: str, host: str) -> bool:
    return domain in ("", host) or (domain.startswith("*.") and host.endswith(domain[1:]))


def leading(world: World, spec: Spec, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Give those of the rules that hold a backend of either side."""
    if not rules:
        return ()
    every = tuple(ListenerSpec(rule.id, 0) for rule in rules)
    there = replace(world, targets=tuple(target for rule in rules for target in rule.targets))
    wide = replace(spec, balancer=replace(spec.balancer, listeners=every))
    sides = sides_of(there, wide)
    ours = {slot.listener for slot in sides.old} | {target.backend.listener for target in sides.present}
    return tuple(rule for rule in rules if rule.id in ours)
