"""ingress-nginx's own counters: `/metrics` of each controller, through the API server. It has no other admin port.

Where `--enable-metrics` is off it answers 404, and the gateway is silent, never healthy. It cannot be told anything, and has
no configuration that can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrator.adapters.gateways.admin import Admin, Process
from migrator.adapters.gateways.fan_out import FanOut
from migrator.adapters.gateways.nginx_counters import counted_by_nginx, pod_of, started, version_of
from migrator.adapters.gateways.no_admin import NoAdminReader
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.ports.outside import Clock

if TYPE_CHECKING:
    from migrator.adapters.gateways.http_over_stream import HttpOverStream

METRICS = "/metrics"
OFF_FOR = 60.0
"""Seconds after which a controller whose metrics are off is asked again: a flag changes with the pod."""


class Controllers(Admin):
    """Connections to controllers' metrics: whose they are is proved by the pod that the metrics name."""

    def _introduced(self, pod: PodRef, http: HttpOverStream, seconds: float) -> Process:
        answer = http.ask("GET", METRICS, seconds)
        if answer.status == 404:
            raise Refused(say("gateway.status", asked=METRICS, status=answer.status))
        if answer.status != 200:
            raise Unreachable(say("gateway.status", asked=METRICS, status=answer.status))
        return Process(pod_of(answer.body), "", "", started(answer.body), None)


class NginxReader(NoAdminReader):
    """What controllers count. A crowd never raises."""

    def __init__(
        self, why: Message | None, controllers: Controllers, clock: Clock, fan_out: FanOut, over: float | None = None
    ) -> None:
        super().__init__(why)
        self._over = over
        self._controllers, self._clock, self._fan_out = controllers, clock, fan_out
        self._off: dict[str, tuple[float, Refused]] = {}

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        """Give a reading per controller that answered, and (pod name, why) for those that did not."""
        answers = self._fan_out.sweep("readings", pods, lambda pod: self._reading(side, pod))
        silent: list[Silence] = [
            (pod.name, answer.message) for pod, answer in answers if isinstance(answer, MigratorError)
        ]
        return [answer for _, answer in answers if isinstance(answer, Reading)], silent

    def _reading(self, side: Side, pod: PodRef) -> Reading:
        until, off = self._off.get(pod.uid, (0.0, None))
        if off is not None and self._clock.monotonic() < until:
            raise off
        try:
            process, answer = self._controllers.get(pod, METRICS)
        except Refused as error:
            self._off[pod.uid] = self._clock.monotonic() + OFF_FOR, error
            raise
        if answer.status != 200:
            raise Unreachable(say("gateway.status", asked=METRICS, status=answer.status))
        found = counted_by_nginx(answer.body, self._over)
        return Reading(
            pod.name,
            side,
            self._clock.monotonic(),
            process.epoch,
            found.requests or 0,
            found.bad,
            found.slow,
            slow_over=found.slow_over,
            timed=found.timed,
            version=version_of(answer.body),
            connections=found.connections,
            classes=found.classes,
        )


def names(pod_named: str, pod: PodRef) -> bool:
    """Say whether metrics that name this pod are its own; those that name none yet are taken at the port's word."""
    return pod_named in {"", pod.name}
