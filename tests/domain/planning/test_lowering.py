"""Which sides' gateways take their own rows off when their pods end: those with a container of ours that sets weights."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.planning.resting.lowering import lowering
from tests.domain.seen import NEW_REF
from tests.fakes.world import FakeWorld, quick


def having(*arguments: str) -> Manifest:
    beside: Json = {"name": "migrator-farewell", "args": ["farewell", *arguments]}
    return {"spec": {"template": {"spec": {"containers": [{"name": "gateway"}, beside]}}}}


SETS, ASKS = having("--lease", "edge/migrator-gw", "--port", "80"), having("--follower", "http://x")


def test_a_side_lowers_itself_by_what_its_own_workload_has() -> None:
    plan = FakeWorld().plan(quick())
    of_old, restarted = replace(plan.seen, source=SETS), replace(plan.seen, source=SETS, former=("r1",))
    changed = Change(NEW_REF, "u", SETS, None, verbatim("x"))

    assert lowering(plan) == frozenset()
    assert lowering(replace(plan, manifests=(ASKS,))) == frozenset()
    assert lowering(replace(plan, manifests=("text", SETS))) == {Side.NEW}
    assert lowering(replace(plan, changes=(changed,))) == {Side.NEW}
    assert lowering(replace(plan, seen=of_old)) == {Side.OLD}
    assert lowering(replace(plan, seen=restarted)) == set(Side)
