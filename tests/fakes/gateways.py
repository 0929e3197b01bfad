"""Gateways in memory: counters, connections, what they were told, and a configuration, by pod."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from migrator.adapters.gateways.comparison.comparing import apart
from migrator.adapters.gateways.comparison.difference import differing
from migrator.adapters.gateways.configuration.plain import digest
from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.actions import Op, PodRef, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json
from migrator.domain.model.samples import Classes, Reading, Silence
from migrator.domain.model.spec import Allowance
from migrator.domain.observation.parity import Compared, Parity, Reference
from tests.fakes.clock import FakeClock
from tests.fakes.orders import Orders


@dataclass(slots=True)
class Gateway:
    """One gateway's process. `connections` None: it does not say. `silent` says why it cannot be read."""

    requests: int = 0
    bad: int = 0
    client: int = 0
    own: int = 0
    slow: int | None = 0
    connections: int | None = 0
    accepted: int | None = 0
    epoch: int = 1
    word: Word | None = Word.STAY
    silent: str = ""
    unready: tuple[Message, ...] = ()
    units: dict[str, Json] = field(default_factory=lambda: {"listener/0.0.0.0_80": {"port": 80}})


class FakeGateways:
    """GatewayReader and GatewayWriter in one. A pod that nobody arranged is a healthy gateway without traffic.

    `orders` makes whole calls fail or slow; `process(pod).silent` makes one gateway unreachable; `gone` holds the names
    of pods that do not exist any more.
    """

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.orders = Orders(clock.sleep)
        self.gone: set[str] = set()
        self.allow: tuple[Allowance, ...] = ()
        self.tells: list[Tell] = []
        self._by_pod: dict[str, Gateway] = {}

    def process(self, pod: str) -> Gateway:
        """Give the gateway of a pod (by name), to arrange or to inspect."""
        return self._by_pod.setdefault(pod, Gateway())

    def serve(self, pod: str, requests: int, bad: int = 0, slow: int | None = None, client: int = 0) -> None:
        """Let a gateway answer some requests more, each on a connection of its own."""
        found = self.process(pod)
        found.requests += requests
        found.bad += bad
        found.client += client
        found.slow = found.slow if slow is None else (found.slow or 0) + slow
        found.accepted = None if found.accepted is None else found.accepted + requests

    def restart(self, pod: str) -> None:
        """Let a gateway's process start anew: counters at 0, and it has forgotten what it was told."""
        before = self.process(pod)
        self._by_pod[pod] = Gateway(epoch=before.epoch + 1, units=before.units, connections=before.connections and 0)

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        """Give a reading per gateway that answers, and why not for the others."""
        with self.orders.obeyed("readings"):
            silent: list[Silence] = [(pod.name, why) for pod in pods if (why := self._silent(pod))]
            return [self._reading(side, pod) for pod in pods if not self._silent(pod)], silent

    def told(self, side: Side, pods: Sequence[PodRef]) -> list[tuple[str, Word]]:
        """Give (pod uid, word) of those that can say."""
        with self.orders.obeyed("told"):
            words = [(pod.uid, self.process(pod.name).word) for pod in pods if not self._silent(pod)]
            return [(uid, word) for uid, word in words if word is not None]

    def parity(self, pod: PodRef, side: Side) -> Parity:
        """Hash the gateway's units."""
        with self.orders.obeyed("parity"):
            return self._parity(pod)

    def versions(self, pods: Sequence[PodRef]) -> list[tuple[PodRef, str | MigratorError]]:
        """Give a digest of each gateway's units."""
        with self.orders.obeyed("versions"):
            return [(pod, self._versions(pod)) for pod in pods]

    def _versions(self, pod: PodRef) -> str | MigratorError:
        if why := self._silent(pod):
            return Unreachable(verbatim(why))
        found = self.process(pod.name)
        return digest({"units": found.units, "unready": len(found.unready)})

    def reference(self, pod: PodRef, side: Side) -> Reference:
        """Keep the gateway's units, to compare others with."""
        with self.orders.obeyed("parity"):
            return Reference(pod, self._parity(pod), json.dumps(self._answering(pod).units).encode())

    def compare(
        self, reference: Reference, pods: Sequence[tuple[PodRef, Side]]
    ) -> Iterator[tuple[PodRef, Compared | MigratorError]]:
        """Say how each differs, in the real adapter's lines."""
        for pod, _ in pods:
            yield pod, self._compared(reference, pod)

    def _compared(self, reference: Reference, pod: PodRef) -> Compared | MigratorError:
        try:
            with self.orders.obeyed("parity"):
                parity = self._parity(pod)
        except MigratorError as error:
            return error
        units = apart(reference.parity, parity)
        found = differing(json.loads(reference.kept), self.process(pod.name).units, units, self.allow)
        return Compared(parity, found.lines, found.allowed)

    def _parity(self, pod: PodRef) -> Parity:
        found = self._answering(pod)
        units = tuple(sorted((name, digest(unit)) for name, unit in found.units.items()))
        return Parity(units, found.unready, f"router~{pod.ip}~{pod.name}.{pod.namespace}~local", "1.40.0")

    def tell(self, action: Tell) -> Op:
        """Tell all that answer; Unreachable when one does not. A pod that is gone is fine."""
        with self.orders.obeyed("tell"):
            self.tells.append(action)
            there = [pod for pod in action.pods if pod.name not in self.gone]
            for pod in there:
                if not self._silent(pod):
                    self.process(pod.name).word = action.word
            if deaf := [pod.name for pod in there if self._silent(pod)]:
                why = tuple(say("gateway.one", pod=name, why="") for name in deaf)
                raise Unreachable(
                    say("gateway.not-told", failed=len(deaf), of=len(there), word=action.word.value, why=why)
                )
            return Op("gateways")

    def _silent(self, pod: PodRef) -> str:
        return "the pod is gone" if pod.name in self.gone else self.process(pod.name).silent

    def _answering(self, pod: PodRef) -> Gateway:
        if why := self._silent(pod):
            raise Unreachable(verbatim(f"gateway {pod.name}: {why}"))
        return self.process(pod.name)

    def _reading(self, side: Side, pod: PodRef) -> Reading:
        found = self.process(pod.name)
        return Reading(
            gateway=pod.name,
            side=side,
            at=self.clock.monotonic(),
            epoch=str(found.epoch),
            requests=found.requests,
            bad=found.bad,
            slow=found.slow,
            connections=found.connections,
            accepted=found.accepted,
            timed=None if found.slow is None else found.requests,
            active=0,
            classes=Classes(found.client, found.own, broken=0),
        )
