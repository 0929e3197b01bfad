"""Whole runs at their gates: held at a share until a person says yes, shut out by windows, and never on the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from migrator.domain.model.actions import ApplyObject, DeleteObject
from migrator.domain.model.freeze import Freeze, freeze_ref, manifest_of
from migrator.domain.model.manifests import uid_of
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import (
    Approval,
    Approver,
    BlackoutSpec,
    GatesSpec,
    LiveRange,
    NoYes,
    OnExpiry,
    WebhookSpec,
)
from migrator.domain.observation.gating import GateQuestion
from migrator.domain.ports.gating import GateAnswer
from migrator.store import Kind
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.world import SPEC, FakeWorld, on, quick
from tests.words import text
from tests.workflow.conftest import Make

AUTO = quick(on(replace(SPEC, traffic=replace(SPEC.traffic, soak=2.0)), "l-1"), 1.0, Approval.AUTO)


def small() -> FakeWorld:
    return FakeWorld(listeners=("l-1",), nodes=2, replicas=2)


def gated(**gates: object) -> object:
    return replace(AUTO, gates=GatesSpec(**gates))  # type: ignore[arg-type]


def step_of(progress: Progress) -> str:
    return text(progress.titles[progress.run.cursor])


def waiting(progress: Progress) -> bool:
    return progress.run.state is State.WAITING


def blackout(world: FakeWorld, after: float, lasts: float) -> BlackoutSpec:
    start = world.clock.now() + timedelta(seconds=after)
    return BlackoutSpec(start, start + timedelta(seconds=lasts))


def test_a_run_holds_at_its_share_until_a_person_says_yes(make: Make) -> None:
    harness = make(small(), gated(hold=(50.0,)))
    harness.process(leaves=waiting)

    assert (harness.run.why and harness.run.why.code, step_of(harness.progress[-1])) == ("gate.hold", "Shift 90 %")
    harness.ask(RequestKind.APPROVE)
    assert harness.process().state is State.COMPLETED
    (yes,) = [event for event in harness.events() if event.kind is Kind.APPROVED]
    assert (yes.data["question"], yes.data["by"]) == ("gate.hold", "ben@ops")


def test_a_run_that_holds_at_a_share_goes_back_when_it_is_told_to(make: Make) -> None:
    harness = make(small(), gated(hold=(50.0,)))
    harness.process(leaves=waiting)

    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def test_a_run_waits_out_a_blackout_and_goes_on_by_itself(make: Make) -> None:
    world = small()
    harness = make(world, gated(blackouts=(blackout(world, -60.0, 180.0),)))
    began = world.clock.now()
    run = harness.process()

    assert run.state is State.COMPLETED
    assert (world.clock.now() - began).total_seconds() >= 120.0
    assert any(words.startswith("gate.closed") for words in harness.words())
    assert (
        sum(event.kind is Kind.NOTED and "gate.closed" in str(event.data) for event in harness.events()) == 2
    )  # and over
    granted = [event for event in harness.events() if event.kind is Kind.APPROVED]
    assert {event.data["question"] for event in granted} == {"gate.open"}


def test_a_run_turns_back_in_the_middle_of_a_blackout(make: Make) -> None:
    world = small()
    harness = make(world, gated(blackouts=(blackout(world, 7200.0, 1e6),)))
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 50 %")
    world.clock.sleep(7300.0)
    harness.process(leaves=lambda progress: progress.words.code == "gate.closed")
    assert harness.run.heading is Heading.FORWARD

    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def frozen(harness: Harness) -> None:
    """Freeze the run's namespace."""
    harness.world.cluster.apply(ApplyObject(manifest_of(Freeze(AUTO.cluster.namespace, "ann@ops", "now", "incident"))))


def unfrozen(harness: Harness) -> None:
    """Take it back."""
    ref = freeze_ref(AUTO.cluster.namespace)
    thing = harness.world.cluster.get(ref)
    assert thing is not None
    harness.world.cluster.delete(DeleteObject(ref, uid_of(thing)))


