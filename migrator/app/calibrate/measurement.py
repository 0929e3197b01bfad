"""Measuring how long a balancer takes to obey: change one test weight, watch new connections, give everything back.

It is bounded, moves only what `calibrate_ground` allows, and writes down the weights it borrows before it moves them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from migrator.app.calibrate.weight_changes import WeightChanges
from migrator.domain.balancers.calibration import Calibration, Dialled, HealthTimes, Timed, Way
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Health
from migrator.domain.ports.outside import Clock, WitnessPort

LOOK_EVERY = 0.05
WARM_UP = 1.0
CONFIRMED = 3
"""Connections that a raised backend must have answered before the other one is taken to 0."""

SILENCE = 1.5
GAPS = 5
"""A backend counts as left alone after this many seconds, and this many of its usual gaps, without a connection."""

ASKED = 3


class Dials(Protocol):
    """Our own connections so far."""

    def seen(self) -> Sequence[Dialled]:
        """Give every connection that has ended."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How often, how fast and how long: rounds, new connections per second, seconds in all."""

    rounds: int = 5
    rate: float = 50.0
    within: float = 60.0


@dataclass(frozen=True, slots=True)
class Sickness:
    """How a test backend is made to fail its health check, and to pass it again; both are the operator's own doing."""

    fail: Callable[[], None]
    heal: Callable[[], None]


@dataclass(slots=True)
class Measuring:
    """One measurement under way. `names` is how each test backend signs its answers; `tell` shows progress."""

    hand: WeightChanges
    dials: Dials
    names: dict[Backend, str]
    clock: Clock
    limits: Limits
    leave: Callable[[], bool]
    tell: Callable[[Message], None]
    until: float = 0.0
    timed: list[Timed] = field(default_factory=list)
    health: HealthTimes | None = None

    @property
    def gap(self) -> float:
        """Give the seconds between two of our connections to one test backend that has its weight."""
        return 1.0 / (self.limits.rate * self.hand.ground.part)

    def over(self) -> bool:
        """Say whether time is up, or somebody told us to leave."""
        return self.leave() or self.clock.monotonic() >= self.until

    def wait(self, happened: Callable[[], bool]) -> bool:
        """Look until it is true; False when the measurement is over before."""
        while not happened():
            if self.over():
                return False
            self.clock.sleep(LOOK_EVERY)
        return True

    def answered(self, backend: Backend, since: float) -> list[float]:
        """Give when the connections were opened that a backend answered, opened at `since` or later."""
        return [each.at for each in self.dials.seen() if each.at >= since and each.gateway == self.names[backend]]


def signatures(test: Sequence[Backend], witness: Callable[[Backend], WitnessPort]) -> dict[Backend, str]:
    """Ask each test backend directly how it signs its answers. UsageError where the balancer's answers would not tell
    them apart."""
    names: dict[Backend, str] = {}
    for backend in test:
        said = [witness(backend).try_once() for _ in range(ASKED)]
        if error := next((each.error for each in said if each.error), ""):
            raise UsageError(say("calibrate.backend-silent", backend=str(backend), why=error))
        found = {each.gateway for each in said}
        if len(found) != 1 or "" in found or found & set(names.values()):
            raise UsageError(
                say("calibrate.not-told-apart", backend=str(backend), names=tuple(sorted(filter(None, found))))
            )
        names[backend] = found.pop()
    return names


def measure(run: Measuring, returned: Callable[[], None], sickness: Sickness | None = None) -> None:
    """Measure until the rounds are done or time is up; what is whole is in `timed`.

    The weights are given back however it ends; `returned` is called once they are.
    """
    run.until = run.clock.monotonic() + run.limits.within
    try:
        if _known(run):
            _rounds(run)
            if sickness is not None and not run.over():
                _sicken(run, sickness)
    finally:
        run.tell(say("calibrate.gives-back"))
        run.hand.give_back(lambda backend: bool(run.answered(backend, run.clock.monotonic() - SILENCE)))
        returned()


def result(run: Measuring, by: str) -> Calibration:
    """Give what was measured."""
    ground, seen = run.hand.ground, run.dials.seen()
    lost = sum(1 for each in seen if each.error)
    rate, name = run.limits.rate, ground.listener.id
    return Calibration(run.clock.now(), by, ground.way, name, rate, len(seen), lost, tuple(run.timed), run.health)


