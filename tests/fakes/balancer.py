"""A balancer in memory that behaves like the real ones: batches, jobs that take time, a data plane that follows late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from migrator.domain.messages.errors import Gone, Refused, Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Health, Scope, Target
from tests.fakes.clock import FakeClock
from tests.fakes.orders import Orders

SYSTEM = "fake-lb"
PLAIN = Capabilities()
OLD_POOL, NEW_POOL = "pool-old", "pool-new"


@dataclass(slots=True)
class Entry:
    """A registered backend: the weight that reads show, the one that steers traffic, since when it is there, and its pool."""

    weight: int
    steers: int
    since: float
    pool: str = ""


@dataclass(slots=True)
class Job:
    """An accepted write: what it will do, when reads show it, and how it ended."""

    due: float
    act: Callable[[], None]
    state: OpState = OpState.RUNNING


@dataclass(slots=True)
class Trouble:
    """What a test arranged: backends that are sick, how many rows the next write gets to, jobs nobody remembers."""

    sick: set[str] = field(default_factory=set)
    sick_rows: set[Backend] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    rows: int | None = None
    forgets: bool = False


class FakeBalancer:
    """BalancerReader and BalancerWriter in one; `orders` makes calls fail before or after their effect.

    Where weights are a pool's, who is registered joins the pool that its `ref` names, or else `new_pool`.
    A write is seen by reads after `takes` seconds (0: at once) and steers traffic after the capabilities' `settle`.
    Every moment at which a listener had no healthy weight, or lost a backend that had some, is kept in `harm`.
    """

    def __init__(self, clock: FakeClock, capabilities: Capabilities = PLAIN, takes: float = 0.0) -> None:
        self.clock, self.caps, self.takes = clock, capabilities, takes
        self.orders = Orders(clock.sleep)
        self.trouble = Trouble()
        self.rows: dict[Backend, Entry] = {}
        self.harm: list[str] = []
        self.said: tuple[Finding, ...] = ()
        self.listeners_at_start: set[str] = set()
        self.new_pool = NEW_POOL
        self._jobs: dict[str, Job] = {}
        self._made = 0
        self._followed: list[tuple[float, Backend, int]] = []
        clock.passing.insert(0, self.work)

    # --- arranging -----------------------------------------------------------------------------------------------
    def add(self, backend: Backend, weight: int) -> None:
        """Put a backend there as if it had always been."""
        self.rows[backend] = Entry(weight, weight, float("-inf"), OLD_POOL)
        self.listeners_at_start.add(backend.listener)

    def hand(self, backend: Backend, weight: int | None) -> None:
        """Let somebody else set a weight, or (None) take the backend away."""
        if weight is None:
            self.rows.pop(backend, None)
        else:
            near = (e.pool for b, e in self.rows.items() if (b.listener, b.port) == (backend.listener, backend.port))
            entry = self.rows.setdefault(backend, Entry(0, 0, self.clock.monotonic(), next(near, self.new_pool)))
            entry.weight = entry.steers = weight

    def forget_jobs(self) -> None:
        """Forget every job's id; what they do still happens."""
        self.trouble.forgets = True

    # --- reading -------------------------------------------------------------------------------------------------
    def capabilities(self) -> Capabilities:
        """Give what it can do."""
        return self.caps

    def address(self) -> str:
        """Give the address."""
        return "192.0.2.1"

    def findings(self) -> tuple[Finding, ...]:
        """Give what was arranged."""
        return self.said

    def targets(self) -> tuple[Target, ...]:
        """Give what reads show now."""
        with self.orders.obeyed("targets"):
            self.work()
            rows = sorted(self.rows.items())
            if self.caps.weights_of is Scope.BACKEND:
                return tuple(Target(b, entry.weight, self.health(b)) for b, entry in rows)
            named = ((replace(b, ref=entry.pool), entry) for b, entry in rows)
            return tuple(Target(b, entry.weight, self.health(b), pool=entry.pool) for b, entry in named)

    def poll(self, op: Op) -> OpState:
        """Say how a job stands."""
        with self.orders.obeyed("poll"):
            self.work()
            if not op.id:
                return OpState.DONE
            job = self._jobs.get(op.id)
            return OpState.LOST if job is None or self.trouble.forgets else job.state

    def health(self, backend: Backend) -> Health:
        """Give a backend's health: two seconds after it came, where the balancer looks at all."""
        entry = self.rows[backend]
        if not entry.weight and not self.caps.health_at_zero:
            return Health.UNKNOWN
        if self._is_sick(backend):
            return Health.UNHEALTHY
        young = self.clock.monotonic() - entry.since < 2.0
        return Health.PENDING if young or backend.address in self.trouble.pending else Health.HEALTHY

    def steering(self) -> dict[Backend, int]:
        """Give the weights that steer traffic now, of healthy backends."""
        return {b: entry.steers for b, entry in self.rows.items() if entry.steers and not self._is_sick(b)}

    def parts(self) -> dict[Backend, float]:
        """Give what steers by backend: a pool's weight is shared by its members."""
        steering = self.steering()
        if self.caps.weights_of is not Scope.POOL:
            return dict(steering)
        members = Counter((b.listener, self.rows[b].pool) for b in steering)
        return {b: weight / members[b.listener, self.rows[b].pool] for b, weight in steering.items()}

    def _is_sick(self, backend: Backend) -> bool:
        return backend.address in self.trouble.sick or backend in self.trouble.sick_rows

    # --- writing -------------------------------------------------------------------------------------------------
    def register(self, action: Register) -> Op:
        """Register at 0; a row that is there stays as it is."""
        with self.orders.obeyed("register"):
            self._batched(action.backends)
            now = self.clock.monotonic
            return self._accept(
                [
                    lambda b=b: self.rows.setdefault(
                        b, Entry(*[self._joins(b, action)] * 2, now(), b.ref or self.new_pool)
                    )
                    for b in action.backends
                ]
            )

    def set_weights(self, action: SetWeights) -> Op:
        """Set absolute weights; a row that is not there, or a weight out of range, is Refused."""
        with self.orders.obeyed("set_weights"):
            self._batched(row.backend for row in action.rows)
            for row in action.rows:
                if row.backend not in self.rows:
                    raise Gone(verbatim(f"{row.backend} is not there"))
                if not 0 <= row.weight <= self.caps.weight_max:
                    raise Refused(verbatim(f"{row.backend} cannot have weight {row.weight}"))
            return self._accept([lambda r=row: self._set(r.backend, r.weight) for row in action.rows])

    def deregister(self, action: Deregister) -> Op:
        """Remove; a row with weight is Refused, one that is gone is fine."""
        with self.orders.obeyed("deregister"):
            self._batched(action.backends)
            for backend in action.backends:
                if backend in self.rows and self.rows[backend].weight and not action.standing:
                    self.harm.append(f"{backend} was to be removed with weight {self.rows[backend].weight}")
                    raise Refused(verbatim(f"{backend} has weight"))
            return self._accept([lambda b=b: self.rows.pop(b, None) for b in action.backends])

    def _joins(self, backend: Backend, action: Register) -> int:
        """Give the weight that a backend gets by joining a pool that stands; 0 else."""
        joined = (backend.listener, backend.ref or self.new_pool)
        pool = [entry.weight for b, entry in self.rows.items() if (b.listener, entry.pool) == joined]
        return max(pool, default=0) if action.standing else 0

    # --- inside --------------------------------------------------------------------------------------------------
    def _batched(self, backends: Iterable[Backend]) -> None:
        named = list(backends)
        if len(named) > self.caps.batch and self.caps.weights_of is Scope.BACKEND:
            raise Refused(verbatim(f"{len(named)} rows are more than {self.caps.batch}"))
        if not self.caps.several_listeners and len({backend.listener for backend in named}) > 1:
            raise Refused(verbatim("one listener at a time"))

    def _accept(self, parts: list[Callable[[], object]]) -> Op:
        reaches, self.trouble.rows = self.trouble.rows, None
        whole = reaches is None
        job = Job(self.clock.monotonic() + self.takes, lambda: self._all(parts[:reaches]))
        job.state = OpState.RUNNING if whole else OpState.FAILED
        self._made += 1
        name = f"job-{self._made}"
        self._jobs[name] = job
        if not whole:
            job.act()
        self.work()
        return Op(SYSTEM, name) if self.takes or not whole else Op(SYSTEM)

    def _all(self, parts: list[Callable[[], object]]) -> None:
        for part in parts:
            part()
            if self.caps.weights_of is Scope.BACKEND:
                self._look()
        self._look()

    def _set(self, backend: Backend, weight: int) -> None:
        if backend in self.rows:
            self.rows[backend].weight = weight
            self._followed.append((self.clock.monotonic() + self.caps.settle, backend, weight))

    def work(self, _seconds: float = 0.0) -> None:
        """Finish the jobs that are due, and let the data plane follow."""
        now = self.clock.monotonic()
        for job in self._jobs.values():
            if job.state is OpState.RUNNING and job.due <= now:
                job.state = OpState.DONE
                job.act()
        due = [item for item in self._followed if item[0] <= now]
        self._followed = [item for item in self._followed if item[0] > now]
        for _, backend, weight in due:
            if backend in self.rows:
                self.rows[backend].steers = weight

    def _look(self) -> None:
        for listener in self.listeners_at_start:
            bearing = [b for b, e in self.rows.items() if b.listener == listener and e.weight and not self._unfit(b)]
            if not bearing:
                self.harm.append(f"{listener} had no healthy weight at {self.clock.monotonic():.1f}")

    def _unfit(self, backend: Backend) -> bool:
        return self.health(backend) in (Health.UNHEALTHY, Health.PENDING)


def lost_answer() -> Unreachable:
    """Give the error of a write whose answer got lost."""
    return Unreachable(verbatim("the balancer did not answer within 10 s"))
