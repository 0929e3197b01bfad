"""Who has not been Ready for so long that it loses its weight, and how much of the weight may be lost so at a time. Pure.

"Not Ready" is what a kubelet says, or what the cluster says for one that is silent: it is no firm word. One gateway of which
it is said loses its weight; where it is said of many at once, the cluster is at fault and not they.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Health, Row
from migrator.domain.model.spec import FollowSpec
from migrator.domain.observation.sighting import Sighting
from migrator.domain.steps.following.position import Disposition, Position
from migrator.domain.steps.step import since
from migrator.domain.weights.usual import usual

MOST_AT_ONCE = 3
"""One in so many may be not Ready before the cluster itself is at fault."""


@dataclass(frozen=True, slots=True)
class Tempered:
    """Every place with its fate, and why none loses its weight for not being Ready; None: they may."""

    places: tuple[Position, ...]
    fault: Message | None = None


def tempered(places: Sequence[Position], seen: Sighting, policy: FollowSpec) -> Tempered:
    """Let those rest that are not Ready for longer than the plan's patience, as much of the weight at a time as it says."""
    doubted = {place.address: place for place in places if is_doubted(place)}
    there = [place for place in places if place.host and place.rows]
    in_doubt = sum(_has_weight(place) for place in doubted.values())
    if in_doubt * MOST_AT_ONCE > len(there):
        fates = tuple(_kept(place) if place.address in doubted else place for place in places)
        return Tempered(fates, say("follow.cluster-fault", gateways=in_doubt, of=len(there)))
    resting = _resting(list(doubted.values()), places, seen, policy)
    return Tempered(tuple(resting.get(place.address, place) for place in places))


def is_doubted(place: Position) -> bool:
    """Say whether nothing but readiness speaks against a place. A pod that nobody shows, though the balancer finds its
    gateway well, is doubted too: the list of pods may be what is wrong."""
    if place.fate is Disposition.STAY:
        return True
    unseen = place.fate is Disposition.REST and not place.pods
    return unseen and any(row.target.health is Health.HEALTHY for row in place.rows if row.weight)


def is_sick(rows: Sequence[Row]) -> bool:
    """Say whether the balancer sends nothing there by its own health check."""
    return bool(rows) and all(row.target.health is Health.UNHEALTHY for row in rows)


def _has_weight(place: Position) -> bool:
    return any(row.weight for row in place.rows)


def _kept(place: Position) -> Position:
    return replace(place, fate=Disposition.STAY)


def _resting(
    doubted: Sequence[Position], places: Sequence[Position], seen: Sighting, policy: FollowSpec
) -> dict[str, Position]:
    """Give the doubted places whose patience is over: at rest as long as there is room, and those that wait their turn."""
    due = [place for place in doubted if place.fate is Disposition.REST or _is_over(place, seen, policy)]
    listeners = {row.backend.listener for place in places for row in place.rows}
    normal = {
        name: usual(row.weight for place in places for row in place.rows if row.backend.listener == name)
        for name in listeners
    }

    def worth(place: Position) -> int:
        return sum(row.weight or normal[row.backend.listener] for row in place.rows)

    room = sum(worth(place) for place in places if place.host) * policy.max_zeroed
    taken = sum(worth(place) for place in doubted if not _has_weight(place))
    found: dict[str, Position] = {}
    for place in sorted(due, key=lambda each: _turn(each, seen)):
        needed = worth(place) if _has_weight(place) else 0
        if needed and taken and taken + needed > room:
            found[place.address] = replace(place, fate=Disposition.STAY, why=say("node.waits-its-turn", why=place.why))
        else:
            found[place.address] = replace(place, fate=Disposition.REST)
            taken += needed
    return found


def _turn(place: Position, seen: Sighting) -> tuple[bool, float, str]:
    """Sort: first whoever has lost a part of its weight already, then the longest not Ready."""
    return all(row.weight for row in place.rows), -_unready_for(place, seen), place.address


def _is_over(place: Position, seen: Sighting, policy: FollowSpec) -> bool:
    return is_sick(place.rows) or _unready_for(place, seen) >= policy.not_ready


def _unready_for(place: Position, seen: Sighting) -> float:
    """Give the seconds since the gateway was Ready. Time in which nobody could be asked does not count."""
    told = [pod.unready_since for pod in place.live if pod.unready_since]
    host = place.host.changed_at if place.host and not place.host.ready else None
    return since(seen, max(told, default=host))
