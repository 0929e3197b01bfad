"""Processes of migrator on a fake world and a real store: each can be killed at any write, the next one goes on."""

from __future__ import annotations

import copy
import random
import shutil
from collections import Counter
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrator.app.run.execution import RunMemory, asked_before, noted_before, vouched_before
from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.message import Message
from migrator.domain.model.runs import RequestKind, Run
from migrator.domain.model.spec import Spec
from migrator.domain.ports.gating import GatePort, HookPort
from migrator.domain.ports.outside import Writers
from migrator.domain.ports.rates import RateSource
from migrator.store import Lease, Store
from migrator.workflow.drive import Session, drive
from migrator.workflow.gating.asking import EVERY as ASKED_EVERY
from migrator.workflow.gating.asking import AskingGate
from migrator.workflow.gating.calling import EVERY as CALLED_EVERY
from migrator.workflow.gating.calling import CallingHooks
from migrator.workflow.gating.freezing import EVERY as FREEZE_EVERY
from migrator.workflow.gating.freezing import Freezing, in_cluster
from migrator.workflow.progress import Progress
from migrator.workflow.watching.answering import Answering
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.guarding import EVERY as GUARD_EVERY
from migrator.workflow.watching.guarding import Guarding, rested
from migrator.workflow.watching.history import History
from migrator.workflow.watching.opinions.asking import Asking
from migrator.workflow.watching.overseeing import EVERY as CONFIGS_EVERY
from migrator.workflow.watching.overseeing import Overseeing
from migrator.workflow.watching.watch import WITNESS_EVERY, Counting, Slow, Watched, Witnessing, probing_of
from tests.fakes.world import FakeWorld, quick
from tests.words import text

MOST_TURNS = 3000
MOST_LIVES = 400
BEAT = 5.0

JOURNAL = (
    "intend",
    "accept",
    "settle",
    "fail",
    "ask",
    "approve",
    "obeyed",
    "put",
    "verdict",
    "note",
    "passed",
    "ruled",
    "move",
)
WRITES = ("register", "set_weights", "deregister", "apply", "patch", "delete", "tell")


class Killed(BaseException):
    """The process is gone; nothing of it runs any more."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A moment at which a process can die: before or after a call, its n-th at this step."""

    step: str
    call: str
    when: str
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.step}: {self.when} {self.call} {self.nth}"


@dataclass
class Edges:
    """Every edge that a process passed; it dies at `deadly`."""

    deadly: Edge | None = None
    most: int | None = None
    step: str = ""
    passed: list[Edge] = field(default_factory=list)
    _seen: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def reach(self, call: str, when: str) -> None:
        """Pass an edge, or die at it."""
        name = (self.step, call, when)
        self._seen[name] += 1
        edge = Edge(*name, self._seen[name])
        self.passed.append(edge)
        if edge == self.deadly or len(self.passed) == self.most:
            raise Killed(str(edge))


class Mortal:
    """A port whose named calls have an edge before and after."""

    def __init__(self, port: object, calls: tuple[str, ...], edges: Edges) -> None:
        self._port, self._calls, self._edges = port, calls, edges

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._deadly(name, found) if name in self._calls else found

    def _deadly(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **named: Any) -> Any:
            self._edges.reach(name, "before")
            result = call(*args, **named)
            self._edges.reach(name, "after")
            return result

        return made


def soaked(progress: Progress, seconds: float) -> bool:
    """Say whether a turn told that a share has been watched for so long."""
    words = progress.words
    return words.code == "soak.going-on" and isinstance(found := words["soaked"], float) and found >= seconds


