"""One turn's look as a sample for charts. Pure; what was not seen, or is old, is left out: it is unknown, never 0."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from migrator.domain.answers.parity import AnswerParity
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.samples import Rate
from migrator.domain.observation.shown import BackendSeen, Times
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Clocks, ConnectionCounts, Judgement, Sighting, Stale, Workloads
from migrator.domain.showing.backends import rows
from migrator.domain.showing.series import BackendSample, Sample, SideSample

FRESH = 30.0
"""Seconds after which a count that nobody has renewed says nothing about now."""

BACKENDS = 50
"""Backends that a sample keeps: those that are sick or answer badly first, then by name."""


def sample(seen: Sighting, at: datetime, seconds: float) -> Sample:
    """Give what a turn saw, as of the seconds before it."""
    found = () if Stale in seen and Pools in seen[Stale] else rows(seen)
    kept = sorted(found, key=_first)[:BACKENDS]
    parity = seen[AnswerParity] if AnswerParity in seen else AnswerParity()
    return Sample(
        at,
        seconds,
        share=seen[Pools].share() if found else None,
        meant=_meant(seen, found),
        observed=_observed(seen),
        old=_side(seen, Side.OLD),
        new=_side(seen, Side.NEW),
        different=len(parity.differences) if parity.known else None,
        backends=tuple(sorted(map(_backend, kept), key=lambda row: (row.side or "~", str(row.backend)))),
        others=len(found) - len(kept),
    )


def _first(row: BackendSeen) -> tuple[bool, bool, str]:
    return not row.is_sick, not row.bad, str(row.backend)


def _backend(row: BackendSeen) -> BackendSample:
    return BackendSample(row.backend, row.side, row.weight, row.health, row.connections)


def _meant(seen: Sighting, found: tuple[BackendSeen, ...]) -> float | None:
    """Give the share as it would be by the weights that the run means; a row of which it means nothing is as it is."""
    meant = {row.backend: row.meant for row in found if row.meant is not None}
    if not meant:
        return None
    pools = seen[Pools]
    there = (replace(row, target=replace(row.target, weight=meant.get(row.backend, row.weight))) for row in pools.rows)
    return replace(pools, rows=tuple(there)).share()


def _observed(seen: Sighting) -> float | None:
    counted = seen[Judgement].observed if _is_fresh(seen, Judgement) else None
    return None if counted is None else counted.share


def _is_fresh(seen: Sighting, facet: type[Judgement | ConnectionCounts]) -> bool:
    if facet not in seen or Clocks not in seen:
        return False
    return seen[Clocks].monotonic - seen[facet].at <= FRESH


def _side(seen: Sighting, side: Side) -> SideSample:
    found = _served(seen, side) if _is_fresh(seen, Judgement) else SideSample()
    return replace(found, connections=_connections(seen, side) if _is_fresh(seen, ConnectionCounts) else None)


def _served(seen: Sighting, side: Side) -> SideSample:
    """Give what the gateways of one side answered: nothing is known where none of them was counted."""
    served = seen[Judgement].served
    timed = served.old if side is Side.OLD else served.new
    pods = {pod.ref.name for slot in seen[Sides].of(side) for pod in slot.pods} if Sides in seen else set()
    rates = [rate for name, rate in served.by if name in pods]
    if not rates or not served.seconds:
        return _timed(SideSample(), timed)
    clients = [rate.client for rate in rates]
    return _timed(
        SideSample(
            sum(rate.requests for rate in rates) / served.seconds,
            sum(rate.bad for rate in rates) / served.seconds,
            None if None in clients else sum(client or 0 for client in clients) / served.seconds,
            _slow(rates),
        ),
        timed,
    )


def _timed(side: SideSample, times: Times) -> SideSample:
    return replace(side, median=times.median, late=times.late)


def _slow(rates: list[Rate]) -> float | None:
    """Give the part of the timed answers that were slow; None where a gateway does not time its answers."""
    if any(rate.slow is None for rate in rates):
        return None
    timed = sum(rate.requests if rate.timed is None else rate.timed for rate in rates)
    return sum(rate.slow or 0 for rate in rates) / timed if timed else None


def _connections(seen: Sighting, side: Side) -> int | None:
    """Give the live connections of a side's pods together; None when one of them is unknown, or there are no pods."""
    if Workloads not in seen:
        return None
    pods = tuple(pod.ref for pod in seen[Workloads].of(side).live)
    return seen[ConnectionCounts].connections(pods) if pods else None
