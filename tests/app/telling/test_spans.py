"""A run's spans follow from its journal: steps inside the run, writes inside their steps, each with one id for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.app.telling.sender import Post
from migrator.app.telling.spans import SpanBox
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.ports.telling import Span
from migrator.store import Store
from tests.app.telling.test_sender import Killed
from tests.app.telling.world import eventful
from tests.app.world import stored, walked
from tests.store.world import make_plan


class Collected:
    """A collector that dies at its n-th span, before or after it has it."""

    name = "Traces"

    def __init__(self, dies_at: int = -1) -> None:
        self.spans: list[Span] = []
        self.edge = dies_at

    def send(self, span: Span) -> None:
        if self.edge == 2 * len(self.spans):
            raise Killed
        self.spans.append(span)
        if self.edge == 2 * len(self.spans) - 1:
            raise Killed


def post(store: Store, run: Run, to: Collected) -> Post[Span]:
    return Post(store, run, to.name, SpanBox(store, run, to.name).due, to.send)


def test_the_run_has_its_steps_and_a_step_its_writes(tmp_path: Path) -> None:
    there = Collected()
    with stored(tmp_path) as (store, clock):
        post(store, walked(store, clock), there).empty()

    write, first, second, whole = there.spans
    assert (whole.parent, first.parent, second.parent, write.parent) == ("", whole.id, whole.id, first.id)
    assert write.name == "set-weights"
    assert {span.trace for span in there.spans} == {whole.trace}
    assert (
        whole.start <= first.start <= write.start <= write.end <= first.end <= second.start <= second.end == whole.end
    )
    assert ("migrator.state", "completed") in whole.attributes
    assert (len(whole.trace), len(whole.id)) == (32, 16)


def test_what_is_not_over_is_no_span_yet(tmp_path: Path) -> None:
    there = Collected()
    with stored(tmp_path) as (store, _):
        run = store.create_run(make_plan("e7"))
        journal = store.journal(run.id, store.acquire(run.id, "ann@ops pid 1"))
        sending = post(store, run, there)
        run = journal.move(run, state=State.RUNNING)
        sending.empty()
        begun = list(there.spans)
        journal.move(run, state=State.RUNNING, cursor=1)
        sending.empty()

    assert begun == []
    assert len(there.spans) == 1


def test_a_way_back_has_steps_of_its_own(tmp_path: Path) -> None:
    there = Collected()
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, make_plan("e8"))
        post(store, run, there).empty()

    headings = [dict(span.attributes).get("migrator.heading") for span in there.spans]
    assert headings == [Heading.FORWARD.value, Heading.BACK.value, None]


@pytest.mark.parametrize("edge", range(8))
def test_a_kill_loses_no_span_and_what_is_sent_again_is_the_same(tmp_path: Path, edge: int) -> None:
    whole, there = Collected(), Collected(edge)
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        with pytest.raises(Killed):
            post(store, run, there).empty()
        there.edge = -1
        post(store, run, there).empty()
        again = post(store, run, there)
        again.empty()
        due = SpanBox(store, run, "another").due()
        whole.spans = [span for span, _ in due]

    assert again.sent == 0
    assert set(there.spans) == set(whole.spans)
    assert len(there.spans) - len(whole.spans) <= 2
