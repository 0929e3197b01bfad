"""The way back of a restart as commands that a person types: the former template, then node by node as the run would. Pure.

A node keeps its weight until its stage comes, and none is told to end that still has some.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator

from migrator.domain.balancers.by_hand import ByHand
from migrator.domain.messages.message import say
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, labels, mapping
from migrator.domain.planning.clusters.typed import kubectl
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.by_hand import Stage, forgotten, leases
from migrator.domain.steps import Renew
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.steps.restarting.presence import leaves, put_back, silence, take_out


def restarted_by_hand(plan: Plan, renewed: Iterable[str], balancer: ByHand) -> tuple[Stage, ...]:
    """Give the stages. `renewed` are the nodes whose gateway may be of the new revision."""
    return tuple(_stages(plan, frozenset(renewed), balancer))


def _stages(plan: Plan, renewed: frozenset[str], balancer: ByHand) -> Iterator[Stage]:
    spec, lb, can = plan.spec, plan.spec.balancer, plan.seen.capabilities
    strategy, template = plan.changes
    nodes = [node for step in plan.steps if isinstance(step, Renew) for node in step.nodes]
    yield Stage(say("hand.nobody-else"), tuple(f"{each} -o yaml" for each in leases(spec, "get")))
    yield Stage(say("hand.restart-template"), (_patch(plan, template, template.undo),))
    if kept := tuple(row for node in nodes if node.name not in renewed for row in node.rows):
        title = say("hand.restart-others-join" if leaves(can) else "hand.restart-others")
        yield Stage(title, (*balancer.look(lb), *balancer.write(lb, put_back(kept, can))))
    for node in (node for node in reversed(nodes) if node.name in renewed):
        yield from _of_node(plan, node, balancer)
    yield Stage(say("hand.undo"), (_patch(plan, strategy, strategy.original),))
    yield Stage(say("hand.forget"), forgotten(spec))


def _of_node(plan: Plan, node: NodeRows, balancer: ByHand) -> Iterator[Stage]:
    spec, lb, can = plan.spec, plan.spec.balancer, plan.seen.capabilities
    if node.rows:
        lowered = say("hand.restart-leave" if leaves(can) else "hand.restart-lower", node=node.name)
        yield Stage(lowered, balancer.write(lb, take_out(node.rows, can)))
    ended = say("hand.restart-end", node=node.name, seconds=max(spec.drain.timeout, silence(can)))
    yield Stage(ended, _made_anew(plan, node))
    if not node.rows:
        return
    written = balancer.write(lb, put_back(node.rows, can))
    if leaves(can):
        yield Stage(say("hand.restart-join", node=node.name), (*written, *balancer.look(lb)))
    else:
        yield Stage(say("hand.restart-raise", node=node.name), (*balancer.look(lb), *written))


def _made_anew(plan: Plan, node: NodeRows) -> tuple[str, ...]:
    chosen = labels(mapping(plan.seen.source), "spec", "selector", "matchLabels")
    selector = shlex.quote(",".join(f"{key}={value}" for key, value in sorted(chosen.items())))
    called = kubectl(plan.spec, plan.changes[0].ref.namespace)
    at = f"-l {selector} --field-selector spec.nodeName={shlex.quote(node.name)}"
    return (
        f"{called} delete pod {at}",
        f"sleep 5; {called} wait pod {at} --for=condition=Ready --timeout={plan.spec.deadlines.ready:.0f}s",
    )


def _patch(plan: Plan, change: Change, patch: Json) -> str:
    words = shlex.quote(json.dumps(patch, ensure_ascii=False, separators=(",", ":")))
    called = kubectl(plan.spec, change.ref.namespace)
    return f"{called} patch {change.ref.kind.lower()} {change.ref.name} --type merge -p {words}"
