"""One balancer at work: the model its API shows, the data plane that follows it, checks, tasks and faults.

It speaks no cloud's language: an API hands over changes that it has found to be valid.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from migrator.lab.balancer.faults import Faults, OutsideChange
from migrator.lab.balancer.health import Checker
from migrator.lab.balancer.model import Balancer, Change, Health, Key, Listener, Target, Verb, apply, rule_name
from migrator.lab.balancer.propagation import Propagation
from migrator.lab.balancer.record import Record
from migrator.lab.balancer.settings import BalancerSpec, ListenerSpec, RuleSpec, Timings
from migrator.lab.balancer.tasks import Task, Tasks, TaskState
from migrator.lab.clouds.monitoring import Figure, Monitor
from migrator.lab.dataplane.counts import TargetCounts
from migrator.lab.dataplane.delay import DelayLine
from migrator.lab.dataplane.front import Front
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.pooled import PooledRotation
from migrator.lab.dataplane.proxy import HttpListener, Proxy, RuleRotation
from migrator.lab.dataplane.reactor import Reactor
from migrator.lab.dataplane.rotation import Rotation

_SERVING = (Health.ALIVE, Health.OFF)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all balancers of a process share."""

    loop: asyncio.AbstractEventLoop
    reactor: Reactor
    proxy: Proxy
    record: Record
    tasks: Tasks


class Live:
    """One balancer. At most one task of it runs at any time; who wants another one must look at `busy` first."""

    def __init__(self, ground: Ground, spec: BalancerSpec) -> None:
        """Listen on every port of `spec` at once; OSError when one is taken (nothing is left listening then)."""
        rng = Random(spec.seed)
        self.faults = Faults()
        self.model = Balancer(spec, datetime.now(UTC))
        self.fronts: dict[str, Pool] = {}
        self._http: list[HttpListener] = []
        self._ground = ground
        self._up = DelayLine(ground.loop, spec.timings.delay_up_s)
        self._down = DelayLine(ground.loop, spec.timings.delay_down_s)
        self._way = Propagation(ground.loop, spec.timings, rng)
        self._checker = Checker(self._verdict, self.faults.health, rng)
        self._running: Task | None = None
        self._closed = False
        self.monitor = Monitor(ground.loop, lambda: self.timings, self._figures)
        try:
            for listener in spec.listeners:
                if listener.rules:
                    self._proxy(listener)
                else:
                    self._listen(listener)
        except OSError:
            self.close()
            raise

    @property
    def busy(self) -> bool:
        """Whether a task runs, or a fault says so."""
        return self._running is not None or self.faults.busy()

    @property
    def running(self) -> Task | None:
        """The task that runs, if any."""
        return self._running

    @property
    def timings(self) -> Timings:
        """The timings in force."""
        return self._way.timings

    @timings.setter
    def timings(self, timings: Timings) -> None:
        self._way.timings = timings
        self._up.delay, self._down.delay = timings.delay_up_s, timings.delay_down_s
        for listener in self._http:
            self._ground.proxy.delay(listener, timings.delay_up_s + timings.delay_down_s)

    async def ready(self) -> None:
        """Wait until every port of the balancer accepts connections."""
        for listener in self._http:
            await self._ground.proxy.ready(listener)

    async def count(self) -> None:
        """Bring the counts of HTTP listeners up to date; those of the others always are."""
        if self._http:
            await self._ground.proxy.count()

    def health(self, listener: str, key: Key) -> Health:
        """Return the verdict on a target."""
        return self._checker.state(listener, key)

    def accept(self, task_id: str, changes: Sequence[Change]) -> Task:
        """Begin a task: visible after task_s, in effect after the propagation. The balancer is busy until it ends."""
        assert self._running is None, "one task at a time"
        failing = self.faults.take("fail_tasks")
        touched = tuple(dict.fromkeys(change.listener for change in changes))
        refused = touched if failing else ()
        if not failing and self.faults.take("partial"):
            chosen = self.faults.partial_listeners or touched[:1]
            refused = tuple(name for name in touched if name in chosen)
        task = self._running = Task(task_id, self.model.spec.id, tuple(changes), refused)
        self._ground.tasks.add(task)
        for change in task.lasting:
            self._way.send(change, self._effect)
        self._ground.loop.call_later(self.timings.task_s, self._complete, task)
        return task

    def change(self, changes: Sequence[Change]) -> None:
        """Make changes that the API shows at once; the data plane follows after the propagation, all in one moment."""
        self._show(changes)
        self._way.together(changes, self._effect)

    def change_from_outside(self, change: OutsideChange) -> None:
        """Let somebody else change the balancer after `change.after_s`."""
        self._ground.loop.call_later(change.after_s, self._changed_from_outside, change)

    def close(self) -> None:
        """Stop listening, checking and forwarding; every connection is reset."""
        self._closed = True
        self._way.close()
        self._checker.close()
        self.monitor.close()
        for listener in self._http:
            self._ground.proxy.end(listener)
        for front in self.fronts.values():
            front.close()

    async def _figures(self) -> list[Figure]:
        """Return what was counted until now of every target that is or was there."""
        await self.count()
        found = []
        for name, front in self.fronts.items():
            there = self.model.listeners[name].targets
            for key in dict.fromkeys([*front.targets, *there]):
                tag, health = (there[key].tag, self.health(name, key)) if key in there else (None, None)
                counts = front.targets.get(key, TargetCounts())
                failed = counts.refused + counts.failures
                found.append(Figure(name, key, tag, health, counts.connections, failed, counts.bad))
            found.append(Figure(name, None, None, None, front.counts.accepted, front.counts.no_target, 0))
        return found

    def _listen(self, spec: ListenerSpec) -> None:
        wires = (self._up, self._down)
        rotation = (PooledRotation if self.model.spec.pooled else Rotation)(spec.fail_open)
        front = Front(self._ground.reactor, self.model.spec.vip, spec.port, wires, rotation)
        self._begin(Listener(spec, front.port, datetime.now(UTC)), front)

    def _proxy(self, spec: ListenerSpec) -> None:
        name, proxy = f"{self.model.spec.id}/{spec.id}", self._ground.proxy
        rules = [(rule, f"{name}/{rule.id}", Pool(RuleRotation(rule.fail_open))) for rule in spec.rules]
        listener = proxy.listen(name, self.model.spec.vip, spec.port, rules, spec.keepalive)
        self._http.append(listener)
        proxy.delay(listener, self._up.delay + self._down.delay)
        for rule, _, pool in rules:
            self._begin(Listener(_as_listener(spec, rule), listener.port, datetime.now(UTC), rule=rule), pool)

    def _begin(self, listener: Listener, front: Pool) -> None:
        """Let a listener or rule be there, with the targets that it has from the start."""
        spec = listener.spec
        self.fronts[spec.id] = front
        self.model.listeners[spec.id] = listener
        for target in spec.targets:
            key = Key(target.address, target.port)
            listener.targets[key] = Target(key, target.weight, listener.created_at, target.instance_id, target.tag)
            self._watch(listener, key)
            front.add(key, target.weight, self.health(spec.id, key) in _SERVING, target.tag or "")

    def _watch(self, listener: Listener, key: Key) -> None:
        self._checker.watch(listener.spec.id, key, listener.spec.health or self.model.spec.health)

    def _verdict(self, listener: str, key: Key, health: Health) -> None:
        self.fronts[listener].judge(key, health in _SERVING)
        self._note("health", listener=listener, target=str(key), health=health.value)

    def _complete(self, task: Task) -> None:
        if self._closed:
            return
        self._show(task.lasting)
        self._running = None
        message = f"operation failed on {', '.join(task.refused)}" if task.refused else ""
        task.end(TaskState.FAILED if task.refused else TaskState.DONE, message)
        self._note("task", id=task.id, state=task.state.value, refused=list(task.refused))

    def _show(self, changes: Sequence[Change]) -> None:
        for change in apply(self.model, changes, datetime.now(UTC)):
            if change.verb is Verb.REGISTER:
                self._watch(self.model.listeners[change.listener], change.key)
            elif change.verb is Verb.DEREGISTER:
                self._checker.forget(change.listener, change.key)

    def _effect(self, change: Change) -> None:
        front = self.fronts[change.listener]
        spec = self.model.listeners[change.listener].spec
        match change.verb:
            case Verb.REGISTER:
                alive = self.health(change.listener, change.key) in _SERVING
                front.add(change.key, change.weight, alive, change.tag or "")
            case Verb.WEIGH:
                front.weigh(change.key, change.weight)
            case Verb.DEREGISTER:
                front.drop(change.key, reset=spec.deregister_rst)
        if change.verb is Verb.WEIGH and change.weight == 0 and spec.reschedule_zero_weight:
            self._ground.loop.call_later(spec.reschedule_interval_s, front.cut, change.key)
        self._note(
            "effective", listener=change.listener, target=str(change.key), verb=change.verb, weight=change.weight
        )

    def _changed_from_outside(self, outside: OutsideChange) -> None:
        if self._closed:
            return
        changes = [change for listener in self.model.listeners.values() for change in _changes_of(outside, listener)]
        if self.model.spec.pooled:
            changes = [one for change in changes for one in _of_pool(change, self.model.listeners[change.listener])]
            self.change(changes)
        else:
            self._show(changes)
            for change in changes:
                self._way.send(change, self._effect)
        rows = [{"listener": c.listener, "target": str(c.key), "verb": c.verb, "weight": c.weight} for c in changes]
        self._note("outside", rows=rows)

    def _note(self, kind: str, **details: object) -> None:
        self._ground.record.note(kind, self.model.spec.id, **details)


