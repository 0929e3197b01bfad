"""Why the gateway of a new node is not like its peers yet. What balancer and probe say of it is in `domain/sides`. Pure."""

from __future__ import annotations

from migrator.domain.messages.message import Message, say
from migrator.domain.observation.sighting import Configs, Sighting
from migrator.domain.steps.following.position import Disposition, Position
from migrator.domain.steps.following.survey import (
    Survey,
)


def why_unlike(place: Position, view: Survey, seen: Sighting) -> Message | None:
    """Say how a gateway's configuration differs from its peers'; None where there is no peer to compare it with."""
    configs = seen[Configs]
    names = [pod.ref.name for pod in place.live]
    if not peers(view) or any(name in configs.compared and not dict(configs.differences).get(name) for name in names):
        return None
    warming = next((why for name, why in configs.unready if name in names), None)
    different = next((lines for name, lines in configs.differences if name in names and lines), ())
    if different:
        return say("peers.differ", first=different[0])
    return say("peers.warming", why=warming) if warming else say("peers.not-compared")


def peers(view: Survey) -> tuple[Position, ...]:
    """Give the places that serve with weight on every row: who comes has to be like them."""
    return tuple(p for p in view.places if p.fate is Disposition.SERVE and p.rows and all(row.weight for row in p.rows))
