"""The contract of the balancer ports where weights belong to pools: a pool is written whole, a listener at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Pools, Row, Scope, Side, Weighted, pools
from migrator.domain.weights import planner as steps
from tests.contracts.balancer import Can, Ground, Rig, found, needs, registered, removed, until, weights


@pytest.fixture(autouse=True)
def pooled(ground: Ground) -> None:
    """Leave out the vendors whose backends have weights of their own."""
    with ground.rig((10, 10), 0) as rig:
        scope = rig.driver().capabilities().weights_of
    if scope is Scope.BACKEND:
        pytest.skip("each backend of this vendor has a weight of its own")


def whole(rig: Rig, at: int, weight: int) -> SetWeights:
    """Give a weight for the pool that holds the standing rows of a listener."""
    half = len(rig.standing) // 2
    return SetWeights(tuple(Weighted(each, weight) for each in rig.standing[at * half : (at + 1) * half]))


def test_a_pools_weight_is_absolute_takes_one_call_and_leaves_the_other_listener_alone(rig: Rig) -> None:
    driver = rig.driver()
    ops = [driver.set_weights(whole(rig, 0, 25)) for _ in range(2)]

    assert weights(driver) == dict.fromkeys(rig.standing[:2], 25) | dict.fromkeys(rig.standing[2:], 10)
    assert [op.id for op in ops] == ["", ""]
    assert [sent.verb for sent in rig.sent()] == ["weigh"]  # the second changed nothing


def test_two_weights_for_one_pool_are_refused_and_change_nothing(rig: Rig) -> None:
    driver = rig.driver()
    rows = (Weighted(rig.standing[0], 3), Weighted(rig.standing[1], 4))

    with pytest.raises(Refused):
        driver.set_weights(SetWeights(rows))

    assert weights(driver) == dict.fromkeys(rig.standing, 10)


def test_two_listeners_in_one_call_are_refused(rig: Rig) -> None:
    driver = rig.driver()

    with pytest.raises(Refused):
        driver.set_weights(SetWeights((*whole(rig, 0, 3).rows, *whole(rig, 1, 3).rows)))

    assert weights(driver) == dict.fromkeys(rig.standing, 10)


@needs(Can.CHECKS)
def test_health_is_checked_from_the_registration_on_though_the_new_pool_has_no_weight(rig: Rig) -> None:
    driver = rig.driver()
    registered(rig, driver, rig.spare)

    until(lambda: {found(driver, each).health for each in rig.spare} == {"healthy"})
    assert [sent.verb for sent in rig.sent()] == ["register", "register"]


def test_both_pools_of_a_listener_change_in_one_call(rig: Rig) -> None:
    driver = rig.driver()
    registered(rig, driver, rig.spare)
    before = len(rig.sent())
    new = tuple(Weighted(each, 30) for each in rig.spare[:2])

    driver.set_weights(SetWeights((*whole(rig, 0, 70).rows, *new)))

    assert [set(sent.rows) for sent in rig.sent()[before:]] == [
        {*((each, 70) for each in rig.standing[:2]), *((each, 30) for each in rig.spare[:2])}
    ]


@needs(Can.DROPPED)
def test_an_answer_lost_after_the_effect_is_perhaps_done_and_a_later_look_sees_it(rig: Rig) -> None:
    driver = rig.driver()
    rig.trouble(Can.DROPPED)

    with pytest.raises(Unreachable) as lost:
        driver.set_weights(whole(rig, 0, 3))

    assert lost.value.retry_after is None
    assert len(rig.sent()) == 1
    rig.calm()
    until(lambda: weights(rig.driver())[rig.standing[0]] == 3)


def test_nobody_is_registered_in_a_new_pool_that_has_weight_already(rig: Rig) -> None:
    driver = rig.driver()
    registered(rig, driver, rig.spare[:1])
    driver.set_weights(SetWeights((Weighted(rig.spare[0], 5),)))

    with pytest.raises(Refused, match="weight"):
        registered(rig, driver, rig.spare[1:2])

    assert rig.spare[1] not in weights(driver)


def test_a_backend_joins_and_leaves_a_pool_that_stands_but_the_last_one_never_leaves_it(rig: Rig) -> None:
    driver = rig.driver()
    first, second = rig.spare[:2]
    registered(rig, driver, (first,))
    driver.set_weights(SetWeights((Weighted(first, 5),)))

    driver.register(Register((second,), standing=True))
    assert weights(driver)[second] == 5
    driver.deregister(Deregister((first,), standing=True))

    assert first not in weights(driver)
    with pytest.raises(Refused, match="weight"):
        driver.deregister(Deregister((second,), standing=True))
    with pytest.raises(Refused, match="weight"):
        driver.deregister(Deregister((rig.standing[0],)))


def test_a_row_goes_back_to_the_pool_that_it_was_taken_from(rig: Rig) -> None:
    driver = rig.driver()
    old = [target.backend for target in driver.targets() if target.backend in rig.standing[:2]]
    registered(rig, driver, rig.spare[:1])
    driver.set_weights(SetWeights((*(Weighted(each, 0) for each in old), Weighted(rig.spare[0], 9))))
    removed(rig, driver, rig.standing[:2])
    assert not set(rig.standing[:2]) & set(weights(driver))

    registered(rig, driver, old)

    rows = {target.backend: target for target in driver.targets()}
    assert {rows[each].pool for each in old} == {each.ref for each in old}
    assert {rows[each].weight for each in old} == {0}


@pytest.mark.slow
def test_a_crowd_is_walked_in_one_call_a_listener_and_share(ground: Ground) -> None:
    with ground.rig((1,) * ground.crowd, 20) as rig:
        driver = rig.driver()
        registered(rig, driver, rig.spare)
        seen = driver.targets()
        now = pools(seen, {t.backend: Side.OLD if t.weight else Side.NEW for t in seen}, driver.capabilities())
        originals = [Weighted(target.backend, target.weight) for target in seen if target.weight]
        for share in (10.0, 50.0, 90.0, 100.0):
            rows = steps.wanted(now, originals, share).rows
            before = len(rig.sent())
            for _ in now.listeners:
                chunk = steps.next_chunk(now, rows)
                driver.set_weights(SetWeights(chunk))
                now = _with(now, chunk)

            assert steps.pending(now, rows) == ()
            assert now.share() == pytest.approx(share, abs=steps.GOOD)
            assert len(rig.sent()) - before == len(now.listeners)
        assert weights(driver) == now.weights()


def _with(now: Pools, chunk: tuple[Weighted, ...]) -> Pools:
    given = {row.backend: row.weight for row in chunk}
    rows = (Row(replace(r.target, weight=given.get(r.backend, r.weight)), r.side) for r in now.rows)
    return replace(now, rows=tuple(rows))