def _as_listener(spec: ListenerSpec, rule: RuleSpec) -> ListenerSpec:
    """Return a rule as a listener of its own: what has targets, health and weights is the same to everybody but the API."""
    return ListenerSpec(
        rule_name(spec.id, rule.id),
        spec.port,
        scheduler=rule.scheduler,
        session_expire_s=rule.session_expire_s,
        target_type=rule.target_type,
        health=rule.health,
        targets=rule.targets,
    )


def _of_pool(change: Change, listener: Listener) -> list[Change]:
    """Return the same change for all of a target's pool: its members have one weight."""
    if change.verb is not Verb.WEIGH:
        return [change]
    tag = listener.targets[change.key].tag
    return [replace(change, key=key) for key, target in listener.targets.items() if target.tag == tag]


def _changes_of(outside: OutsideChange, listener: Listener) -> list[Change]:
    """Return what `outside` does on `listener`, as it is now."""
    name, changes = listener.spec.id, []
    for key in listener.targets:
        weight = outside.weights.get(f"{name}/{key}", outside.every)
        if weight is not None:
            changes.append(Change(Verb.WEIGH, name, key, weight))
        if str(key) in outside.deregister:
            changes.append(Change(Verb.DEREGISTER, name, key))
    changes += [
        Change(Verb.REGISTER, name, Key(target.address, target.port), target.weight) for target in outside.register
    ]
    return changes
