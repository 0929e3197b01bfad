"""Pods of both sides come, go, crash and change address: no write breaks a rule, and the way back ends with old serving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Side
from migrator.domain.model.decisions import Ask, Do, Done, Wait
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import Approval, OnTimeout
from migrator.domain.observation.sides import Sides
from migrator.domain.sides.split import recorded_now
from migrator.domain.steps import Detach, Gate
from migrator.domain.weights.drift import drifted_weights
from tests.domain.seen import at
from tests.domain.sides.ground import (
    ATTACH_OLD,
    COMES,
    FIRST,
    NEW,
    OLD_PORT,
    POOLED,
    RESTORE,
    Ground,
    at_share,
    new_pod,
    shift,
)

BLIND = Capabilities(health_at_zero=False)
SLOW = Capabilities(batch=1)
GATE = Gate(verbatim("go on?"), Approval.MANUAL)


def test_a_replaced_pods_successor_is_registered_at_0_proved_and_given_its_predecessors_weight() -> None:
    ground = at_share(50)
    before = ground.old_weights()
    ground.vanish(FIRST[0])
    ground.come(COMES)

    ground.rest(shift(50, soak=900.0))

    assert sorted(ground.old_weights().values()) == sorted(before.values())
    assert set(ground.old_weights()) == {FIRST[1], FIRST[2], COMES}
    assert abs(ground.share - 50) < 1
    assert not ground.lawless
    assert [type(action) for action in ground.done].count(Register) == 1


def test_a_pod_that_ends_loses_its_weight_at_once_and_its_row_when_it_is_gone() -> None:
    ground = at_share(50)
    ground.end(FIRST[0])
    ground.rest(shift(50, soak=900.0), 6)

    assert ground.old_weights()[FIRST[0]] == 0
    assert not any(isinstance(action, Deregister) for action in ground.done)

    ground.vanish(FIRST[0])
    ground.rest(shift(50, soak=900.0), 6)

    assert FIRST[0] not in ground.old_weights()
    assert abs(ground.share - 50) < 1
    assert not ground.lawless


def test_a_pod_that_does_not_answer_us_gets_no_weight() -> None:
    ground = at_share(50)
    ground.vanish(FIRST[0])
    ground.come(COMES, ready=False)

    ground.rest(shift(50, soak=900.0))

    assert ground.old_weights().get(COMES, 0) == 0
    assert abs(ground.share - 50) < 1


def test_the_last_that_answers_on_a_listener_keeps_its_weight_whoever_is_behind_it() -> None:
    ground = Ground()
    for address in FIRST:
        ground.end(address)

    ground.rest(shift(10, soak=900.0))

    assert any(ground.old_weights().values())
    assert not ground.lawless


def test_a_look_that_contradicts_itself_takes_nobody_down() -> None:
    ground = at_share(50)
    found = ground.seen()
    assert not [slot for slot in found[Sides].old if not slot.live]


def test_while_paused_who_came_is_taken_up_at_the_share_that_stands() -> None:
    ground = at_share(90)
    ground.state = State.PAUSED
    ground.vanish(FIRST[0])
    ground.come(COMES)

    ground.rest(shift(90, soak=900.0))

    assert ground.old_weights()[COMES] > 0
    assert abs(ground.share - 90) < 1


def test_at_100_percent_who_came_waits_at_0_and_a_new_gateway_that_was_replaced_gets_its_weight_back() -> None:
    ground = at_share(100)
    ground.vanish(FIRST[0])
    ground.come(COMES)
    ground.new[0] = None
    ground.rest(GATE, 10)
    assert ground.rows[NEW[0]] == 0
    ground.new[0] = new_pod(0, "n9")
    ground.rest(GATE, 10)

    assert set(ground.old_weights().values()) == {0}
    assert ground.rows[NEW[0]] == ground.rows[NEW[1]] > 0
    assert not ground.lawless


def test_on_the_way_back_nobody_is_added_to_the_new_side_nor_raised_there() -> None:
    ground = at_share(50)
    ground.heading = Heading.BACK
    ground.new[0] = None
    ground.rest(ATTACH_OLD, 10)
    ground.new[0] = new_pod(0, "n9")
    ground.rest(replace(ATTACH_OLD, deadline=900.0), 10)

    assert ground.rows[NEW[0]] == 0
    assert not ground.lawless


def test_a_side_that_leaves_for_good_is_not_kept() -> None:
    ground = at_share(100)
    for address in FIRST:
        ground.vanish(address)
    for address in (COMES, "10.0.0.8", "10.0.0.7"):
        ground.come(address)

    decision = ground.decide(Detach(Side.OLD, OnTimeout.CUT, 0.0))

    assert isinstance(decision, Do)
    assert not isinstance(decision.action, Register)


def test_a_controllers_row_gets_its_slots_weight_once_and_is_neither_registered_nor_removed_by_us() -> None:
    ground = at_share(90, Capabilities(controlled=True))
    ground.vanish(FIRST[0])
    ground.come(COMES)
    ground.rest(shift(90, soak=900.0), 5)
    assert COMES not in ground.old_weights()

    ground.rows[Backend("l-1", COMES, OLD_PORT)] = 100
    ground.state = State.PAUSED
    ground.rest(GATE, 5)

    assert abs(ground.old_weights()[COMES] - ground.old_weights()[FIRST[1]]) <= 1
    assert not [action for action in ground.done if not isinstance(action, SetWeights)]


def test_a_groups_member_is_proved_by_us_before_it_joins_and_a_lost_one_leaves() -> None:
    ground = at_share(50, POOLED)
    ground.vanish(FIRST[0])
    ground.come(COMES, ready=False)
    ground.rest(shift(50, soak=900.0), 10)
    assert COMES not in ground.old_weights()
    ground.come(COMES)

    ground.rest(shift(50, soak=900.0), 10)

    assert set(ground.old_weights()) == {FIRST[1], FIRST[2], COMES}
    assert len(set(ground.old_weights().values())) == 1
    assert not ground.lawless


def test_the_recorded_weights_are_the_plans_where_nobody_lives() -> None:
    ground = Ground()
    ground.old.clear()

    assert recorded_now(ground.seen()[Sides]) == ground.seen()[Sides].recorded


EVENTS: dict[str, Callable[[Ground, str], None]] = {
    "end": Ground.end,
    "vanish": Ground.vanish,
    "come": Ground.come,
    "unready": lambda ground, address: ground.come(address, ready=False),
}
ADDRESSES = (*FIRST, COMES, "10.0.0.8")
HAPPENS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(tuple(EVENTS)), st.sampled_from(ADDRESSES)),
        st.tuples(st.just("node"), st.sampled_from(("gone", "ready", "unready", "ending"))),
        st.tuples(st.just("turns"), st.integers(1, 4).map(str)),
    ),
    max_size=14,
)


def happen(ground: Ground, event: tuple[str, str], step: object) -> None:
    what, how = event
    if what == "turns":
        ground.rest(step, int(how))  # type: ignore[arg-type]
    elif what == "node":
        named, made = f"n{ground.now:g}", at(ground.now)
        pods = {
            "gone": None,
            "ready": new_pod(0, named, made_at=made),
            "unready": new_pod(0, named, ready=False, made_at=made),
            "ending": new_pod(0, named, terminating=True, made_at=made),
        }
        ground.new[0] = pods[how]
    else:
        EVENTS[what](ground, how)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from((Capabilities(), BLIND, SLOW, POOLED)), st.sampled_from((10.0, 50.0, 90.0, 100.0)), HAPPENS)
def test_whatever_happens_between_two_turns_no_write_breaks_a_rule_and_the_way_back_ends_with_old_serving(
    capabilities: Capabilities, share: float, events: list[tuple[str, str]]
) -> None:
    ground = at_share(share, capabilities)
    for event in events:
        happen(ground, event, shift(share, soak=900.0))
        ground.turn(shift(share, soak=900.0))
        assert not ground.lawless, ground.lawless
        assert drifted_weights(ground.seen()) == []
    ground.come(COMES)
    ground.heading = Heading.BACK

    attached = ground.until_done(ATTACH_OLD)
    restored = ground.until_done(RESTORE)

    assert not ground.lawless, ground.lawless
    assert capabilities is not POOLED or ground.strays() == []
    assert isinstance(attached, Done), attached
    assert isinstance(restored, Done), restored
    assert ground.share == 0
    assert ground.old_weights()[COMES] > 0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from((10.0, 50.0)), HAPPENS)
def test_nothing_advances_without_a_way_back_for_all_of_it(share: float, events: list[tuple[str, str]]) -> None:
    ground = at_share(share)
    ground.vanish(FIRST[0])
    ground.entered, ground.soaked = ground.now, 0.0
    step = shift(90, soak=900.0)
    for event in events:
        if event[1] in (*FIRST, "turns"):
            happen(ground, event, step)
        for address in [address for address in ground.old if address != FIRST[1]]:
            ground.vanish(address)
        decision = ground.turn(step)

        assert not ground.lawless
        assert isinstance(decision, (Do, Wait, Ask))
        assert not isinstance(decision, Do) or not raises_new(ground)


def raises_new(ground: Ground) -> bool:
    """Say whether the new side's part of the weights that living pods have has grown by the last write."""
    last = ground.done[-1]
    return isinstance(last, SetWeights) and any(row.weight > 100 and row.backend in NEW for row in last.rows)


