"""What a follower owes each node: weight to what serves, and a drained end to what leaves. One duty a turn; it tells nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, PodRef, Register, SetWeights, Tell, Word
from migrator.domain.model.balancer import Backend, Pools, Row, Side, Weighted
from migrator.domain.model.decisions import Do
from migrator.domain.model.spec import DrainSpec, FollowSpec, OnTimeout
from migrator.domain.observation.sighting import ConnectionCounts, JournalFacts, Sighting
from migrator.domain.sides.batches import is_pooled, next_weights, one_batch
from migrator.domain.sides.fitness import why_called_sick, why_mute
from migrator.domain.sides.telling import TELL_AT_ONCE
from migrator.domain.steps.connections import connections_of
from migrator.domain.steps.following.fitness import why_unlike
from migrator.domain.steps.following.position import Disposition, ListenerPort, Position
from migrator.domain.steps.following.survey import (
    Survey,
    ending,
    heavy,
    quiet,
    refs,
    standing,
    steady,
    told,
    zeros,
)
from migrator.domain.steps.step import Quiet
from migrator.domain.weights.floors import safe_lowers


@dataclass(frozen=True, slots=True)
class Duties(Quiet):
    """The plan's listeners and rules for the nodes of run `run`, and each duty as a decision.

    `healthy` is the seconds after which a Ready gateway that is not ready for traffic is told of.
    """

    run: int
    ports: tuple[ListenerPort, ...]
    drain: DrainSpec
    policy: FollowSpec
    tells: bool
    healthy: float

    def _weigh(self, view: Survey, seen: Sighting) -> Do | None:
        if is_pooled(seen):
            return None
        raises = self._raises(view, seen)
        lowers = tuple(Weighted(row.backend, 0) for row in heavy(view, Disposition.LEAVE, Disposition.REST))
        batch = next_weights(seen[Pools], raises, lowers)
        if not batch:
            return None
        up, down = (_addresses(w.backend for w in batch if bool(w.weight) is way) for way in (True, False))
        changes = (say("follow.raise", addresses=up),) * bool(up) + (say("follow.lower", addresses=down),) * bool(down)
        return Do(SetWeights(batch), say("follow.weigh", changes=changes))

    def _raises(self, view: Survey, seen: Sighting) -> tuple[Weighted, ...]:
        weights = {at.listener: standing(view, at) for at in self.ports}
        return tuple(
            Weighted(row.backend, weights[row.backend.listener])
            for place in view.places
            if place.fate is Disposition.SERVE and not self._is_told(place, seen)
            for row in self._idle(place)
            if row.backend not in view.foreign and not self._why_not(place, row, view, seen)
        )

    def _idle(self, place: Position) -> tuple[Row, ...]:
        """Give a place's rows at weight 0 that are this follower's to raise."""
        ports = {(at.listener, at.port) for at in self.ports}
        return tuple(row for row in place.rows if not row.weight and (row.backend.listener, row.backend.port) in ports)

    def _why_not(self, place: Position, row: Row, view: Survey, seen: Sighting) -> Message | None:
        """Say why a registered backend is not ready for traffic: the balancer, its peers and our own probe must agree."""
        unlike = why_unlike(place, view, seen) if self.tells else None
        return why_called_sick(row, seen) or unlike or why_mute(row.backend, seen)

    # --- words to the gateways ---------------------------------------------------------------------------------------

    def _keep_open(self, view: Survey, seen: Sighting) -> Do | None:
        """A node that was to leave and does not any more: its gateway is told to stay before it gets weight again."""
        going = [ref for place in self._coming(view) for ref in told(place, seen, Word.GO)]
        return self._tell(Word.STAY, going)

    def _is_told(self, place: Position, seen: Sighting) -> bool:
        """Say whether a place's gateway was told to go, as far as anybody knows: one that nobody has asked yet may be."""
        unasked = self.tells and seen[ConnectionCounts].uncounted(tuple(pod.ref for pod in place.live))
        return bool(unasked or told(place, seen, Word.GO))

    def _coming(self, view: Survey) -> list[Position]:
        """Give the places that stay and have not all their weight."""
        staying = (place for place in view.places if place.fate in (Disposition.SERVE, Disposition.STAY))
        return [place for place in staying if self._missing(place) or self._idle(place)]

    def _tell_to_go(self, view: Survey, seen: Sighting) -> Do | None:
        """Weights steer new connections only: clients that keep theirs are told politely to come again."""
        if not self.tells:
            return None
        silenced = [place for place in view.places if self._is_silenced(place, seen)]
        leaving = [r for place in silenced if place.fate is Disposition.LEAVE for r in told(place, seen, Word.STAY)]
        return self._tell(Word.GO, [*leaving, *(r for place in silenced for r in ending(place, seen))])

    def _is_silenced(self, place: Position, seen: Sighting) -> bool:
        """Say whether no new connection is sent there any more."""
        return not place.rows if is_pooled(seen) else bool(place.rows) and not any(r.weight for r in place.rows)

    def _tell(self, word: Word, pods: list[PodRef]) -> Do | None:
        now = tuple(pods[:TELL_AT_ONCE])
        return Do(Tell(Side.NEW, word, now), say("follow.tell", gateways=len(now), word=word)) if now else None

    # --- off the balancer ----------------------------------------------------------------------------------------------

    def _remove(self, view: Survey, seen: Sighting) -> Do | None:
        pooled, pools = is_pooled(seen), seen[Pools]
        silent: list[Weighted] = []
        cut: list[Weighted] = []
        for place in (place for place in view.places if place.fate is Disposition.LEAVE or (pooled and _ends(place))):
            if pooled:
                silent += [Weighted(row.backend, 0) for row in place.rows if row.backend not in view.foreign]
            elif place.rows and not self._why_still(place, seen):
                (silent if connections_of(seen, refs(place)) == 0 else cut).extend(zeros(place))
        if pooled:
            silent = list(safe_lowers(pools, silent))
        for consent, due in ((False, silent or self._closed(view, seen)), (True, cut)):
            if batch := one_batch(tuple(each.backend for each in due), pools.capabilities):
                return Do(
                    Deregister(batch, consent, standing=pooled), say("follow.remove", addresses=_addresses(batch))
                )
        return None

    def _closed(self, view: Survey, seen: Sighting) -> list[Weighted]:
        """Give backends of nodes that have gone which somebody has removed already: their accounts are closed by asking
        for it once more, so that a later node with the same address begins anew."""
        staying = {place.address for place in view.places if place.fate is not Disposition.LEAVE}
        there = seen[Pools].weights()
        return [
            Weighted(backend, 0)
            for backend in seen[JournalFacts].weights
            if backend not in there and backend.address not in staying
        ]

    def _why_still(self, place: Position, seen: Sighting) -> Message | None:
        """Say why a leaving place cannot be taken off yet; None when it can."""
        if weighty := [row for row in place.rows if row.weight]:
            return say("leaving.weighted", backend=str(weighty[0].backend), weight=weighty[0].weight)
        since_zero = quiet(place, seen)
        if since_zero is not None and since_zero < seen[Pools].capabilities.settle:
            return say("leaving.settling")
        left = connections_of(seen, refs(place))
        if left == 0:
            return None
        late = since_zero is not None and since_zero >= self.drain.timeout
        if late and self.drain.on_timeout is OnTimeout.CUT:
            return None
        return say("leaving.held", connections=left) if late else say("leaving.drains", connections=left)

    # --- onto the balancer -----------------------------------------------------------------------------------------------

    def _register(self, view: Survey, seen: Sighting) -> Do | None:
        new = tuple(
            backend
            for place in view.places
            if place.fate is Disposition.SERVE and steady(place, seen) and not self._is_told(place, seen)
            for backend in self._missing(place)
            if backend not in view.foreign and not why_mute(backend, seen)
        )
        pooled = is_pooled(seen)
        if batch := one_batch(new, seen[Pools].capabilities):
            words = say("follow.join" if pooled else "follow.register", addresses=_addresses(batch))
            return Do(Register(batch, standing=pooled), words)
        return None

    def _missing(self, place: Position) -> tuple[Backend, ...]:
        every = (Backend(at.listener, place.address, at.port) for at in self.ports)
        return tuple(backend for backend in every if backend not in {row.backend for row in place.rows})

    # --- words for people --------------------------------------------------------------------------------------------------


def _ends(place: Position) -> bool:
    """Say whether the last gateway of a place is ending: a pool has no weight 0 for it, only its own drain."""
    return place.fate is Disposition.REST and bool(place.pods)


def _addresses(backends: Iterable[Backend]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(backend.address for backend in backends))