def _known(run: Measuring) -> bool:
    """Dial for a moment with everything as it was found: somebody must answer, and nobody without weight may.

    A weight that was set to 0 just before may still be on its way; it is waited for.
    """
    began = run.clock.monotonic()
    idle = [row.backend for row in run.hand.ground.found if not row.weight]
    patience = began + WARM_UP + 2 * run.hand.reader.capabilities().settle

    def quiet() -> float:
        return run.clock.monotonic() - max((at for b in idle for at in run.answered(b, began)), default=began)

    if not run.wait(lambda: quiet() >= WARM_UP or run.clock.monotonic() >= patience):
        return False
    seen = run.dials.seen()
    if all(each.error for each in seen):
        why = seen[0].error if seen else ""
        raise UsageError(say("calibrate.nobody-answers", why=why))
    if quiet() < WARM_UP:
        raise UsageError(say("calibrate.idle-answers", backends=tuple(map(str, idle))))
    return True


def _rounds(run: Measuring) -> None:
    test, ground = run.hand.ground.test, run.hand.ground
    weights = ground.originals
    for number in range(run.limits.rounds):
        go, stay = test[number % len(test)], test[(number + 1) % len(test)]
        run.tell(say("calibrate.round", number=number + 1, of=run.limits.rounds))
        if not weights[stay]:
            if (up := _raised(run, stay)) is None:
                return
            run.timed.append(up)
            weights[stay] = ground.weight
        if (down := _lowered(run, go)) is None:
            return
        run.timed.append(down)
        weights[go] = 0


def _raised(run: Measuring, backend: Backend) -> Timed | None:
    """Raise one and wait until it answers; None when that did not happen in time."""
    stamps = run.hand.change(backend, run.hand.ground.weight)
    enough = CONFIRMED if run.hand.ground.way is Way.OWN_LISTENER else 1
    if not run.wait(lambda: len(run.answered(backend, stamps.sent)) >= enough):
        return None
    first = min(run.answered(backend, stamps.sent))
    sent = stamps.sent
    return Timed(backend, True, stamps.accepted - sent, stamps.shown - sent, first - sent, run.gap)


def _lowered(run: Measuring, backend: Backend) -> Timed | None:
    """Take one to 0 and wait until it is left alone; None when that did not happen in time."""
    stamps = run.hand.change(backend, 0)
    silence = max(SILENCE, GAPS * run.gap)

    def last() -> float:
        return max(run.answered(backend, stamps.sent), default=stamps.sent)

    if not run.wait(lambda: run.clock.monotonic() - last() > silence):
        return None
    sent = stamps.sent
    return Timed(backend, False, stamps.accepted - sent, stamps.shown - sent, last() - sent, run.gap)


def _sicken(run: Measuring, sickness: Sickness) -> None:
    """Let one of two weighted backends fail its check, and heal it again; it is healed whatever happens."""
    ground = run.hand.ground
    now = run.hand.look().weights()
    for backend in ground.test:
        if not now.get(backend) and _raised(run, backend) is None:
            return
    patient = ground.test[0]
    run.tell(say("calibrate.makes-fail", backend=str(patient)))
    noticed = avoided = forgiven = served = None
    failed = run.clock.monotonic()
    try:
        sickness.fail()
        noticed = _until_health(run, patient, failed, sick=True)
        if noticed is not None and run.wait(lambda: run.clock.monotonic() - _last(run, patient, failed) > SILENCE):
            avoided = _last(run, patient, failed) - failed
    finally:
        healed = run.clock.monotonic()
        sickness.heal()
    if avoided is not None:
        forgiven = _until_health(run, patient, healed, sick=False)
        if forgiven is not None and run.wait(lambda: bool(run.answered(patient, healed))):
            served = min(run.answered(patient, healed)) - healed
    run.health = HealthTimes(noticed, avoided, forgiven, served)


def _last(run: Measuring, backend: Backend, since: float) -> float:
    """Give the last connection that a failing backend got: one that it answered, or one that nobody did."""
    name = run.names[backend]
    return max((d.at for d in run.dials.seen() if d.at >= since and (d.error or d.gateway == name)), default=since)


def _until_health(run: Measuring, backend: Backend, since: float, sick: bool) -> float | None:
    def said() -> bool:
        rows = {row.backend: row.target.health for row in run.hand.look().rows}
        return (rows.get(backend) is Health.UNHEALTHY) is sick

    return run.clock.monotonic() - since if run.wait(said) else None
