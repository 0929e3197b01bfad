"""A process that was there all along and one that just began know the same of the past."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import Action, Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Ruling
from migrator.domain.planning.plan import Plan
from migrator.store import Journal, Store
from tests.store.world import OLD, FakeClock, make_plan

BACKENDS = (OLD, Backend("lbl-80", "10.1.0.1", 80), Backend("lbl-80", "10.1.0.2", 80))
SOME = st.lists(st.sampled_from(BACKENDS), unique=True, min_size=1).map(tuple)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Register, SOME),
    st.builds(Deregister, SOME),
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
            self.journal.approve(say("step.drain", side="old"), "ann", list(Side)[self.run.cursor % 2])
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


def test_the_mapping_of_weights_cannot_be_changed_by_who_gets_it(driven: Any) -> None:
    weights = driven.journal.past(driven.run, driven.plan).weights

    assert not hasattr(weights, "__setitem__")
