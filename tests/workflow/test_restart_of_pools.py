"""A restart where weights are a pool's: a node leaves its pool and joins it again, on a fake world and a real store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.run.restarting import Asked, proposed
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.actions import Deregister, Register
from migrator.domain.model.balancer import Backend, Scope
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.store import Store
from tests.fakes.balancer import NEW_POOL, PLAIN
from tests.fakes.harness import Killed
from tests.fakes.restarted import SHORT, Restart
from tests.fakes.world import LISTENERS, NEW_PORT
from tests.words import refused

POOLED = replace(PLAIN, weights_of=Scope.POOL, several_listeners=False, drain_floor=7.0)
Make = Callable[..., Restart]


@pytest.fixture
def restart(memory: Path) -> Make:
    return lambda *args, **more: Restart(memory, *args, capabilities=POOLED, **more)


def members(r: Restart) -> dict[str, str]:
    """Give the pool of each of the nodes' rows."""
    return {str(b): entry.pool for b, entry in r.world.balancer.rows.items() if b.port == NEW_PORT}


def test_every_node_leaves_its_pool_is_renewed_and_joins_it_again(restart: Make) -> None:
    r = restart()
    pools, left = members(r), list[Backend]()
    leaving, joining = r.world.balancer.deregister, r.world.balancer.register
    there: list[int] = []

    def deregister(action: Deregister) -> object:
        left.extend(action.backends)
        return leaving(action)

    def register(action: Register) -> object:
        there.append(len(members(r)))
        return joining(action)

    r.world.balancer.deregister = deregister  # type: ignore[method-assign,assignment]  # what leaves is watched
    r.world.balancer.register = register  # type: ignore[method-assign,assignment]
    run = r.process()

    assert run.state is State.COMPLETED, (run.why, r.words()[-5:])
    assert r.revisions() == {r.wanted}
    assert r.weights() == r.before
    assert members(r) == pools
    assert set(pools.values()) == {f"{NEW_POOL}-{name}" for name in LISTENERS}
    assert sorted(map(str, left)) == sorted(pools)
    assert min(there) == len(pools) - 2, "one node at a time, with a row behind each listener"
    assert (r.restarted.harm, r.world.balancer.harm) == ([], [])


def test_a_worse_revision_leaves_the_pools_and_the_former_one_is_everywhere_again(restart: Make) -> None:
    r = restart()
    former, pools = r.revisions(), members(r)
    r.restarted.worse = 0.3

    run = r.process()

    assert (run.state, run.heading) == (State.ROLLED_BACK, Heading.BACK), (run.why, r.words()[-5:])
    assert "judge.abort" in str(run.why)
    assert r.revisions() == former
    assert (r.weights(), members(r)) == (r.before, pools)
    assert (r.restarted.harm, r.world.balancer.harm) == ([], [])


@pytest.mark.parametrize("most", [19, 30])
def test_a_restart_that_is_killed_again_and_again_registers_exactly_what_it_took_off(restart: Make, most: int) -> None:
    r = restart()
    pools = members(r)

    for life in range(400):
        try:
            run = r.process(dies_after=most + life % 3)
            break
        except Killed:
            continue

    assert run.state is State.COMPLETED
    assert r.revisions() == {r.wanted}
    assert (r.weights(), members(r)) == (r.before, pools)
    assert (len(r.restarted.ended), r.restarted.harm, r.world.balancer.harm) == (3, [], [])


def test_a_person_can_send_it_back_while_a_node_is_off(restart: Make) -> None:
    r = restart()
    former, pools = r.revisions(), members(r)
    r.process(leaves=lambda progress: len(members(r)) < len(pools))
    r.ask(RequestKind.ROLLBACK)

    run = r.process()

    assert run.state is State.ROLLED_BACK, (run.why, r.words()[-5:])
    assert r.revisions() == former
    assert (r.weights(), members(r)) == (r.before, pools)
    assert not r.restarted.harm


def test_a_target_that_somebody_else_takes_off_halts_the_restart(restart: Make) -> None:
    r = restart()
    r.process(leaves=lambda progress: len(r.restarted.ended) == 1)
    other = next(b for b in r.world.balancer.rows if b.port == NEW_PORT and b.address == "10.1.0.3")
    r.world.balancer.hand(other, None)

    run = r.process()

    assert run.state is State.HALTED
    assert "weights.foreign-hand" in str(run.why)


def test_a_group_whose_targets_a_controller_registers_is_refused(restart: Make, tmp_path: Path) -> None:
    r = restart()
    spec = replace(SHORT, balancer=replace(SHORT.balancer, provider="aws"))
    group = f"{NEW_POOL}-{LISTENERS[0]}"
    binding: Manifest = {
        "apiVersion": "elbv2.k8s.aws/v1beta1",
        "kind": "TargetGroupBinding",
        "metadata": {"name": "edge", "namespace": "edge"},
        "spec": {"targetGroupARN": "another", "serviceRef": {"name": "gw"}},
    }
    r.world.cluster.add(binding)
    with Store.open(tmp_path / "other.db", r.world.clock) as blank:
        assert proposed(blank, spec, r.world.readers, Asked()).way == "restart"
        r.world.cluster.add(
            {**binding, "metadata": {"name": "own", "namespace": "edge"}, "spec": {"targetGroupARN": group}}
        )
        with refused(UsageError, "restart.bound", binding="TargetGroupBinding own", group=group):
            proposed(blank, spec, r.world.readers, Asked())
