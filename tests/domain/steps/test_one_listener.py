"""The steps of the way back over two listeners: what is fit behind one goes back, whatever the other is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Halt, Wait
from migrator.domain.model.pod_targets import Door
from migrator.domain.observation.sighting import JournalFacts, Probes
from migrator.domain.sides.filling import filled
from migrator.domain.steps import Attach, Shift, Step
from tests.domain.deciding import past
from tests.domain.seen import FOOTING, NEW, OLD, at, inhabited, meant, seen, workloads

OLD_2 = tuple(replace(each, listener="l-2") for each in OLD)
NEW_2 = tuple(replace(each, listener="l-2") for each in NEW)
BOTH = (*OLD, *OLD_2)
ORIGINALS = tuple(Weighted(each, 100) for each in BOTH)
RESTORE = Shift(Side.OLD, 0.0, ORIGINALS, settle=10.0)
ATTACH = Attach(Side.OLD, BOTH, 50.0)
MUTE = Probes(tuple((f"{b.address}:{b.port}", verbatim("it was reset")) for b in OLD))


def standing(second: Health, old: int = 50, new: int = 50, first: Health = Health.HEALTHY) -> Pools:
    """Give two listeners; the old side's health behind each."""
    found = [Row(Target(each, old, first if each.listener == "l-1" else second), Side.OLD) for each in BOTH]
    found += [Row(Target(each, new, Health.HEALTHY), Side.NEW) for each in (*NEW, *NEW_2)]
    return Pools(tuple(found))


FOOTING_2 = replace(
    FOOTING, recorded=ORIGINALS, old=(*FOOTING.old, Door("l-2", 8080)), new=(*FOOTING.new, Door("l-2", 80))
)


def decide(step: Step, of: Pools, *facets: object) -> Decision:
    """Decide in a world of two listeners whose pods are all there."""
    calm = seen(*(facets or (JournalFacts(weights=meant(of), entered_at=at(0)),)))
    people = inhabited(workloads(), of, calm[JournalFacts])
    standing, lived = filled(FOOTING_2, of, people, calm[JournalFacts])
    return step.decide(calm.having(standing).having(lived).having(people).only(step.needs))


SICK = Health.UNHEALTHY


def test_restoring_goes_on_behind_the_listener_that_can_be_gone_back_to() -> None:
    found = decide(RESTORE, standing(SICK, old=0, new=100))

    assert isinstance(found, Do)
    assert isinstance(found.action, SetWeights)
    assert {row.backend.listener for row in found.action.rows} == {"l-1"}


def test_restoring_waits_for_a_raise_behind_one_listener_though_the_other_is_bare() -> None:
    found = decide(RESTORE, standing(SICK, old=100, new=100, first=Health.PENDING), past(95))

    assert isinstance(found, Wait)
    assert found.reason.code == "shift.waits-for-health"


@pytest.mark.parametrize(("settled", "kind"), [(95, Wait), (20, Halt)], ids=["for a while", "and then halts"])
def test_restoring_then_names_the_listener_that_nobody_can_take_back(settled: float, kind: type[Decision]) -> None:
    done = [
        row
        if row.backend.listener == "l-2"
        else replace(row, target=replace(row.target, weight=100 if row.side is Side.OLD else 0))
        for row in standing(SICK).rows
    ]
    found = decide(RESTORE, Pools(tuple(done)), past(settled_at=at(settled)))

    assert isinstance(found, kind)
    assert "l-2" in str(found)
    assert "listener=l-1" not in str(found)


def test_a_listener_without_hope_does_not_keep_the_step_before_waiting() -> None:
    found = decide(ATTACH, standing(SICK))

    assert isinstance(found, Done)


def test_a_listener_with_hope_is_waited_for_and_then_left() -> None:
    hoping = standing(SICK, old=0, new=100)
    answers = Probes(tuple((f"{b.address}:{b.port}", None) for b in OLD), 1099.0)

    waits, late = decide(replace(ATTACH, deadline=200.0), hoping, answers), decide(ATTACH, hoping, answers)

    assert isinstance(waits, Wait)
    assert isinstance(late, Done)
    assert str(late.note) == "attach.partly listeners=[l-1] bare=[l-2]"


def test_a_person_decides_where_the_balancer_alone_believes_in_a_listener() -> None:
    """Behind l-1 the old side has weight; behind l-2 it has none, and does not answer us."""
    found = [
        replace(row, target=replace(row.target, weight=0))
        if row.backend.listener == "l-2" and row.side is Side.OLD
        else row
        for row in standing(Health.HEALTHY).rows
    ]

    asked = decide(ATTACH, Pools(tuple(found)), MUTE)
    told = decide(
        ATTACH,
        Pools(tuple(found)),
        MUTE,
        JournalFacts(weights=meant(Pools(tuple(found))), entered_at=at(0), approved=True),
    )

    assert isinstance(asked, Ask)
    assert isinstance(told, Done)
