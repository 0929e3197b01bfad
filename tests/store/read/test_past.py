"""A process that was there all along and one that just began know the same of the past."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.drift.contested import made
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import Action, DeleteObject, Deregister, Op, PatchObject, Register, SetWeights
from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.manifests import Json, ObjectRef
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Ruling
from migrator.domain.planning.plan import Plan
from migrator.store import Journal, Store
from tests.store.world import OLD, FakeClock, make_plan

BACKENDS = (OLD, Backend("lbl-80", "10.1.0.1", 80), Backend("lbl-80", "10.1.0.2", 80))
OBJECTS = (ObjectRef("v1", "Service", "edge", "gw"), ObjectRef("v1", "Service", "edge", "other"))
PATCHES: list[Json] = [{"spec": {"a": 1}}, {"spec": {"a": None}}]
SOME = st.lists(st.sampled_from(BACKENDS), unique=True, min_size=1).map(tuple)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Register, SOME),
    st.builds(Deregister, SOME),
    st.builds(PatchObject, st.sampled_from(OBJECTS), st.sampled_from(PATCHES), st.just("uid")),
    st.builds(SetWeights, st.lists(st.builds(Weighted, st.sampled_from(BACKENDS), st.integers(0, 2))).map(tuple)),
)
EVENTS = st.one_of(
    st.tuples(st.just("intend"), ACTIONS),
    st.sampled_from([(word, None) for word in ("accept", "settle", "fail", "approve", "note")]),
    st.tuples(st.just("move"), st.tuples(st.sampled_from([*State][1:]), st.integers(0, 2))),
    st.tuples(st.just("pass"), st.tuples(st.floats(0.1, 2), st.integers(0, 9))),
    st.tuples(st.just("rule"), st.tuples(st.sampled_from(Ruling), st.floats(0.1, 2))),
)


class Story:
    """A run whose journal is told one event after another, at most one write open at a time, as the workflow does."""

    def __init__(self, store: Store, clock: FakeClock, plan: Plan) -> None:
        self.clock, self.plan = clock, plan
        self.run: Run = store.create_run(plan)
        self.lease = store.acquire(self.run.id, "ann@ops pid 1")
        self.journal: Journal = store.journal(self.run.id, self.lease)
        self.open: tuple[int, Action] | None = None
        self.writes: list[tuple[Action, str]] = []

    def tell(self, what: str, value: Any) -> None:
        """Let one thing happen."""
        self.clock.sleep(0.5)
        self.lease.renew()
        if what in ("intend", "accept", "settle", "fail"):
            self._write(what, value)
        elif what == "approve":
            side, question = list(Side)[self.run.cursor % 2], ("drain.ask", "")[self.run.cursor % 2]
            self.journal.approve(say("step.drain", side="old"), "ann", side, question=question)
        elif what == "note":
            self.journal.note("a", say("answer.done"))
        elif what == "move":
            self.run = self.journal.move(self.run, state=value[0], cursor=value[1])
        elif what == "pass":
            self.journal.passed(*value)
        else:
            self.journal.ruled(*value)

    def _write(self, what: str, action: Action | None) -> None:
        if what == "intend" and action is not None and self.open is None:
            self.open = self.journal.intend(Heading.FORWARD, self.run.cursor, action, say("answer.done")), action
            self.writes.append((action, "open"))
        elif what != "intend" and self.open is not None:
            entry, written = self.open
            if what == "accept":
                self.journal.accept(entry, Op("tencent", "t"))
                return
            (self.journal.settle if what == "settle" else lambda e: self.journal.fail(e, say("answer.done")))(entry)
            self.writes[-1] = (written, what)
            self.open = None


def expected(writes: list[tuple[Action, str]]) -> dict[Backend, tuple[int, ...]]:
    """Say by the definition, backend by backend: last settled value, then later ones that are open or failed."""
    found: dict[Backend, tuple[int, ...]] = {}
    for backend in BACKENDS:
        values: tuple[int, ...] | None = (100,) if backend == OLD else None
        for action, end in writes:
            named = (
                [row.weight for row in action.rows if row.backend == backend] if isinstance(action, SetWeights) else []
            )
            if named:
                values = (named[-1],) if end == "settle" else (*(values or ()), *named)
            if isinstance(action, Register) and backend in action.backends and values is None:
                values = (0,)
            if isinstance(action, Deregister) and backend in action.backends and end == "settle":
                values = None
        if values is not None:
            found[backend] = values
    return found


@settings(max_examples=40, deadline=None)
@given(events=st.lists(EVENTS, max_size=25))
def test_the_past_told_row_by_row_is_the_past_read_anew(blank: Path, events: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock()
        store = Store.open(shutil.copy(blank, Path(folder) / "store.db"), clock)
        story = Story(store, clock, make_plan())
        for event in events:
            story.tell(*event)
            told = story.journal.past(story.run, story.plan)

            assert told == store.past(story.run, story.plan)
            assert told.open == store.open_write(story.run.id)
            wanted = {backend: set(values) for backend, values in expected(story.writes).items()}
            assert {backend: set(values) for backend, values in told.weights.items()} == wanted
            assert all(told.weights[b][0] == values[0] for b, values in expected(story.writes).items())
        story.lease.release()
        store.close()


def test_the_same_weight_that_fails_again_and_again_is_told_once(driven: Any) -> None:
    for _ in range(5):
        entry = driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(OLD, 90),)), verbatim("why"))
        driven.journal.fail(entry, verbatim("busy"))

    past = driven.journal.past(driven.run, driven.plan)
    assert (past.weights[OLD], past.failures) == ((100, 90), 5)


PEER = Backend(OLD.listener, "10.0.0.2", OLD.port, OLD.ref)
JOINS = [
    pytest.param((PEER,), (100,), id="in the group that another is in"),
    pytest.param(
        (Backend(OLD.listener, "10.0.0.2", OLD.port),), (100,), id="whose group is not told, on the same port"
    ),
    pytest.param((Backend(OLD.listener, "10.0.0.2", 9, OLD.ref),), (100,), id="in the same group, on another port"),
    pytest.param(
        (Backend(OLD.listener, "10.0.0.2", OLD.port, "other"),), None, id="in another group, on the same port"
    ),
    pytest.param((Backend("lbl-443", "10.0.0.2", OLD.port, OLD.ref),), None, id="behind another listener"),
]


@pytest.mark.parametrize(("who", "weight"), JOINS)
def test_who_joins_a_group_that_has_weight_is_known_with_the_weight_of_its_peers(
    store: Store, driven: Any, who: tuple[Backend, ...], weight: tuple[int, ...] | None
) -> None:
    entry = driven.journal.intend(Heading.FORWARD, 0, Register(who, standing=True), verbatim("why"))
    assert who[0] not in driven.journal.past(driven.run, driven.plan).weights

    driven.journal.settle(entry)

    past = store.past(driven.run, driven.plan)
    assert past.weights.get(who[0]) == weight
    assert (who[0] in past.written_at) == (weight is not None)


def test_a_group_is_known_after_all_its_members_were_replaced_and_one_that_is_known_keeps_its_weight(
    store: Store, driven: Any
) -> None:
    new = Backend("lbl-80", "10.1.0.1", 80)
    for action in (
        Register((new,)),
        SetWeights((Weighted(replace(new, ref="g-new"), 7),)),
        Register((PEER, replace(new, address="10.1.0.2", ref="g-new"), OLD), standing=True),
        SetWeights((Weighted(OLD, 90), Weighted(PEER, 90))),
        Deregister((OLD,), standing=True),
    ):
        driven.journal.settle(driven.journal.intend(Heading.FORWARD, 0, action, verbatim("why")))

    found = dict(store.past(driven.run, driven.plan).weights)

    assert found == {new: (7,), replace(new, address="10.1.0.2"): (7,), PEER: (90,)}
    assert {backend.ref for backend in found} == {"g-new", OLD.ref}


def test_the_mapping_of_weights_cannot_be_changed_by_who_gets_it(driven: Any) -> None:
    weights = driven.journal.past(driven.run, driven.plan).weights

    assert not hasattr(weights, "__setitem__")


def test_what_was_taken_off_deleted_and_rehearsed_is_known_to_the_next_process(store: Store, driven: Any) -> None:
    journal, plan = driven.journal, driven.plan
    for action in (Deregister((OLD,)), DeleteObject(ObjectRef("apps/v1", "Deployment", "edge", "gw"), "u-1")):
        journal.settle(journal.intend(Heading.FORWARD, 0, action, verbatim("why")))
    run = journal.move(driven.run, state=State.RUNNING)
    journal.move(run, state=State.RUNNING, cursor=1, note=say("rehearse.done", took=2.8, limit=15.0))

    past = store.past(driven.run, plan)

    assert dict(past.removed) == {OLD: 0}
    assert past.deleted == {"u-1"}
    assert past.rehearsed is not None
    assert past.rehearsed.took == 2.8
    journal.settle(journal.intend(Heading.FORWARD, 1, Register((OLD,)), verbatim("why")))
    assert dict(store.past(driven.run, plan).removed) == {}


def test_a_run_that_begins_with_other_weights_than_its_plan_saw_accounts_for_those(store: Store) -> None:
    plan = make_plan()
    came = (Weighted(Backend(OLD.listener, "10.7.7.7", OLD.port), 100),)

    run = store.create_run(plan, came)

    assert dict(store.past(run, plan).weights) == {came[0].backend: (100,)}
    assert dict(store.past(store.create_run(plan), plan).weights) == {row.backend: (row.weight,) for row in plan.meant}


SERVICE = OBJECTS[0]
TAKEN = [
    pytest.param(["intend"], 0, id="meant alone"),
    pytest.param(["intend", "fail"], 0, id="never answered, and not seen"),
    pytest.param(["intend", "settle"], 1, id="never answered, but seen"),
    pytest.param(["intend", "accept", "settle"], 1, id="taken and seen"),
    pytest.param(["intend", "accept", "fail"], 1, id="taken, and taken off before it was seen"),
    pytest.param(
        ["intend", "accept", "settle", "move", "intend", "accept", "fail"], 2, id="taken again at another step"
    ),
]


@pytest.mark.parametrize(("told", "times"), TAKEN)
def test_the_past_counts_how_often_the_server_took_a_patch_over_the_whole_run(
    blank: Path, tmp_path: Path, told: list[str], times: int
) -> None:
    clock = FakeClock()
    store = Store.open(shutil.copy(blank, tmp_path / "store.db"), clock)
    story, values = (
        Story(store, clock, make_plan()),
        {"intend": PatchObject(SERVICE, PATCHES[0], "u"), "move": (State.RUNNING, 1)},
    )
    for what in told:
        story.tell(what, values.get(what))

    past = store.past(story.run, story.plan)

    found = made(past, SERVICE, PATCHES[0])
    assert found is not None
    assert found.times == times
    assert (found.at is None) == (told == ["intend"])
    assert made(past, SERVICE, PATCHES[1]) is None
    story.lease.release()
    store.close()
