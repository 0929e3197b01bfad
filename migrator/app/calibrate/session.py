"""`migrator calibrate`: what may be measured on a plan's balancer, and doing it. Nothing is written before somebody agreed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from migrator.adapters.balancers import balancer
from migrator.adapters.balancers.calibrated import identity
from migrator.adapters.balancers.process import run as run_program
from migrator.adapters.dialer import Dialer
from migrator.adapters.prober import HttpProber
from migrator.adapters.witness.tcp import TcpWitness
from migrator.app.calibrate.measurement import Limits, Measuring, Sickness, measure, result, signatures
from migrator.app.calibrate.scope import Ground, one_unit, own_listener
from migrator.app.calibrate.weight_changes import WeightChanges
from migrator.app.one_run.gateway_lease import CALIBRATING
from migrator.app.wiring import CLOCK, holder, who, wire
from migrator.domain.balancers.calibration import Borrowed, Calibration, Way
from migrator.domain.messages.errors import LeaseHeld, MigratorError, Refused, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend
from migrator.domain.model.runs import State
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter
from migrator.domain.ports.outside import WitnessPort
from migrator.store import Store
from migrator.store.file.lock import Lock


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. `listener` None: one unit of an idle backend of the plan; else two test backends of it."""

    listener: ListenerSpec | None = None
    backends: tuple[tuple[str, int], ...] = ()
    header: str = "x-gateway"
    limits: Limits = Limits()
    fail: str = ""
    heal: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What would be done, for somebody to agree to: the weights to move, where we dial, and whose answers are whose."""

    spec: Spec
    request: Request
    ground: Ground
    address: str
    names: dict[Backend, str]
    reader: BalancerReader
    writer: BalancerWriter


@contextmanager
def alone(store: Store, spec: Spec) -> Iterator[None]:
    """Keep others of this store from calibrating; LeaseHeld when somebody does, UsageError while a run goes on."""
    lock = Lock.take(store.file.with_name(f"{store.file.name}.calibrating"))
    if lock is None:
        raise LeaseHeld(say("calibrate.another-goes-on"))
    try:
        _require_no_run(store, spec)
        yield
    finally:
        lock.release()


def left_over(store: Store, spec: Spec) -> str:
    """Say which weights a calibration that died has left behind; "" when none."""
    found = store.borrowed(identity(spec.balancer))
    return ", ".join(f"{row.backend} = {row.weight}" for row in found[1].found) if found else ""


def restore(store: Store, spec: Spec) -> None:
    """Give back the weights that a calibration that died has left behind. Refused says what to set by hand."""
    while found := store.borrowed(identity(spec.balancer)):
        number, borrowed = found
        listener = ListenerSpec(borrowed.found[0].backend.listener, 0)
        test = tuple(row.backend for row in borrowed.found)
        ground = Ground(Way.OWN_LISTENER, listener, test, borrowed.found, borrowed.most, 0.5)
        reader, writer = balancer(replace(spec.balancer, listeners=(listener,)))
        meant = {row.backend: {row.weight, 0, borrowed.most} for row in borrowed.found}
        WeightChanges(reader, writer, CLOCK, ground, meant).give_back(lambda backend: False)
        store.give_back(identity(spec.balancer), number)


def offer(spec: Spec, request: Request) -> Offer:
    """Look, and say what would be done. UsageError for what would not be safe, or could not be told apart."""
    asked = spec.balancer if request.listener is None else replace(spec.balancer, listeners=(request.listener,))
    reader, writer = balancer(asked)
    targets = reader.targets()
    gateway = spec.gateway
    if request.listener is not None:
        ground = own_listener(spec, request.listener, request.backends, targets)
    else:
        prober = HttpProber()
        ground = one_unit(
            spec, targets, lambda b: prober.probe(b.address, b.port, gateway.probe_host, gateway.probe_path)
        )
    address = spec.balancer.address or reader.address()
    if not address:
        raise UsageError(say("calibrate.no-address"))
    names = signatures(ground.test, lambda backend: _witness(spec, request, backend.address, backend.port))
    return Offer(spec, request, ground, address, names, reader, writer)


def carry_out(
    store: Store, made: Offer, leave: Callable[[], bool], tell: Callable[[Message], None]
) -> tuple[Calibration, bool]:
    """Measure and give the weights back; keep the measurement and say so, unless no weight was taken to 0 in time."""
    key, ground, limits = identity(made.spec.balancer), made.ground, made.request.limits
    with (
        _lease(made),
        Dialer(_witness(made.spec, made.request, made.address, ground.listener.port), limits.rate) as dials,
    ):
        hand = WeightChanges(made.reader, made.writer, CLOCK, ground)
        run = Measuring(hand, dials, made.names, CLOCK, limits, leave, tell)
        number = store.borrow(key, Borrowed(ground.found, ground.weight))
        measure(run, lambda: store.give_back(key, number), _sickness(made.request))
        found = result(run, who())
    kept = found.lowered > 0 and not leave()
    if kept:
        store.save_calibration(key, found)
    return found, kept


def _witness(spec: Spec, request: Request, address: str, port: int) -> WitnessPort:
    gateway = spec.gateway
    return TcpWitness(address, port, gateway.probe_host, gateway.probe_path, request.header)


@contextmanager
def _lease(made: Offer) -> Iterator[None]:
    """Hold the cluster's Lease where the plan's own listener is touched, so that no run of another store begins."""
    if made.ground.way is Way.OWN_LISTENER:
        yield
        return
    lease, ours = wire(made.spec).lease, f"{holder()}{CALIBRATING}"
    lease.acquire(ours, round(made.request.limits.within) + 120, lambda other: other.endswith(CALIBRATING))
    try:
        yield
    finally:
        with suppress(MigratorError):  # it runs out by itself
            lease.release(ours)


def _sickness(request: Request) -> Sickness | None:
    if not request.fail:
        return None
    return Sickness(lambda: _command(request.fail), lambda: _command(request.heal))


def _command(words: str) -> None:
    ended = run_program(shlex.split(words))
    if ended.code:
        raise Refused(say("calibrate.command-failed", command=words, exit=ended.code, text=ended.err.strip()[-200:]))


def _require_no_run(store: Store, spec: Spec) -> None:
    for run in store.runs():
        if run.ended or run.state is State.PLANNED:
            continue
        if identity(store.plan(run.plan_id).spec.balancer) == identity(spec.balancer):
            raise UsageError(say("calibrate.run-goes-on", run=run.id, name=run.name, state=run.state))