def gate_notes(harness: Harness) -> list[str]:
    """Give what the journal has of gates, by its codes."""
    notes = [event.data for event in harness.events() if event.kind is Kind.NOTED and event.data["about"] == "gates"]
    return [note["text"]["code"] for note in notes]


def test_a_freeze_that_was_taken_back_while_nobody_looked_is_over_for_the_next_process(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 50 %")
    frozen(harness)
    harness.process(leaves=lambda progress: progress.words.code == "gate.frozen")
    unfrozen(harness)

    assert harness.process().state is State.COMPLETED
    assert gate_notes(harness) == ["gate.frozen", "nodes.over"]


def test_a_freeze_is_told_while_a_run_waits_for_a_person(make: Make) -> None:
    harness = make(small(), gated(hold=(50.0,)))
    harness.process(leaves=waiting)
    frozen(harness)
    turns = count()
    harness.process(leaves=lambda _progress: next(turns) > 20)

    assert waiting(harness.progress[-1])
    assert [trouble.code for trouble in harness.progress[-1].look.troubles] == ["gate.frozen"]


def test_a_frozen_run_stays_at_its_share_and_goes_on_when_the_freeze_ends(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 50 %")
    namespace = AUTO.cluster.namespace
    harness.world.cluster.apply(ApplyObject(manifest_of(Freeze(namespace, "ann@ops", "now", "incident"))))
    before = harness.world.weights
    turns = iter(range(30))
    harness.process(leaves=lambda _progress: next(turns, None) is None)

    assert harness.world.weights == before
    assert harness.progress[-1].words.code == "gate.frozen"
    thing = harness.world.cluster.get(freeze_ref(namespace))
    assert thing is not None
    harness.world.cluster.delete(DeleteObject(freeze_ref(namespace), uid_of(thing)))
    assert harness.process().state is State.COMPLETED


def test_a_frozen_run_is_turned_back_by_a_person(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 90 %")
    harness.world.cluster.apply(ApplyObject(manifest_of(Freeze(AUTO.cluster.namespace))))

    harness.ask(RequestKind.ROLLBACK)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def test_a_soak_that_is_set_holds_for_the_rest_of_the_run_and_for_the_next_process(make: Make) -> None:
    harness = make(small(), replace(AUTO, live=(LiveRange("soak", 2.0, 60.0),)))
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 50 %")
    harness.ask(RequestKind.SET, "soak=9s")
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 90 %")

    assert harness.process().state is State.COMPLETED
    soaks = {
        step_of(each): each.words["soak"]
        for each in harness.progress
        if each.words.code == "soak.going-on" and step_of(each).startswith("Shift")
    }
    assert soaks == {"Shift 10 %": 2.0, "Shift 50 %": 9.0, "Shift 90 %": 9.0, "Shift 100 %": 9.0}
    (row,) = [event for event in harness.events() if event.kind is Kind.SET]
    assert row.data == {"key": "soak", "value": 9.0, "by": "ben@ops"}
    with harness.store() as store:
        assert store.route(harness.run.id, Heading.FORWARD) == harness.plan.steps


def test_what_the_plan_does_not_list_is_not_set(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.ask(RequestKind.SET, "soak=9s")

    assert harness.process().state is State.COMPLETED
    assert [event for event in harness.events() if event.kind is Kind.SET] == []
    assert "live.not-in-plan" in " ".join(harness.words())


def test_a_window_is_judged_by_what_was_set(make: Make) -> None:
    world = small()
    harness = make(
        world,
        replace(
            AUTO,
            live=(LiveRange("soak", 2.0, 9e6),),
            gates=GatesSpec(blackouts=(blackout(world, 3000.0, 1e9),)),
        ),
    )
    harness.ask(RequestKind.SET, "soak=4000s")
    harness.process(leaves=lambda progress: progress.words.code == "gate.closed")

    assert step_of(harness.progress[-1]) == "Shift 10 %"


def test_a_run_whose_question_nobody_answers_goes_back_where_the_plan_wants_that(make: Make) -> None:
    harness = make(small(), gated(hold=(50.0,), expires=30.0, on_expiry=OnExpiry.ROLLBACK))

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals
    assert "ask.expired" in " ".join(harness.words())


def test_a_yes_of_the_one_who_began_the_run_is_none_where_the_plan_wants_another_s(make: Make) -> None:
    harness = make(small(), gated(hold=(50.0,), approver=Approver.OTHER))
    harness.starter = "ben@laptop"
    harness.process(leaves=waiting)
    harness.ask(RequestKind.APPROVE)
    turns = iter(range(5))

    assert harness.process(leaves=lambda _: next(turns, None) is None).state is State.WAITING
    harness.starter = "ann@ops"
    harness.ask(RequestKind.APPROVE)
    assert harness.process().state is State.COMPLETED


class Desk:
    """A webhook that says no so often, and yes from then on."""

    def __init__(self, times: float) -> None:
        self._left = times
        self.asked: list[str] = []

    def ask(self, question: GateQuestion) -> GateAnswer:
        """Answer."""
        self.asked.append(question.id)
        self._left -= 1
        return GateAnswer(self._left < 0, "not now")


def test_a_run_begins_its_shares_its_drain_and_its_end_only_once_the_webhook_says_yes(make: Make) -> None:
    harness = make(small(), gated(webhook=WebhookSpec("https://desk.example.com/")))
    desk = harness.gate = Desk(2)

    assert harness.process().state is State.COMPLETED
    steps = [id.split("-", 2)[2] for id in desk.asked]
    assert steps == ["shares-10", "shares-10", "shares-10", "shares-50", "shares-90", "shares-100", "drain", "retire"]
    granted = [event.data["by"] for event in harness.events() if event.kind is Kind.APPROVED]
    assert granted == ["webhook"] * 6


def test_a_run_goes_back_when_its_webhook_gives_no_yes_and_the_plan_wants_that(make: Make) -> None:
    harness = make(small(), gated(webhook=WebhookSpec("https://desk/", patience=20.0, then=NoYes.ROLLBACK)))
    harness.gate = Desk(1e9)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def thawing(world: FakeWorld, seconds: float) -> Callable[[Progress], bool]:
    """Let a process look at a freeze for so long, and take it back before its eyes."""
    turns, ref = count(), freeze_ref(AUTO.cluster.namespace)

    def look(_progress: Progress) -> bool:
        match next(turns):
            case 3:
                world.clock.sleep(seconds)
            case 5:
                thing = world.cluster.get(ref)
                assert thing is not None
                world.cluster.delete(DeleteObject(ref, uid_of(thing)))
        return False

    return look


@pytest.mark.parametrize("gap", [0.0, 4000.0], ids=["seen from its beginning", "found by a process that came later"])
@pytest.mark.parametrize("step", ["Attach new", "Shift 10 %", "Drain old", "Detach old"])
def test_a_freeze_uses_up_no_deadline_of_the_step_that_it_keeps(make: Make, step: str, gap: float) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=lambda progress: step_of(progress) == step)
    harness.world.cluster.apply(ApplyObject(manifest_of(Freeze(AUTO.cluster.namespace, "ann@ops", "now", "incident"))))
    harness.world.clock.sleep(gap)

    run = harness.process(leaves=thawing(harness.world, 4000.0))

    assert run.state is State.COMPLETED
    assert not [event for event in harness.events() if event.kind is Kind.MOVED and event.data["state"] == "halted"]


def test_the_clock_of_a_step_begins_when_its_window_opens(make: Make) -> None:
    world = small()
    harness = make(world, gated(blackouts=(blackout(world, 7200.0, 7200.0),)))
    harness.process(leaves=lambda progress: step_of(progress) == "Shift 50 %")
    world.clock.sleep(7100.0)
    harness.process(leaves=lambda progress: progress.words.code == "gate.closed")
    shut, step = world.clock.now(), harness.run.cursor
    world.clock.sleep(7300.0)

    assert harness.process().state is State.COMPLETED
    granted = [event for event in harness.events() if event.kind is Kind.APPROVED and event.step == step]
    assert [(event.at - shut).total_seconds() > 7000.0 for event in granted] == [True]
