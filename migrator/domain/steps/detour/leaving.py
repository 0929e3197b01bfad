"""How a backend is left that nobody is sent to any more: its pods are told to go, are silent, and it comes off. Pure."""

from __future__ import annotations

from typing import Protocol

from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, PodRef, Word
from migrator.domain.model.balancer import Pools, Row, Side
from migrator.domain.model.decisions import Ask, Decision, Do, Wait
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Clocks, ConnectionCounts, GatewaySignals, JournalFacts, Sighting
from migrator.domain.sides.batches import one_batch
from migrator.domain.sides.telling import telling
from migrator.domain.steps.connections import FRESH, connections_of

ASKS = "vacate.ask"
"""The code of the question whether the last connections may be cut."""


class Patience(Protocol):
    """How long connections may last, what becomes of them then, and whether gateways can be told to go."""

    @property
    def timeout(self) -> float: ...

    @property
    def on_timeout(self) -> OnTimeout: ...

    @property
    def tells(self) -> bool: ...


def left(rows: tuple[Row, ...], patience: Patience, quiet: float, seen: Sighting) -> Decision:
    """Say what is due until these rows are off. `quiet`: the seconds since nobody new is sent there."""
    pods = _behind(rows, seen[Sides])
    told = seen[GatewaySignals]
    staying = tuple(pod for pod in pods if told.word(pod) is Word.STAY) if patience.tells else ()
    if tell := telling(Side.OLD, Word.GO, staying):
        return tell
    counts = seen[ConnectionCounts]
    age = seen[Clocks].monotonic - counts.at
    if counts.uncounted(pods) or (age > quiet and quiet < FRESH):
        return Wait(say("connections.recounting", side=Side.OLD))
    return _removed(rows, pods, patience, quiet, seen)


def _removed(
    rows: tuple[Row, ...], pods: tuple[PodRef, ...], patience: Patience, quiet: float, seen: Sighting
) -> Decision:
    live, remaining = connections_of(seen, pods), patience.timeout - quiet
    if live != 0 and remaining > 0:
        return Wait(say("vacate.waiting", connections=live), remaining)
    consent = patience.on_timeout is OnTimeout.CUT or seen[JournalFacts].said_yes(ASKS)
    if live != 0 and not consent:
        return Ask(say("vacate.ask", connections=live, timeout=patience.timeout))
    batch = one_batch(tuple(row.backend for row in rows), seen[Pools].capabilities)
    return Do(Deregister(batch, consent and live != 0), say("vacate.remove", backends=len(batch), connections=live))


def _behind(rows: tuple[Row, ...], sides: Sides) -> tuple[PodRef, ...]:
    leaving = {row.backend for row in rows}
    found = (pod.ref for slot in sides.old if slot.backend in leaving for pod in slot.live)
    return tuple(dict.fromkeys(found))
