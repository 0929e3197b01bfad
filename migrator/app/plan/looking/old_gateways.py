"""The gateways at the time of a plan: whether an old one can be a model, which are not like it, what they answer and log."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from migrator.adapters.clock import SystemClock
from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.errors import Denied, MigratorError, Refused, Unreachable
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.warned import LogLook
from migrator.domain.model.samples import Reading
from migrator.domain.model.spec import QuerySpec, Spec
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import Configs
from migrator.domain.observation.world import Traffic
from migrator.domain.ports.outside import KnowsFlush, Readers
from migrator.domain.ports.rates import RateSource
from migrator.workflow.watching.comparing import Comparing

MOST = 10
"""Gateways that are read for a plan; a run reads all of them before it gives traffic."""


ASKED = 3
"""Gateways that are asked for what all of them have alike, until one answers."""


def configurations(spec: Spec, old: Workload, readers: Readers) -> Configs | None:
    """Compare the old gateways among themselves; None where there is none to ask, or none can be asked."""
    pods = [pod.ref for pod in old.live if pod.ready][:MOST]
    if gateway_profile(spec, Side.OLD).mute or not pods:
        return None
    found = [Configs()]
    Comparing(readers.gateways, SystemClock(), found.append)(pods, (), Side.OLD)
    return found[-1]


def as_merged(spec: Spec, old: Workload, readers: Readers) -> Spec:
    """Give the spec with how often the old gateways merge what they timed, read from the first that says so.

    The new gateways have the same bootstrap, or parity tells that they have not. Where nobody says, the plan's number stands.
    """
    latency, gateways = spec.judge.latency, readers.gateways
    if latency is None or not isinstance(gateways, KnowsFlush):
        return spec
    for pod in [pod.ref for pod in old.live if pod.ready][:ASKED]:
        with suppress(MigratorError):
            if (seconds := gateways.flush(pod)) is not None:
                return replace(spec, judge=replace(spec.judge, latency=replace(latency, flush=seconds)))
    return spec


def warnings(readers: Readers, old: Workload, new: Workload) -> LogLook | None:
    """Give what the logs of the gateways that are there warn of; None where the plan reads none."""
    if readers.logs is None:
        return None
    return readers.logs.heard([pod.ref for pod in old.live], [pod.ref for pod in new.live])


def rate(first: Sequence[Reading], again: Sequence[Reading]) -> Traffic | None:
    """Give what the old side answered between two readings; None where no counter was read twice."""
    before = {(reading.gateway, reading.epoch): reading for reading in first}
    pairs = [(before[key], now) for now in again if (key := (now.gateway, now.epoch)) in before]
    seconds = [now.at - was.at for was, now in pairs if now.at > was.at]
    if not seconds:
        return None
    return Traffic(sum(max(0, now.requests - was.requests) for was, now in pairs), sum(seconds) / len(seconds))


@dataclass(frozen=True, slots=True)
class Told:
    """What Prometheus says for a plan: what the judge's own query counts for the old side (-1: no answer at all, None: not
    asked), the status by which it does not accept who we are, and the plan's own numbers (name, number, whether refused)."""

    requests: int | None = None
    denied: int | None = None
    numbers: tuple[tuple[str, float | None, bool], ...] = ()


def second_opinion(readers: Readers, spec: Spec) -> Told:
    """Ask Prometheus what the judge would ask it."""
    rates, prometheus = readers.rates, spec.judge.prometheus
    if rates is None or prometheus is None:
        return Told()
    try:
        found = rates.rate(Side.OLD, prometheus.window)
        numbers = tuple(_number(rates, query, prometheus.window) for query in prometheus.queries)
    except (Unreachable, Refused) as error:
        status = dict(error.message.values).get("status")
        return Told(-1, status if isinstance(error, Denied) and isinstance(status, int) else None)
    return Told(found.requests if found is not None else -1, None, numbers)


def _number(rates: RateSource, query: QuerySpec, window: float) -> tuple[str, float | None, bool]:
    try:
        return query.name, rates.number(query, window), False
    except Denied:
        raise
    except Refused:
        return query.name, None, True
