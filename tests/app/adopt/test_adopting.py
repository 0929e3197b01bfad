"""A run whose store is lost is taken over from its record in the cluster: it goes back, or on, and loses nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from migrator.app.adopt import record
from migrator.app.adopt.adopting import recorded, require_not_here, taken
from migrator.app.adopt.keeper import Keeper
from migrator.app.adopt.keeping import Kept
from migrator.app.inspect.status import last_look
from migrator.app.wiring import Wired
from migrator.domain.messages.errors import LeaseHeld, NotFound, Refused, UsageError
from migrator.domain.model.manifests import Manifest, dig, labels
from migrator.domain.model.runs import Heading, RequestKind, Run, State
from migrator.domain.model.spec import ClusterSpec, LiveRange
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.place import Place, placed
from migrator.domain.steps import Shift, VerifyConfig
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.objects import NAMESPACE, OLD
from tests.fakes.world import DAEMONSET, DEPLOYMENT, SERVICE, FakeWorld, quick
from tests.words import text

WHERE = ClusterSpec(NAMESPACE)
SECRET = "hunter2-of-the-gateway"


def wired(world: FakeWorld) -> Wired:
    return Wired(world.readers, world.writers, world.cluster)


class Surviving(Harness):
    """A harness whose processes keep the record, as `execute` does, but at once: in a fake world no thread is awaited."""

    def until(self, over: Callable[[Progress], bool]) -> None:
        with self.store() as store:
            kept = Kept(store, self.plan, wired(self.world), self.run)
            kept.begin(self.run)
            tell = kept.telling(lambda _progress: None)

        def seen(progress: Progress) -> bool:
            with self.store() as store:
                kept._store = store
                tell(progress)
                assert kept._keeper is not None
                kept._keeper._write()
            return over(progress)

        self.process(leaves=seen)

    def lose_the_store(self, folder: Path) -> None:
        folder.mkdir()
        self._file = folder / "other.db"
        self.world.clock.sleep(60.0)  # the dead process's Lease runs out

    def adopt(self) -> None:
        """Take the run over in the store that is there now."""
        place, plan = recorded(self.world.cluster, WHERE, OLD)
        with self.store() as store:
            require_not_here(store, plan)
            run, _ = taken(store, place, plan, wired(self.world))
            self._id, self.plan = run.id, store.plan(run.plan_id)


def at(title: str) -> Callable[[Progress], bool]:
    return lambda progress: text(progress.titles[progress.run.cursor]) == title and "soak" in progress.words.code


@pytest.fixture
def lost(tmp_path: Path) -> Surviving:
    """A run that was killed while it soaked at half, and whose store is gone."""
    harness = Surviving(tmp_path, spec=quick())
    harness.until(at("Shift 50 %"))
    harness.lose_the_store(tmp_path / "new")
    return harness


def test_a_lost_run_is_adopted_halted_with_the_weights_as_they_are_and_rolled_back(lost: Surviving) -> None:
    before = dict(lost.world.weights)
    lost.adopt()
    adopted = lost.run
    assert (adopted.state, adopted.heading) == (State.HALTED, Heading.FORWARD)
    assert lost.world.weights == before
    with lost.store() as store:
        look = last_look(store, adopted)
    assert look is not None
    assert (look.share, {row.backend: row.weight for row in look.weights if row.weight}) == (
        50.0,
        {backend: weight for backend, weight in before.items() if weight},
    )

    lost.ask(RequestKind.ROLLBACK)
    ended = lost.process()

    assert ended.state is State.ROLLED_BACK
    assert lost.world.weights == lost.world.originals
    assert lost.world.cluster.get(DAEMONSET) is None
    service = lost.world.cluster.get(SERVICE)
    assert labels(service, "metadata", "annotations") == {}


def test_an_adopted_run_verifies_the_new_side_once_more_and_goes_on_from_its_share(lost: Surviving) -> None:
    lost.adopt()
    with lost.store() as store:
        route = store.route(lost.run.id, Heading.FORWARD)
    assert isinstance(route[lost.run.cursor], VerifyConfig)
    assert isinstance(ahead := route[lost.run.cursor + 1], Shift)
    assert ahead.share == 50.0
    lost.world.shares.clear()

    lost.ask(RequestKind.RESUME)
    ended = lost.process()

    assert ended.state is State.COMPLETED
    assert lost.world.share == 100.0
    assert min(lost.world.shares, default=50.0) >= 49.0
    assert lost.world.cluster.get(DEPLOYMENT) is None


def test_what_was_set_before_the_store_was_lost_holds_on_in_the_adopted_run(tmp_path: Path) -> None:
    harness = Surviving(tmp_path, spec=replace(quick(), live=(LiveRange("soak", 2.0, 60.0),)))
    harness.until(at("Shift 10 %"))
    harness.ask(RequestKind.SET, "soak=5s")
    harness.until(at("Shift 50 %"))
    harness.lose_the_store(tmp_path / "new")

    harness.adopt()

    harness.process(leaves=lambda progress: True)
    assert harness.progress[-1].seen is not None
    assert harness.progress[-1].seen[JournalFacts].live == {"soak": 5.0}


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(lambda p: text(p.titles[p.run.cursor]) == "Guard", id="at Guard"),
        pytest.param(lambda p: text(p.titles[p.run.cursor]) == "Drain old", id="at Drain"),
        pytest.param(lambda p: text(p.titles[p.run.cursor]) == "Detach old", id="at Detach"),
        pytest.param(lambda p: text(p.titles[p.run.cursor]) == "Retire", id="at Retire"),
    ],
)
@pytest.mark.parametrize("kind", [RequestKind.ROLLBACK, RequestKind.RESUME])
def test_wherever_the_store_is_lost_the_run_goes_both_ways(
    tmp_path: Path, moment: Callable[[Progress], bool], kind: RequestKind
) -> None:
    harness = Surviving(tmp_path, spec=quick())
    harness.until(moment)
    harness.lose_the_store(tmp_path / "new")
    harness.adopt()

    harness.ask(kind)
    ended = harness.process()

    assert ended.state is (State.ROLLED_BACK if kind is RequestKind.ROLLBACK else State.COMPLETED)
    if kind is RequestKind.ROLLBACK:
        assert harness.world.weights == harness.world.originals


def test_a_run_that_was_on_its_way_back_is_adopted_on_it(tmp_path: Path) -> None:
    harness = Surviving(tmp_path, spec=quick())
    harness.until(at("Shift 50 %"))
    harness.ask(RequestKind.ROLLBACK)
    harness.until(lambda progress: text(progress.titles[progress.run.cursor]) == "Drain new")
    harness.lose_the_store(tmp_path / "new")
    harness.adopt()
    assert harness.run.heading is Heading.BACK

    harness.ask(RequestKind.RESUME)

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


def test_the_record_follows_a_run_to_its_share_though_the_last_move_was_not_written(lost: Surviving) -> None:
    """A write came true that the record does not tell of: the run goes on at the share that is seen, and never falls."""
    name = record.place_ref(NAMESPACE, OLD)
    place = json.loads(str(dig(lost.world.cluster.get(name), "data", "place")))
    plan = recorded(lost.world.cluster, WHERE, OLD)[1]
    place["cursor"] = next(i for i, step in enumerate(plan.steps) if isinstance(step, VerifyConfig))
    data: Any = lost.world.cluster.objects[name]["data"]
    data["place"] = json.dumps(place)
    del data[record.PLACE_SEAL]  # as a version before it wrote it
    lost.adopt()

    with lost.store() as store:
        step = store.route(lost.run.id, Heading.FORWARD)[lost.run.cursor + 1]

    assert isinstance(step, Shift)
    assert step.share == 50.0


def test_a_run_is_adopted_once_and_by_nobody_while_a_process_has_it(lost: Surviving) -> None:
    lost.world.cluster.acquire("eve@laptop pid 9", 30)
    with pytest.raises(LeaseHeld):
        lost.adopt()
    lost.world.clock.sleep(40.0)
    lost.adopt()

    with pytest.raises(UsageError) as refused:
        lost.adopt()

    assert refused.value.message.code == "adopt.in-store"


def test_a_record_holds_no_value_of_an_environment_variable() -> None:
    world = FakeWorld()
    source = copy.deepcopy(world.cluster.objects[DEPLOYMENT])
    rows: list[Manifest] = source["spec"]["template"]["spec"]["containers"]  # type: ignore[index,call-overload,assignment]
    rows[0]["env"] = [{"name": "PASSWORD", "value": SECRET}]
    world.cluster.objects[DEPLOYMENT] = source
    world.clock.advance(5.0)
    plan = world.plan(quick())
    assert SECRET in str(plan)

    Keeper(world.cluster, world.cluster, plan).begin(place_of(plan))

    assert SECRET not in json.dumps(record.read(world.cluster, NAMESPACE, OLD).plan)
    _, whole = recorded(world.cluster, WHERE, OLD)
    assert SECRET in str(whole.manifests)
    world.cluster.lose(DEPLOYMENT)
    with pytest.raises(Refused) as gone:
        recorded(world.cluster, WHERE, OLD)
    assert gone.value.message.code == "adopt.values-lost"


@pytest.mark.parametrize("wound", ["part-changed", "part-gone", "no-parts", "garbled", "place-edited", "nothing"])
def test_a_record_that_is_not_whole_is_refused(lost: Surviving, wound: str) -> None:
    objects = lost.world.cluster.objects
    first, part = record.place_ref(NAMESPACE, OLD), record.part_ref(NAMESPACE, OLD, 1)
    match wound:
        case "part-changed":
            objects[part]["data"]["plan"] = "AAAA"  # type: ignore[index,call-overload]
        case "part-gone":
            lost.world.cluster.lose(part)
        case "no-parts":
            objects[first]["data"]["parts"] = "10000000000"  # type: ignore[index,call-overload]
        case "place-edited":
            data: Any = objects[first]["data"]
            data["place"] = data["place"].replace('"forward"', '"back"')
        case "garbled":
            objects[first]["data"]["place"] = "[" * 9  # type: ignore[index,call-overload]
        case _:
            lost.world.cluster.lose(first)

    with pytest.raises(NotFound if wound == "nothing" else Refused):
        recorded(lost.world.cluster, WHERE, OLD)


def test_a_large_plan_is_split_and_the_record_goes_with_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "PART", 500)
    world = FakeWorld()
    plan = world.plan(quick())
    keeper = Keeper(world.cluster, world.cluster, plan)
    keeper.begin(place_of(plan))
    kept = [ref for ref in world.cluster.objects if ref.kind == "ConfigMap"]
    assert len(kept) > 3
    assert recorded(world.cluster, WHERE, OLD)[1].steps == plan.steps

    assert keeper.end()

    assert not [ref for ref in world.cluster.objects if ref.kind == "ConfigMap"]


def place_of(plan: Plan) -> Place:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    run = Run(1, plan.id, "edge", State.PLANNED, Heading.FORWARD, 0, now, now)
    return placed(run, "ann@ops run 1 store 0", plan.digest, plan.steps, JournalFacts())
