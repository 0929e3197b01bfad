"""Members of target groups come and go: they join and leave their own side's group with the weight that it has."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.actions import Register
from migrator.domain.model.balancer import Backend
from migrator.domain.observation.sides import Sides
from migrator.domain.weights.drift import drifted_weights
from tests.domain.sides.ground import (
    ATTACH_OLD,
    COMES,
    FIRST,
    NEW,
    OLD_GROUP,
    OLD_PORT,
    POOLED,
    Ground,
    at_share,
    new_pod,
    shift,
)


def test_a_group_in_which_nobody_lives_gets_no_share() -> None:
    ground = at_share(50, POOLED)
    for address in FIRST:
        ground.vanish(address)

    ground.rest(shift(50, soak=900.0))

    assert not any(ground.old_weights().values())
    assert not ground.lawless


def test_a_new_group_with_a_dead_member_takes_over_when_all_old_pods_end_at_once() -> None:
    ground = at_share(10.0, POOLED)
    ground.new[0] = None
    for address in FIRST:
        ground.end(address)

    ground.rest(shift(10.0, soak=900.0), 3)

    assert not ground.lawless
    assert set(ground.old_weights().values()) == {0}
    assert ground.rows[NEW[1]] == 100


def test_an_old_pod_that_comes_joins_the_group_of_its_side_and_the_share_stays() -> None:
    ground = at_share(50, POOLED)
    before = set(ground.old_weights().values())
    ground.come(COMES)

    ground.rest(shift(50, soak=900.0))

    assert COMES in ground.old_weights()
    assert ground.strays() == []
    assert set(ground.old_weights().values()) == before
    assert [type(action) for action in ground.done] == [Register]


def test_where_nobody_of_the_old_group_is_left_in_it_who_comes_is_put_where_the_record_says() -> None:
    ground = at_share(100, POOLED)
    for backend in [each for each in ground.rows if each.port == OLD_PORT]:
        del ground.rows[backend]
    ground.come(COMES)

    assert {slot.backend.ref for slot in ground.seen()[Sides].old} == {OLD_GROUP}


def test_a_member_leaves_its_group_as_soon_as_its_pod_is_going_while_another_carries_it() -> None:
    ground = at_share(50, POOLED)
    ground.end(FIRST[0])

    ground.rest(shift(50, soak=900.0), 2)

    assert FIRST[0] not in ground.old_weights()
    assert abs(ground.share - 50) < 1
    assert not ground.lawless


def test_a_new_gateway_that_is_replaced_leaves_its_group_and_joins_it_again() -> None:
    ground = at_share(50, POOLED)
    ground.new[0] = new_pod(0, "n0", terminating=True)
    ground.rest(shift(50, soak=900.0), 3)
    assert NEW[0] not in ground.rows

    ground.new[0] = new_pod(0, "n9")
    ground.rest(shift(50, soak=900.0), 4)

    assert ground.rows[NEW[0]] == ground.rows[NEW[1]] > 0
    assert ground.strays() == []


def test_the_last_who_carries_a_group_stays_in_it_until_who_came_is_healthy_there_or_another_group_carries_all() -> (
    None
):
    ground = Ground(POOLED)
    ground.come(COMES)
    ground.young.add(COMES)
    ground.rest(ATTACH_OLD, 2)
    for address in FIRST:
        ground.end(address)

    ground.rest(ATTACH_OLD, 3)
    assert set(FIRST) < set(ground.old_weights())

    ground.young.clear()
    ground.rest(ATTACH_OLD, 3)
    assert ground.old_weights() == {COMES: 100}
    assert not ground.lawless


def test_a_group_whose_last_carriers_go_before_who_came_is_healthy_has_no_part_until_then() -> None:
    ground = at_share(50, POOLED)
    ground.come(COMES)
    ground.young.add(COMES)
    for address in FIRST:
        ground.end(address)

    ground.rest(shift(50, soak=900.0), 4)
    assert set(ground.old_weights().values()) == {0}

    ground.young.clear()
    for address in FIRST:
        ground.vanish(address)
    ground.rest(shift(50, soak=900.0))
    assert set(ground.old_weights()) == {COMES}
    assert abs(ground.share - 50) < 1
    assert not ground.lawless


def test_who_is_gone_leaves_a_group_in_which_only_a_sick_one_stays_and_who_is_going_carries_on_there() -> None:
    ground = at_share(50, POOLED)
    ground.old[FIRST[0]] = replace(ground.old[FIRST[0]], ready=False)
    ground.vanish(FIRST[1])
    ground.end(FIRST[2])

    ground.rest(shift(50, soak=900.0), 4)

    assert set(ground.old_weights()) == {FIRST[0], FIRST[2]}


def test_a_group_whose_members_were_all_replaced_one_after_another_is_nobodys_hand() -> None:
    ground = at_share(90, POOLED)
    weight = ground.old_weights()[FIRST[0]]
    for number, address in enumerate(FIRST):
        ground.come(f"10.0.1.{number}")
        ground.rest(shift(90, soak=900.0), 2)
        ground.end(address)
        ground.rest(shift(90, soak=900.0), 2)

    assert ground.old_weights() == dict.fromkeys(("10.0.1.0", "10.0.1.1", "10.0.1.2"), weight)
    assert drifted_weights(ground.seen()) == []


def test_a_group_whose_members_somebody_replaced_all_at_once_is_nobodys_hand_unless_its_weight_was_changed() -> None:
    ground = at_share(90, POOLED)
    weight = ground.old_weights()[FIRST[0]]
    for address in FIRST:
        ground.vanish(address)
        del ground.rows[Backend("l-1", address, OLD_PORT)]
    ground.come(COMES)
    came = Backend("l-1", COMES, OLD_PORT)
    ground.rows[came], ground.pool[came] = weight, OLD_GROUP

    assert drifted_weights(ground.seen()) == []
    ground.rows[came] = weight + 1
    assert [hand.backend for hand in drifted_weights(ground.seen())] == [came]
