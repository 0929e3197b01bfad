"""The way back of a restart by hand: the former template first, and no pod ends whose node has weight."""

from __future__ import annotations

import json
from dataclasses import replace

from migrator.domain.balancers.by_hand import ByHand
from migrator.domain.planning.survival.by_hand_restart import restarted_by_hand
from migrator.domain.steps import Renew
from tests.domain.planning.restarting.test_restart import made
from tests.domain.planning.restarting.test_zones import GROUP, stands

BALANCER = ByHand(lambda _lb: ("look",), lambda _lb, action: (type(action).__name__,))


def test_its_way_back_by_hand_ends_no_pod_whose_node_has_weight() -> None:
    plan = made()
    first, *others = (node.name for node in plan.seen.nodes)

    stages = restarted_by_hand(plan, others, BALANCER)

    codes = [stage.title.code for stage in stages]
    assert codes[:3] == ["hand.nobody-else", "hand.restart-template", "hand.restart-others"]
    assert codes[3:-2] == ["hand.restart-lower", "hand.restart-end", "hand.restart-raise"] * len(others)
    assert codes[-2:] == ["hand.undo", "hand.forget"]
    assert first not in str(stages[3:-2])
    assert json.dumps(plan.changes[1].undo, separators=(",", ":"), ensure_ascii=False) in stages[1].lines[0]
    assert all("--field-selector" in line for line in stages[4].lines)


def test_nodes_without_rows_have_only_their_pods_made_anew() -> None:
    plan = made()
    bare = tuple(
        replace(step, nodes=tuple(replace(node, rows=()) for node in step.nodes)) if isinstance(step, Renew) else step
        for step in plan.steps
    )

    stages = restarted_by_hand(replace(plan, steps=bare), [node.name for node in plan.seen.nodes], BALANCER)

    assert [stage.title.code for stage in stages[2:-2]] == ["hand.restart-end"] * 3


def test_where_weights_are_a_pools_a_node_is_taken_out_of_it_and_put_back() -> None:
    plan = made(seen=stands(GROUP))
    first, *others = (node.name for node in plan.seen.nodes)

    stages = restarted_by_hand(plan, others, BALANCER)

    codes = [stage.title.code for stage in stages]
    assert codes[2] == "hand.restart-others-join"
    assert codes[3:-2] == ["hand.restart-leave", "hand.restart-end", "hand.restart-join"] * len(others)
    assert stages[3].lines == ("Deregister",)
    assert stages[5].lines == ("Register", "look")
    assert first not in str(stages[3:-2])
