"""The contract of BalancerReader and BalancerWriter: the same stories against every driver."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.actions import Deregister, Op, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Weighted, pools
from migrator.domain.ports.balancer import KnowsSteering
from migrator.domain.weights import planner as steps
from tests.contracts.balancer import Can, Ground, Rig, finished, found, needs, registered, removed, until, weights

# --- reading ------------------------------------------------------------------------------------------------------


def test_targets_are_the_backends_of_all_listeners_with_their_weights(rig: Rig) -> None:
    assert weights(rig.driver()) == dict.fromkeys(rig.standing, 10)


def test_reading_writes_nothing(rig: Rig) -> None:
    driver = rig.driver()
    driver.capabilities()
    driver.targets()
    driver.findings()
    driver.address()
    driver.poll(Op("any"))

    assert rig.sent() == []


def test_capabilities_leave_room_for_a_walk(rig: Rig) -> None:
    found = rig.driver().capabilities()

    assert found.batch >= 1
    assert found.weight_max >= 100
    assert found.writes_per_minute is None or found.writes_per_minute > 0


def test_how_listeners_steer_is_no_matter_of_our_own_writes(rig: Rig) -> None:
    """A driver that says nothing of it is right, too; one that does would hold every run if our writes showed in it."""
    driver = rig.driver()
    if not isinstance(driver, KnowsSteering):
        return
    before = driver.steering()
    registered(rig, driver, rig.spare[:1])
    finished(driver, driver.set_weights(SetWeights((Weighted(rig.standing[0], 5),))))

    assert before == () or {each.listener for each in before} == {backend.listener for backend in rig.standing}
    assert driver.steering() == before


@needs(Can.CHECKS)
def test_health_is_what_the_balancer_sees_and_unknown_where_that_is_no_evidence(rig: Rig) -> None:
    driver, well, sick = rig.driver(), rig.standing[0], rig.standing[1]
    zero = rig.spare[0]
    registered(rig, driver, [zero])
    rig.sicken(sick)
    rig.sicken(zero)

    until(lambda: found(driver, sick).health is Health.UNHEALTHY)
    until(lambda: found(driver, well).health is Health.HEALTHY)
    seen = Health.UNHEALTHY if driver.capabilities().health_at_zero else Health.UNKNOWN
    until(lambda: found(driver, zero).health is seen)


def test_a_vendor_that_does_not_answer_is_unreachable_and_perhaps_did_it(rig: Rig) -> None:
    driver = rig.unplugged()

    with pytest.raises(Unreachable) as reading:
        driver.targets()
    with pytest.raises(Unreachable) as writing:
        driver.set_weights(SetWeights((Weighted(rig.standing[0], 5),)))

    assert (reading.value.retry_after, writing.value.retry_after) == (None, None)


# --- registering --------------------------------------------------------------------------------------------------


def test_registering_is_always_at_weight_0(rig: Rig) -> None:
    driver = rig.driver()
    registered(rig, driver, rig.spare)

    assert [weights(driver)[backend] for backend in rig.spare] == [0] * 4
    assert all(weight in (0, None) for sent in rig.sent() for _, weight in sent.rows)


def test_registering_twice_is_registering_once(rig: Rig) -> None:
    driver = rig.driver()
    registered(rig, driver, rig.spare)
    registered(rig, driver, rig.spare)

    assert weights(driver) == dict.fromkeys(rig.standing, 10) | dict.fromkeys(rig.spare, 0)


def test_registering_never_changes_the_weight_of_a_row_that_is_there(rig: Rig) -> None:
    """A bound row among new ones: every vendor's own register call would give it the new weight, or refuse it."""
    driver = rig.driver()
    registered(rig, driver, (rig.standing[0], rig.spare[0]))

    assert weights(driver) == dict.fromkeys(rig.standing, 10) | {rig.spare[0]: 0}


# --- weights ------------------------------------------------------------------------------------------------------


@needs(Can.ALONE)
def test_weights_are_absolute_and_rows_that_are_not_named_stay(rig: Rig) -> None:
    driver, row = rig.driver(), Weighted(rig.standing[0], 25)
    for _ in range(2):
        finished(driver, driver.set_weights(SetWeights((row,))))
        rig.rest()

    assert weights(driver) == dict.fromkeys(rig.standing, 10) | {row.backend: 25}