class Harness:
    """A world, a plan, a store on a file and one run of the plan. `process` is one life of migrator."""

    starter = "ann@ops"
    gate: GatePort | None = None
    hooks: HookPort | None = None

    def __init__(
        self,
        folder: Path,
        world: FakeWorld | None = None,
        spec: Spec | None = None,
        meanwhile: Callable[[FakeWorld], None] = lambda _world: None,
    ) -> None:
        self.world = world or FakeWorld()
        self.spec = spec or quick()
        self.plan = self.world.plan(self.spec)
        meanwhile(self.world)
        self._file = folder / "store.db"
        with self.store() as store:
            self._id = store.create_run(self.plan, self.world.begins_with(self.plan)).id
        self.progress: list[Progress] = []
        self.edges: list[Edge] = []
        self.life: Callable[..., Life] = Life
        self._processes = 0

    def twin(self, folder: Path) -> Harness:
        """Give a second one with the same past: a copy of the world and of the store, in another folder."""
        other = copy.copy(self)
        other.world, other.progress, other.edges = copy.deepcopy(self.world), [], []
        other._file = folder / self._file.name
        shutil.copy(self._file, other._file)
        return other

    def _step(self) -> str:
        with self.store() as store:
            run = store.run(self._id)
            return text(store.route(self._id, run.heading)[run.cursor].title)

    def store(self) -> Store:
        """Open the store, as any process would."""
        return Store.open(self._file, self.world.clock)

    @property
    def run(self) -> Run:
        """Give the run as the store has it."""
        with self.store() as store:
            return store.run(self._id)

    def ask(self, kind: RequestKind, note: str = "") -> None:
        """Ask something of the run, as another process would."""
        with self.store() as store:
            store.ask_run(self._id, kind, "ben@ops", note)

    def words(self) -> list[str]:
        """Give what every turn said so far, codes and values, without repetitions in a row."""
        said = [str(progress.words) for progress in self.progress]
        return [words for i, words in enumerate(said) if i == 0 or words != said[i - 1]]

    def events(self) -> list[Any]:
        """Give the journal."""
        with self.store() as store:
            return store.events(self._id)

    def many_lives(self, chance: random.Random, longest: int) -> None:
        """Let process after process drive the run, each dying after at most `longest` calls, until one is not killed."""
        for _ in range(MOST_LIVES):
            with suppress(Killed):
                self.process(dies_after=chance.randint(1, longest))
                return

    def process(
        self,
        dies_at: Edge | None = None,
        dies_after: int | None = None,
        leaves: Callable[[Progress], bool] = lambda _progress: False,
    ) -> Run:
        """Let a process drive the run until it ends, `leaves` says so after a turn, or it dies (raises Killed)."""
        self._processes += 1
        edges = Edges(dies_at, dies_after, self._step())
        store = self.store()
        lease = store.acquire(self._id, f"process {self._processes}")
        life = self.life(self, store, lease, edges, leaves)
        self.world.clock.passing.append(life.watch)
        try:
            result = drive(life.session(), store.run(self._id), life.over)
            lease.release()
            return result
        finally:
            self.world.clock.passing.remove(life.watch)
            lease._lock.drop()  # what the kernel does for a process that is gone
            self.edges += edges.passed
            store.close()


class Direct:
    """Questions that are asked when their answer is wanted: in a fake world time passes only when somebody lets it."""

    def __init__(self) -> None:
        self._begun: dict[str, Callable[[], Any]] = {}

    def begin(self, kind: str, reading: Callable[[], Any], of: Hashable = None) -> None:
        """Keep the question."""
        self._begun[kind] = reading

    def answer(self, kind: str, seconds: float, late: Message) -> Any:
        """Ask, and give the answer."""
        return self._begun.pop(kind)()

    def forget(self) -> None:
        """Ask everything anew."""
        self._begun.clear()