def test_a_pod_that_got_the_address_of_one_that_is_gone_is_proved_before_it_has_its_weight() -> None:
    ground = at_share(50)
    before = ground.old_weights()
    ground.now += 5
    ground.come(FIRST[0], ready=False)
    ground.rest(shift(50, soak=900.0), 4)

    assert ground.old_weights()[FIRST[0]] == 0
    assert abs(ground.share - 50) < 1

    ground.come(FIRST[0])
    ground.rest(shift(50, soak=900.0))

    assert ground.old_weights() == before
    assert not ground.lawless


def test_a_pod_that_is_not_ready_for_a_while_keeps_the_weight_that_it_was_given_itself() -> None:
    ground = at_share(50)
    before = ground.old_weights()
    ground.old[FIRST[0]] = replace(ground.old[FIRST[0]], ready=False)

    ground.rest(shift(50, soak=900.0), 4)

    assert ground.old_weights() == before


def test_an_old_row_that_came_by_itself_with_its_places_weight_is_accounted_for_and_nobodys_hand() -> None:
    ground = Ground()
    ground.come(COMES)
    ground.rows[Backend("l-1", COMES, OLD_PORT)] = 100

    assert drifted_weights(ground.seen()) == []
    ground.rest(ATTACH_OLD, 1)
    assert ground.meant[Backend("l-1", COMES, OLD_PORT)] == (100,)