@needs(Can.ALONE)
def test_one_action_is_one_call_with_all_rows_in_the_order_given(rig: Rig, ground: Ground) -> None:
    """The vendor's own log: a driver that splits, reorders or adds rows breaks the ordering that keeps traffic alive."""
    driver = rig.driver()
    for rows in _batches(driver.capabilities().batch, driver.capabilities().several_listeners, rig):
        before = len(rig.sent())
        finished(driver, driver.set_weights(SetWeights(rows)))
        rig.rest()

        arrived = rig.sent()[before:]
        calls = len(rows) if Can.APART in ground.can else 1
        assert [sent.verb for sent in arrived] == ["weigh"] * calls
        written = [row for sent in arrived for row in sent.rows]
        assert _by_listener(written) == _by_listener([(row.backend, row.weight) for row in rows])


def _batches(batch: int, several: bool, rig: Rig) -> list[tuple[Weighted, ...]]:
    """Give the standing rows in both orders, as batches that the vendor takes."""
    listeners = [rig.standing] if several else [rig.standing[:2], rig.standing[2:]]
    ordered = [[*rows] for rows in listeners] + [[*reversed(rows)] for rows in listeners]
    return [
        tuple(Weighted(backend, 20 + at) for at, backend in enumerate(rows[start : start + batch]))
        for rows in ordered
        for start in range(0, len(rows), batch)
    ]


def _by_listener(rows: list[tuple[Backend, int]] | tuple[tuple[Backend, int | None], ...]) -> dict[str, list[object]]:
    """Group rows: what a listener is given comes in the order given; between listeners a vendor's call has no order."""
    found: dict[str, list[object]] = {}
    for backend, weight in rows:
        found.setdefault(backend.listener, []).append((backend, weight))
    return found


def test_a_weight_for_a_row_that_is_not_there_is_refused_and_changes_nothing(rig: Rig) -> None:
    driver = rig.driver()

    with pytest.raises(Refused):
        driver.set_weights(SetWeights((Weighted(rig.spare[0], 1),)))

    rig.rest()
    assert weights(driver) == dict.fromkeys(rig.standing, 10)


@pytest.mark.slow
def test_a_crowd_is_walked_in_the_fewest_calls_that_the_batch_allows(ground: Ground) -> None:
    """Shares 10, 50, 90, 100 over all backends: at each, calls = changed rows / batch, rounded up, per call's reach."""
    if Can.ALONE not in ground.can:
        pytest.skip("this vendor has no weight per backend")
    quarter = ground.crowd // 4
    with ground.rig(((10,) * quarter + (0,) * quarter) * 2, 0) as rig:
        driver = rig.driver()
        caps, seen = driver.capabilities(), driver.targets()
        new = {t.backend: Side.NEW if t.weight == 0 else Side.OLD for t in seen}
        now = pools(seen, new, caps)
        originals = [Weighted(target.backend, target.weight) for target in seen]
        for share in (10.0, 50.0, 90.0, 100.0):
            rows = steps.wanted(now, originals, share).rows
            due = steps.pending(now, rows)
            least = _least(due, caps)
            before = len(rig.sent())
            for _ in range(least):
                chunk = steps.next_chunk(now, rows)
                driver.set_weights(SetWeights(chunk))
                rig.rest()
                now = _with(now, chunk)

            assert steps.pending(now, rows) == ()
            assert now.share() == pytest.approx(share, abs=steps.GOOD)
            assert len(rig.sent()) - before == (len(due) if Can.APART in ground.can else least) > 0
        assert weights(driver) == now.weights()


def _least(rows: tuple[Weighted, ...], caps: Capabilities) -> int:
    """Give the fewest calls that can carry these rows; a listener's rows are calls of their own where they must be."""
    if caps.several_listeners:
        return -(-len(rows) // caps.batch)
    return sum(-(-count // caps.batch) for count in Counter(row.backend.listener for row in rows).values())


def _with(now: Pools, chunk: tuple[Weighted, ...]) -> Pools:
    set_to = {row.backend: row.weight for row in chunk}
    return replace(
        now,
        rows=tuple(Row(replace(row.target, weight=set_to.get(row.backend, row.weight)), row.side) for row in now.rows),
    )


# --- removing -----------------------------------------------------------------------------------------------------


def test_a_row_with_weight_is_not_removed_and_nothing_is_sent(rig: Rig) -> None:
    driver = rig.driver()
    registered(rig, driver, rig.spare[:1])
    before = rig.sent()

    with pytest.raises(Refused, match="weight"):
        driver.deregister(Deregister((rig.spare[0], rig.standing[0])))

    assert rig.sent() == before
    assert set(weights(driver)) == {*rig.standing, rig.spare[0]}


def test_removing_takes_the_rows_away_and_rows_already_gone_are_fine(rig: Rig) -> None:
    driver = rig.driver()
    registered(rig, driver, rig.spare[:2])
    removed(rig, driver, (rig.spare[0], rig.spare[3]))
    removed(rig, driver, (rig.spare[0],))

    assert set(weights(driver)) == {*rig.standing, rig.spare[1]}
