"""Both sides' configurations, compared by the watch: one model, every other gateway beside it, published as they come.

What an earlier round found stands until this round has looked again, so that nobody is "not compared" in between; unless
the model has changed, for then nothing is known of anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import Allowance
from migrator.domain.observation.likeness import Model, model, settled
from migrator.domain.observation.parity import Compared, Parity, Reference
from migrator.domain.observation.sighting import Configs
from migrator.domain.ports.outside import Clock, GatewayReader

log = logging.getLogger(__name__)

Lines = tuple[Message, ...]


@dataclass(slots=True)
class _Known:
    """What is known of each gateway by name: lines that differ (none: it is alike), lines that may, why it is not ready."""

    differences: dict[str, Lines] = field(default_factory=dict)
    allowed: dict[str, Lines] = field(default_factory=dict)
    unready: dict[str, Message] = field(default_factory=dict)
    apart: dict[str, Lines] = field(default_factory=dict)
    """Old gateways that are not like the model."""

    def take(self, name: str, answer: Compared | MigratorError, left: Lines) -> None:
        """Take the newest answer for a new gateway."""
        self.forget(name)
        if isinstance(answer, MigratorError):
            self.unready[name] = answer.message
        elif left:
            self.unready[name] = say("config.warming", parts=left)
        else:
            self.differences[name] = answer.differences
            self.allowed[name] = answer.allowed

    def take_old(self, name: str, answer: Compared | MigratorError, left: Lines) -> None:
        """Take the newest answer for an old gateway."""
        self.forget(name)
        if isinstance(answer, MigratorError):
            self.unready[name] = answer.message
        elif lines := (*left, *answer.differences):
            self.apart[name] = lines

    def forget(self, name: str) -> None:
        """Forget what is known of a gateway."""
        for table in (self.differences, self.allowed, self.unready, self.apart):
            table.pop(name, None)


class Comparing:
    """Compares one round after the other, and remembers the last."""

    def __init__(
        self,
        gateways: GatewayReader,
        clock: Clock,
        publish: Callable[[Configs], None],
        allow: Sequence[Allowance] = (),
    ) -> None:
        self._gateways, self._clock, self._publish, self._allow = gateways, clock, publish, allow
        self._known = _Known()
        self._model: Parity | None = None

    def __call__(self, old: Sequence[PodRef], new: Sequence[PodRef], of: Side = Side.OLD) -> None:
        """Compare `new` with the model of `old`, gateways of side `of`; publish after each answer."""
        found, silent = self._old(old, of)
        chosen = model(found)
        if chosen is None or chosen.reference.parity != self._model:
            self._known, self._model = _Known(), chosen.reference.parity if chosen else None
        self._known.unready.update(silent)
        if chosen is None:
            return self._tell(old, new, None)
        sides = {pod.name: of for pod in old} | {pod.name: Side.NEW for pod in new}
        others = [(pod, sides[pod.name]) for pod in (*new, *old) if pod != chosen.reference.pod]
        for pod, answer in self._gateways.compare(chosen.reference, others):
            self._take(chosen, pod, answer, pod in new)
            self._tell(old, new, chosen)
        return self._tell(old, new, chosen)

    def _take(self, chosen: Model, pod: PodRef, answer: Compared | MigratorError, is_new: bool) -> None:
        left = () if isinstance(answer, MigratorError) else chosen.left(answer.parity.unready)
        take = self._known.take if is_new else self._known.take_old
        take(pod.name, answer, left)

    def _unmet(self) -> tuple[str, ...]:
        """Give the places that may differ and do not, on any gateway."""
        met = {line["place"] for lines in self._known.allowed.values() for line in lines}
        return tuple(each.place for each in self._allow if each.place not in met)

    def _old(self, pods: Sequence[PodRef], of: Side) -> tuple[list[Reference], dict[str, Message]]:
        """Give the first settled gateway, and those before it that are not; why the silent ones are."""
        found: list[Reference] = []
        silent: dict[str, Message] = {}
        for pod in pods:
            try:
                found.append(self._gateways.reference(pod, of))
            except MigratorError as error:
                silent[pod.name] = error.message
                continue
            except Exception as error:
                log.debug("gateway.broken pod=%s", pod.name, exc_info=True)
                silent[pod.name] = Unreachable(say("gateway.broken", pod=pod.name, error=type(error).__name__)).message
                continue
            if settled(found[-1]):
                break
            silent[pod.name] = say("config.warming", parts=found[-1].parity.unready)
        return found, silent

    def _tell(self, old: Sequence[PodRef], new: Sequence[PodRef], chosen: Model | None) -> None:
        """Publish what is known of the gateways that are asked for."""
        known, names = self._known, {pod.name for pod in (*old, *new)}
        self._publish(
            Configs(
                compared=tuple(name for name in known.differences if name in names),
                differences=tuple((n, lines) for n, lines in known.differences.items() if n in names and lines),
                unready=tuple((name, why) for name, why in known.unready.items() if name in names),
                at=self._clock.monotonic(),
                allowed=tuple((n, lines) for n, lines in known.allowed.items() if n in names and lines),
                reference=chosen.reference.pod.name if chosen else "",
                apart=tuple((n, lines) for n, lines in known.apart.items() if n in names),
                common=chosen.troubles if chosen else (),
                unmet=self._unmet(),
            )
        )
