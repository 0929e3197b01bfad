"""What a plan works out of the world is worked out once, and a proposal that was told more is still the same proposal."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import CodeType, FrameType

import pytest

from migrator.app.plan import planning
from migrator.app.run.rechecking import checks
from migrator.domain.gateways.istio.revision import mesh_text
from migrator.domain.model.pod_targets import Entry
from migrator.domain.planning.backends import declared_ports, sides_of
from migrator.domain.planning.derive import derive, injected_pod, returning
from migrator.domain.planning.guards import companion, floors, guarded, leave_weights, repointed, telling
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.resting.facts import facts
from migrator.domain.planning.reverse import reversed_spec
from tests.domain.seen import START
from tests.fakes.returned import done
from tests.fakes.world import SPEC, FakeWorld

FORWARD = (
    propose,
    sides_of,
    derive,
    injected_pod,
    declared_ports,
    telling,
    guarded,
    leave_weights,
    floors,
    companion,
    facts,
)
BACK = (propose, sides_of, returning, declared_ports, telling, repointed, leave_weights, floors, companion, facts)


@contextmanager
def counted(*functions: Callable[..., object]) -> Iterator[Counter[str]]:
    """Count the calls of these functions, in every thread that begins meanwhile too."""
    codes: dict[CodeType, str] = {function.__code__: function.__name__ for function in functions}
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in codes:
            calls[codes[frame.f_code]] += 1

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def test_a_plan_works_everything_out_once() -> None:
    with counted(*FORWARD) as calls:
        planning.make_plan(SPEC, FakeWorld().readers, START, "ann")

    assert calls == {function.__name__: 1 for function in FORWARD}


def test_a_plan_back_works_everything_out_once() -> None:
    world, plan = done()
    with counted(*BACK, derive) as calls:
        planning.make_plan(reversed_spec(plan, 7), world.readers, START, "ann")

    assert calls == {function.__name__: 1 for function in BACK}


def test_the_preflight_of_a_run_works_everything_out_once() -> None:
    world = FakeWorld()
    plan = world.plan(SPEC)
    with counted(*FORWARD) as calls:
        checks(plan, world.readers, world.clock)()

    assert calls == {function.__name__: 1 for function in FORWARD if function is not facts}


def test_the_mesh_configuration_is_read_once() -> None:
    with counted(mesh_text) as calls:
        planning.make_plan(SPEC, FakeWorld().readers, START, "ann")

    assert calls["mesh_text"] == 1


def test_a_proposal_that_is_told_more_keeps_what_was_worked_out() -> None:
    proposal = propose(FakeWorld().look(), SPEC)

    told = proposal.knowing(replace(proposal.world, denied=("delete Deployment in edge",)))

    assert told.world.denied == ("delete Deployment in edge",)
    assert (told.new, told.sides, told.services) == (proposal.new, proposal.sides, proposal.services)
    assert told.new is proposal.new


@pytest.mark.parametrize(("node_port", "entry"), [(0, Entry.POD), (30080, Entry.NODE_PORT)])
def test_a_slot_says_what_the_balancer_dials_there(node_port: int, entry: Entry) -> None:
    proposal = propose(FakeWorld(node_port=node_port).look(), SPEC)

    assert {slot.entry for slot in proposal.old} == {entry}
    assert {slot.listens for slot in proposal.old} == {8080}
    assert [slot.row.weight for slot in proposal.old] == [slot.weight for slot in proposal.old]


def test_without_a_source_there_is_nothing_to_propose() -> None:
    proposal = propose(replace(FakeWorld().look(), source=None), SPEC)

    assert (proposal.workload, proposal.new.differences, proposal.changes) == ({}, (), ())
    assert proposal.services.leading == proposal.services.changed == ()
