"""Which weights a calibration may move: two test backends of a listener of their own, or one unit of an idle backend.

It refuses everything else: nothing that carries real users' traffic is ever moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from migrator.domain.balancers.calibration import Way
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Health, Target, Weighted
from migrator.domain.model.spec import ListenerSpec, Spec

ONE = 1
_UNFIT = (Health.UNHEALTHY, Health.PENDING)

Fit = Callable[[Backend], Message | str | None]


@dataclass(frozen=True, slots=True)
class Ground:
    """What will be moved: the listener, its test backends (the one with most weight first), the weights found, the
    weight that a raised backend gets, and the part of new connections (0 to 1) that it then takes."""

    way: Way
    listener: ListenerSpec
    test: tuple[Backend, ...]
    found: tuple[Weighted, ...]
    weight: int
    part: float

    @property
    def originals(self) -> dict[Backend, int]:
        """Give the weights found, by backend."""
        return {row.backend: row.weight for row in self.found}


def own_listener(
    spec: Spec, listener: ListenerSpec, named: Sequence[tuple[str, int]], targets: Iterable[Target]
) -> Ground:
    """Give the ground of two test backends. UsageError for a listener of the plan, or one where others have weight."""
    if listener.id in {each.id for each in spec.balancer.listeners}:
        raise UsageError(say("calibrate.listener-of-plan", listener=listener.id))
    rows = [target for target in targets if target.backend.listener == listener.id]
    test = [target for target in rows if (target.backend.address, target.backend.port) in named]
    if len(named) != 2 or len(test) != 2:
        there = tuple(f"{t.backend.address}:{t.backend.port}" for t in rows)
        raise UsageError(say("calibrate.not-two-backends", listener=listener.id, there=there))
    if others := tuple(str(t.backend) for t in rows if t not in test and t.weight):
        raise UsageError(say("calibrate.others-have-weight", listener=listener.id, backends=others))
    if sick := tuple(_called(t) for t in test if t.health in _UNFIT):
        raise UsageError(say("calibrate.not-healthy", backends=sick))
    weight = max(target.weight for target in test)
    if not weight:
        raise UsageError(say("calibrate.no-weight"))
    test.sort(key=lambda target: -target.weight)
    return _ground(Way.OWN_LISTENER, listener, test, weight, 0.5)


def one_unit(spec: Spec, targets: Sequence[Target], fit: Fit) -> Ground:
    """Give the ground of the first idle backend that is fit to answer users. UsageError says why there is none."""
    why: list[Message] = []
    for listener in spec.balancer.listeners:
        rows = [target for target in targets if target.backend.listener == listener.id]
        carrying = sum(target.weight for target in rows if target.health not in _UNFIT)
        for target in rows:
            if target.weight or not carrying:
                continue
            if target.health in _UNFIT:
                why.append(_called(target))
            elif reason := fit(target.backend):
                why.append(say("calibrate.does-not-answer", backend=str(target.backend), why=reason))
            else:
                return _ground(Way.ONE_UNIT, listener, [target], ONE, ONE / (carrying + ONE))
    raise UsageError(say("calibrate.no-idle-backend", why=tuple(why)))


def _called(target: Target) -> Message:
    return say("calibrate.called", backend=str(target.backend), health=target.health)


def _ground(way: Way, listener: ListenerSpec, test: Sequence[Target], weight: int, part: float) -> Ground:
    backends = tuple(target.backend for target in test)
    found = tuple(Weighted(target.backend, target.weight) for target in test)
    return Ground(way, listener, backends, found, weight, part)