def test_an_old_row_that_came_by_itself_is_another_hand_once_the_old_sides_weights_were_changed() -> None:
    ground = at_share(90)
    ground.come(COMES)
    ground.rows[Backend("l-1", COMES, OLD_PORT)] = 100

    assert [hand.backend.address for hand in drifted_weights(ground.seen())] == [COMES]


INVITED = Capabilities(controlled=True, by_invitation=True, batch=1)


def test_a_row_that_a_controller_is_to_take_off_is_not_written_and_who_came_is_asked_for_first() -> None:
    ground = at_share(50, INVITED)
    weight = ground.old_weights()[FIRST[0]]
    ground.end(FIRST[0])
    ground.come(COMES)
    ground.come("10.0.0.8")

    ground.rest(shift(50, soak=900.0), 2)

    assert [type(action) for action in ground.done] == [Register, Register]
    ground.rest(shift(50, soak=900.0))
    assert ground.old_weights()[FIRST[0]] == weight
    assert all(ground.old_weights()[address] for address in (COMES, "10.0.0.8"))
    assert not ground.lawless


def test_what_leads_to_nobody_is_taken_down_before_anybody_is_registered() -> None:
    ground = at_share(50)
    ground.end(FIRST[0])
    ground.come(COMES)

    ground.rest(shift(50, soak=900.0), 2)

    assert [type(action) for action in ground.done] == [SetWeights, Register]
