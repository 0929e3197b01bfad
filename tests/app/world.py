"""A store with runs whose journals were written through the ports that the driver uses, and by its own notes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import Op, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.decisions import Done
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Observed, Rate, Ruling, Verdict
from migrator.domain.observation.sighting import Judgement, Sighting, Witnessed
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Shift
from migrator.store import Store
from migrator.workflow.notes import tallies
from tests.store.world import NEW, OLD, FakeClock, make_plan

HOLDER = "ann@ops pid 1"
CAN = Capabilities()


@contextmanager
def stored(folder: Path) -> Iterator[tuple[Store, FakeClock]]:
    """Give an empty store with a clock that the test moves."""
    clock = FakeClock()
    with Store.open(folder / "migrator.db", clock) as store:
        yield store, clock


def seen(old: int, new: int, observed: Observed | None = None, witness: Witnessed | None = None) -> Sighting:
    """Give a sighting of one backend on each side."""
    rows = (row(OLD, old, Side.OLD), row(NEW, new, Side.NEW))
    said = Verdict(Ruling.PASS, verbatim("new 0 of 90 bad"), "gateway counters", Rate(90, 0), Rate(10, 0))
    return Sighting(Pools(rows, CAN), Judgement(said, Rate(10, 0), observed), witness or Witnessed())


def row(backend: Backend, weight: int, side: Side) -> Row:
    """Give a healthy row."""
    return Row(Target(backend, weight, Health.HEALTHY), side)


def walked(store: Store, clock: FakeClock, plan: Plan | None = None) -> Run:
    """Give a completed run: two steps, one write settled, the notes of one shift as the driver takes them."""
    plan = plan or make_plan("a0")
    run = store.create_run(plan)
    lease = store.acquire(run.id, HOLDER)
    journal = store.journal(run.id, lease)
    run = journal.move(run, state=State.RUNNING)
    clock.sleep(2)
    entry = journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(NEW, 11),)), say("step.shift", share=10.0))
    journal.accept(entry, Op("tencent", "task-1"))
    journal.settle(entry)
    counted = Observed(99, 997, "gateway counters")
    shift = Shift(Side.NEW, 10.0, 5.0, 10.0, 1)
    for kind, counts in tallies(shift, Done(), seen(100, 11, counted, Witnessed(7, 5, 2, 0))):
        journal.tally(kind, counts)
    run = journal.move(run, state=State.RUNNING, cursor=1, note=say("shift.done-unseen", achieved=9.91, requests=0))
    clock.sleep(1)
    run = journal.move(run, state=State.COMPLETED, note=say("confirm.new"))
    lease.release()
    return run
