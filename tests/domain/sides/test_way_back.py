"""What of the old side could carry the traffic again, at each stage of a run, and who says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.actions import Word
from migrator.domain.model.balancer import Capabilities, Health
from migrator.domain.model.decisions import Ask, Do, Done, Halt, Wait
from migrator.domain.model.runs import Heading
from migrator.domain.model.samples import Ruling
from migrator.domain.observation.sides import WayBack
from migrator.domain.observation.sighting import Clocks, GatewaySignals, JournalFacts, Judgement, Objects, Probes
from migrator.domain.sides.fitness import awaiting_proof
from migrator.domain.sides.way_back import lowered_bar, nobody_left, way_back, what_stands
from migrator.domain.steps import Gate, Retire
from migrator.domain.turn.protection import returning, unprotected
from migrator.domain.turn.rules import keep_the_sides
from tests.domain.seen import OLD_REF, at, verdict
from tests.domain.sides.ground import ATTACH_OLD, FIRST, RESTORE, Ground, shift
from tests.domain.sides.test_upkeep import BLIND, COMES, GATE, at_share
from tests.fakes.world import SPEC


def test_every_old_pod_that_the_balancer_calls_healthy_is_fit() -> None:
    assert way_back(at_share(50).seen(), drained=False) == WayBack(3, 3, 1.0)


def test_who_has_no_weight_must_have_answered_us_too() -> None:
    ground = at_share(100)
    silent = ground.seen().having(Probes())

    assert way_back(ground.seen(), drained=False) == WayBack(3, 3, 1.0)
    found = way_back(silent, drained=False)
    assert found is not None
    assert (found.fit, found.ratio) == (0, 0.0)


def test_where_the_balancer_cannot_see_it_we_alone_prove_it() -> None:
    ground = at_share(100, BLIND)

    assert way_back(ground.seen(), drained=False) == WayBack(3, 3, 1.0, ours=3)
    assert {backend.address for backend in awaiting_proof(ground.seen())} == set(FIRST)


def test_what_was_told_to_go_is_fit_while_it_answers_and_so_is_what_is_off_the_balancer() -> None:
    ground = at_share(100)
    for backend in [backend for backend in ground.rows if backend.port == 8080]:
        ground.rows.pop(backend)
    told = ground.seen().having(GatewaySignals((("o0", Word.GO),)))

    assert way_back(ground.seen(), drained=True) == WayBack(3, 3, 1.0, ours=3)
    assert returning(GATE, told) == WayBack(3, 3, 1.0, ours=3)
    unregistered = way_back(ground.seen(), drained=False)
    assert unregistered is not None
    assert unregistered.fit == 0


def test_a_lost_pod_and_an_unready_one_are_named() -> None:
    ground = at_share(50)
    ground.vanish(FIRST[0])
    ground.come(FIRST[1], ready=False)

    found = way_back(ground.seen(), drained=False)

    assert found is not None
    assert (found.fit, found.slots, round(found.ratio, 2)) == (1, 3, 0.33)
    assert [why.code for why in found.unfit] == ["way-back.unfit", "way-back.missing"]


@pytest.mark.parametrize("exists", [True, False])
def test_without_an_old_pod_or_the_old_workload_there_is_none(exists: bool) -> None:
    ground = at_share(50)
    ground.exists = exists
    if exists:
        ground.old.clear()

    assert way_back(ground.seen(), drained=False) == WayBack(3, gone=True)


def test_a_run_on_its_way_back_and_one_without_an_old_side_have_no_way_back_to_tell() -> None:
    ground = at_share(50)
    seen = ground.seen()
    ground.heading = Heading.BACK

    assert returning(GATE, ground.seen()) is None
    assert way_back(seen.having(type(seen[_sides()])()), drained=False) is None


def _sides() -> type:
    from migrator.domain.observation.sides import Sides

    return Sides


def test_nothing_turns_a_run_back_to_nobody() -> None:
    ground = at_share(50)
    assert nobody_left(ground.seen()) == ()
    for address in FIRST:
        ground.come(address, ready=False)

    assert nobody_left(ground.seen()) == ("l-1",)
    assert unprotected(ground.seen()) == say("protection.old-unfit", listeners=("l-1",))


def test_a_share_that_is_not_watched_yet_waits_for_the_way_back_then_asks_and_a_lower_bar_lets_it_go() -> None:
    ground = at_share(10)
    ground.vanish(FIRST[0])
    ground.rest(shift(10, soak=900.0), 8)
    ground.entered, ground.soaked = ground.now, 0.0
    step = shift(50)

    waits = step.decide(ground.seen())
    assert not step.stands(ground.seen())
    ground.entered -= 100.0
    ground.written.clear()
    asks = step.decide(ground.seen())

    assert isinstance(waits, Wait)
    assert waits.reason.code == "way-back.waiting"
    assert isinstance(asks, Ask)
    bar = lowered_bar(asks.question)
    assert bar == pytest.approx(0.666)
    lowered = ground.seen().having(replace(ground.seen()[JournalFacts], bar=bar))
    assert not isinstance(step.decide(lowered), (Wait, Ask))


@pytest.mark.parametrize("question", [None, say("gate.ask", new="a", old="b"), say("way-back.ask", percent="much")])
def test_a_yes_to_another_question_lowers_no_bar(question: object) -> None:
    assert lowered_bar(question) is None  # type: ignore[arg-type]


def test_the_weights_are_not_called_restored_while_no_old_pod_would_get_any() -> None:
    ground = at_share(100)
    ground.heading = Heading.BACK
    ground.old.clear()
    ground.entered = ground.now

    waits = RESTORE.decide(ground.seen())
    ground.entered -= 100.0
    halts = RESTORE.decide(ground.seen())

    assert isinstance(waits, Wait)
    assert isinstance(halts, Halt)
    assert halts.findings[0].code == "old.nobody-fit"


def test_what_a_person_said_yes_to_carries_though_it_does_not_answer_us() -> None:
    ground = at_share(100)
    ground.heading = Heading.BACK
    mute = ground.seen().having(Probes())

    decided = RESTORE.decide(mute)

    assert not isinstance(decided, (Wait, Halt, Done))


def test_on_the_way_back_a_listener_without_a_living_pod_is_named() -> None:
    ground = at_share(100)
    ground.heading = Heading.BACK
    ground.old.clear()
    ground.entered = ground.now - 500.0

    halts = ATTACH_OLD.decide(ground.seen())

    assert isinstance(halts, Halt)
    assert halts.findings[0].code == "attach.nobody"


def test_a_controllers_pod_that_is_not_registered_is_waited_for() -> None:
    ground = at_share(100, Capabilities(controlled=True))
    ground.heading = Heading.BACK
    ground.old.clear()
    ground.come(COMES)
    ground.entered = ground.now

    waits = ATTACH_OLD.decide(ground.seen())

    assert isinstance(waits, Wait)
    assert waits.seconds is not None


def test_a_row_whose_health_nobody_knows_is_fit_while_it_answers_us() -> None:
    ground = Ground()
    ground.health = lambda _backend: Health.UNKNOWN  # type: ignore[method-assign]

    assert way_back(ground.seen(), drained=False) == WayBack(3, 3, 1.0, ours=3)
    assert isinstance(GATE, Gate)


def test_an_answer_from_before_the_pod_was_ready_may_be_its_predecessors() -> None:
    ground = at_share(100)
    pod = ground.old[FIRST[0]]
    ground.old[FIRST[0]] = replace(pod, ready_since=at(ground.now + 5.0))

    found = way_back(ground.seen(), drained=False)

    assert found is not None
    assert [(why.code, why["why"]) for why in found.unfit] == [("way-back.unfit", say("probe.none-yet"))]


def test_where_nothing_has_weight_there_is_no_share_to_hold() -> None:
    ground = Ground()
    ground.rows = dict.fromkeys(ground.rows, 0)
    ground.meant = {backend: (0,) for backend in ground.rows}

    assert keep_the_sides(SPEC, GATE, ground.seen()) is None


def test_where_the_old_side_has_nobody_and_nothing_is_left_to_write_the_weights_are_not_restored_either() -> None:
    ground = Ground()
    ground.rows = dict.fromkeys(ground.rows, 0)
    ground.old.clear()
    ground.entered = ground.now

    waits = RESTORE.decide(ground.seen())
    ground.entered -= 100.0
    halts = RESTORE.decide(ground.seen())

    assert isinstance(waits, Wait)
    assert waits.reason.code == "restore-old.nobody"
    assert isinstance(halts, Halt)


def test_a_side_that_is_to_be_taken_away_stands_while_its_pods_are_ready_and_once_told_to_go_while_they_live() -> None:
    ground = at_share(50)
    ground.come(FIRST[0], ready=False)

    before, after = what_stands(ground.seen(), drained=False), what_stands(ground.seen(), drained=True)

    assert before is not None
    assert after is not None
    assert (before.fit, after.fit) == (2, 3)
    ground.old.clear()
    assert what_stands(ground.seen(), drained=True) == WayBack(3, gone=True)


def test_a_run_without_an_old_side_has_nothing_that_must_stand() -> None:
    ground = at_share(50)

    assert what_stands(ground.seen().having(_sides()()), drained=False) is None


def test_the_old_workload_is_not_deleted_while_too_little_of_it_lives() -> None:
    ground = at_share(100)
    ground.old.pop(FIRST[0])
    there = {"apiVersion": "apps/v1", "kind": "Deployment"}
    named = {"name": OLD_REF.name, "namespace": OLD_REF.namespace, "uid": "u"}
    seen = ground.seen().having(Objects({OLD_REF: {**there, "metadata": named}}))
    well = seen.having(Judgement(verdict(Ruling.PASS).verdict, at=seen[Clocks].monotonic))

    decided = Retire(OLD_REF, "u", (), ()).decide(well)

    assert isinstance(decided, Wait)
    assert decided.reason.code == "way-back.waiting"
    assert isinstance(Retire(OLD_REF, "u", (), (), least=0.5).decide(well), Do)