class Life:
    """One process: its watch, its heartbeat and its end. `foreign` are errors that a test lets readers raise; all others
    that are not ours are defects."""

    foreign: tuple[type[Exception], ...] = ()

    def __init__(
        self, harness: Harness, store: Store, lease: Lease, edges: Edges, leaves: Callable[[Progress], bool]
    ) -> None:
        world, spec = harness.world, harness.spec
        self._harness, self._store, self._lease, self._edges, self._leaves = harness, store, lease, edges, leaves
        self._board = Board()
        self._turns, self._left = 0, False
        watched = Watched(
            spec, world.readers, self._board, world.clock, lambda: world.checks(spec, harness.plan.seen.old)
        )
        scrape, plan = spec.judge.scrape, harness.plan
        history = History(spec.judge, compared=spec.answers is not None)
        self._loops: list[tuple[float, Callable[[], None]]] = [
            (scrape.interval if scrape else 1.0, Counting(watched, history)),
            (1.0, Slow(watched)),
            (1.0, probing_of(watched, history.own)),
            (FREEZE_EVERY, Freezing((in_cluster(world.cluster, spec.cluster.namespace),), self._board)),
            (GUARD_EVERY, Guarding(rested(plan), world.readers.cluster, self._board, world.clock, Direct())),
            (CONFIGS_EVERY, Overseeing(world.readers.gateways, self._board, world.clock)),
            (WITNESS_EVERY, Witnessing(watched, world, history)),
            (BEAT, lease.renew),
        ]
        if harness.gate is not None:
            self._loops.append((ASKED_EVERY, AskingGate(harness.gate, self._board, world.clock)))
        if harness.hooks is not None:
            self._loops.append((CALLED_EVERY, CallingHooks(harness.hooks, self._board, world.clock)))
        readers = world.readers
        if spec.answers is not None:
            asked = asked_before(spec, store.process_records(harness.run.id))
            gateways, own = readers.gateways, history.own
            answering = Answering(spec, world.answers, gateways, self._board, world.clock, own, asked)
            self._loops.append((answering.interval, answering))
        if readers.rates is not None and spec.judge.prometheus is not None:
            self._ask_too(spec, readers.rates, history)
        self._due = [0.0] * len(self._loops)

    def _ask_too(self, spec: Spec, rates: RateSource, history: History) -> None:
        """Let a second opinion be asked too."""
        assert spec.judge.prometheus is not None
        asking = Asking(spec.judge, rates, history, self._board, self._harness.world.clock)
        self._loops.append((spec.judge.prometheus.interval, asking))

    def session(self) -> Session:
        """Give what the driver needs."""
        world, plan, edges = self._harness.world, self._harness.plan, self._edges
        journal = self._store.journal(self._lease.run_id, self._lease)
        memory = RunMemory(self._store, journal, plan, self._lease.run_id)
        ports = world.writers
        writers = Writers(*(Mortal(port, WRITES, edges) for port in (ports.balancer, ports.cluster, ports.gateways)))
        mortal: Any = Mortal(journal, JOURNAL, edges)
        return Session(
            plan,
            world.readers,
            writers,
            mortal,
            memory,
            self._board,
            world.clock,
            self._tell,
            self._lease.check,
            self._rest,
            Direct(),
            vouched_before(self._store.process_records(self._lease.run_id)),
            self._harness.starter,
            noted_before(self._store.process_records(self._lease.run_id)),
        )

    def _rest(self, _kinds: object, seconds: float) -> bool:
        """Let the time pass: in a fake world nobody publishes anything unless it does."""
        self._harness.world.clock.sleep(seconds)
        return False

    def over(self) -> bool:
        """Say whether the process was told to leave; a run that takes for ever is a failure, not a hang."""
        self._turns += 1
        assert self._turns < MOST_TURNS, f"not done after {MOST_TURNS} turns: {self._harness.words()[-5:]}"
        return self._left

    def watch(self, _seconds: float) -> None:
        """Do what the threads would have done by now."""
        now = self._harness.world.clock.monotonic()
        for index, (interval, act) in enumerate(self._loops):
            if now >= self._due[index]:
                self._due[index] = now + interval
                with suppress(MigratorError, *self.foreign):  # as the watch's threads do
                    act()
                if isinstance(act, Asking):
                    self._due[index] = min(self._due[index], act.wanted(now, self._board.wish))

    def _tell(self, progress: Progress) -> None:
        self._edges.step = text(progress.titles[progress.run.cursor]) if not progress.run.ended else "end"
        self._harness.progress.append(progress)
        self._left = self._left or self._leaves(progress)
