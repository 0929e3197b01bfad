"""The steps in which a side goes: told, drained, detached, removed. A confirmed weight 0 comes before all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.model.actions import DeleteObject, Deregister, PatchObject, PodRef, Tell, Word
from migrator.domain.model.balancer import Backend, Pools, Row, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Wait
from migrator.domain.model.manifests import ObjectRef, holds, uid_of
from migrator.domain.model.message import Message, say
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import OnTimeout
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Judgement,
    Objects,
    Sighting,
    Workloads,
)
from migrator.domain.steps.connections import connections, counting
from migrator.domain.steps.prepare import is_ours
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, standing
from migrator.domain.steps.traffic import one_batch, ruled

TELL_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class TellToStay(Quiet):
    """Every gateway of a side that was told to drain has been told to stay again."""

    side: Side
    needs: ClassVar[Needs] = frozenset({Workloads, GatewaySignals})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.tell-to-stay", side=self.side)

    def decide(self, seen: Sighting) -> Decision:
        """Tell those that go to stay; one that cannot say what it was told is left alone."""
        going = told(seen, self.side, Word.GO)
        if going:
            words = say("gateways.tell", gateways=len(going), side=self.side, word=Word.STAY)
            return Do(Tell(self.side, Word.STAY, going[:TELL_AT_ONCE]), words)
        return Done(say("stay.done", side=self.side))


def told(seen: Sighting, side: Side, word: Word) -> tuple[PodRef, ...]:
    """Give the side's live pods that act on `word`."""
    return tuple(pod.ref for pod in seen[Workloads].of(side).live if seen[GatewaySignals].word(pod.ref) is word)


def weighted(pools: Pools, side: Side) -> tuple[Row, ...]:
    """Give the side's rows that have weight."""
    return tuple(row for row in pools.of(side) if row.weight)


@dataclass(frozen=True, slots=True)
class Drain(Quiet):
    """A side at weight 0 has been told to go and has no live connection, or the deadline passed with consent."""

    side: Side
    timeout: float
    on_timeout: OnTimeout
    tells: bool = True
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, GatewaySignals, ConnectionCounts, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.drain", side=self.side)

    @property
    def cuts(self) -> Side | None:
        """A yes after the deadline allows the side's last connections to be cut, here and when its backends are removed."""
        return self.side

    def decide(self, seen: Sighting) -> Decision:
        """Tell whoever has not been told, then wait for silence."""
        if rows := weighted(seen[Pools], self.side):
            return still_weighted(self.side, rows)
        if never_attached(seen, self.side):
            return Done(say("drain.never-attached", side=self.side))
        if untold := self._untold(seen):
            words = say("gateways.tell", gateways=len(untold), side=self.side, word=Word.GO)
            return Do(Tell(self.side, Word.GO, untold[:TELL_AT_ONCE]), words)
        if first := counting(seen, self.side):
            return first
        left = connections(seen, self.side)
        return Done(say("drain.done", side=self.side)) if left == 0 else self._waiting(seen, left)

    def _untold(self, seen: Sighting) -> tuple[PodRef, ...]:
        return told(seen, self.side, Word.STAY) if self.tells else ()

    def _waiting(self, seen: Sighting, left: int | None) -> Decision:
        remaining = self.timeout - elapsed(seen)
        if remaining > 0:
            return Wait(say("drain.waiting", connections=left, side=self.side), remaining)
        if self.on_timeout is OnTimeout.CUT or seen[JournalFacts].approved:
            return Done(say("drain.cut", connections=left, side=self.side, timeout=self.timeout))
        return Ask(say("drain.ask", connections=left, side=self.side, timeout=self.timeout))


def never_attached(seen: Sighting, side: Side) -> bool:
    """Say whether this run never sent anybody to the side: it has no backend, and none that we know of is missing."""
    there = seen[Pools].weights()
    return not seen[Pools].of(side) and all(backend in there for backend in seen[JournalFacts].weights)


def still_weighted(side: Side, rows: tuple[Row, ...]) -> Decision:
    """Halt because a side that must be at weight 0 is not."""
    return halt("side.still-weighted", str(rows[0].backend), side=side, backends=len(rows), weight=rows[0].weight)


@dataclass(frozen=True, slots=True)
class Detach(Quiet):
    """A drained side's backends are off the balancer, and no new connection reaches them any more (after `floor` seconds)."""

    side: Side
    on_timeout: OnTimeout
    floor: float
    dismantles: ClassVar[bool] = True
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, ConnectionCounts, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side."""
        return say("step.detach", side=self.side)

    @property
    def after_drain(self) -> Side | None:
        """Its side was told to go."""
        return self.side

    def decide(self, seen: Sighting) -> Decision:
        """Remove one batch at a time, then wait for the floor."""
        pools = seen[Pools]
        if rows := weighted(pools, self.side):
            return still_weighted(self.side, rows)
        batch = one_batch(tuple(row.backend for row in pools.of(self.side)), pools.capabilities)
        if batch:
            return self._remove(seen, batch)
        left = self.floor - standing(seen)
        if left > 0:
            return Wait(say("detach.floor", side=self.side), left)
        return Done(say("detach.done", side=self.side))

    def _remove(self, seen: Sighting, batch: tuple[Backend, ...]) -> Decision:
        if first := counting(seen, self.side):
            return first
        live, past = connections(seen, self.side), seen[JournalFacts]
        consent = self.on_timeout is OnTimeout.CUT or past.approved or self.side in past.consents
        if live != 0 and not consent:
            return Ask(say("detach.ask", connections=live, side=self.side))
        return Do(
            Deregister(batch, consent), say("detach.remove", backends=len(batch), side=self.side, connections=live)
        )


@dataclass(frozen=True, slots=True)
class Retire(Quiet):
    """Every way in points at the new side, and the old workload with its companions is deleted. There is no way back."""

    source: ObjectRef
    uid: str
    companions: tuple[tuple[ObjectRef, str], ...]
    repoint: tuple[Change, ...]
    patience: float = 120.0
    spare: tuple[ObjectRef, ...] = ()
    needs: ClassVar[Needs] = frozenset({Objects, Workloads, Pools, Judgement, JournalFacts, Clocks})
    title: ClassVar[Message] = say("step.retire")
    after_drain: ClassVar[Side | None] = Side.OLD

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what is repointed and what is deleted."""
        gone = (self.source, *(ref for ref, _ in self.companions))
        return (*gone, *(change.ref for change in self.repoint), *self.spare)

    def decide(self, seen: Sighting) -> Decision:
        """Repoint, then delete the workload, from which there is no way back, then its companions; then see its pods go."""
        if rows := weighted(seen[Pools], Side.OLD):
            return still_weighted(Side.OLD, rows)
        found = seen[Objects]
        source = found.get(self.source)
        if source is not None and uid_of(source) == self.uid and (doubt := _doubt(seen)):
            return Wait(say("retire.waits", object=str(self.source), doubt=doubt))
        for change in self.repoint:
            now = found.get(change.ref)
            if now is not None and uid_of(now) == change.uid and not holds(now, change.after):
                return Do(
                    PatchObject(change.ref, change.after, change.uid), say("retire.repoint", object=str(change.ref))
                )
        for ref, uid in ((self.source, self.uid), *self.companions):
            now = found.get(ref)
            if now is not None and uid_of(now) == uid:
                return Do(DeleteObject(ref, uid), say("object.delete", object=str(ref)))
        return removal(self.spare, found) or gone(seen, seen[Workloads].old, self.patience)


def _doubt(seen: Sighting) -> Message | None:
    """Say why the new side is not known to do well at this moment: what cannot be taken back is not done then."""
    verdict = seen[Judgement].verdict
    return None if verdict is not None and verdict.ruling in (Ruling.PASS, Ruling.TOO_FEW) else ruled(verdict)


def gone(seen: Sighting, workload: Workload, patience: float) -> Decision:
    """Wait for a deleted workload's pods to end; Terminating pods are in no status count, so they are listed."""
    left = patience - elapsed(seen)
    if workload.pods and left > 0:
        return Wait(say("object.ending", pods=len(workload.pods), object=str(workload.ref)), left)
    if workload.pods:
        return Done(say("object.gone-late", object=str(workload.ref), pods=len(workload.pods), patience=patience))
    return Done(say("object.gone", object=str(workload.ref)))


def removal(made: tuple[ObjectRef, ...], found: Objects) -> Do | None:
    """Give the removal of the first that is still there and ours; None when none is."""
    for ref in made:
        now = found.get(ref)
        if now is not None and is_ours(now):
            return Do(DeleteObject(ref, uid_of(now)), say("object.delete-ours", object=str(ref)))
    return None


@dataclass(frozen=True, slots=True)
class Confirm(Quiet):
    """The end is what was promised: watched once more (new), or exactly what was recorded (old)."""

    side: Side
    window: float
    restore: tuple[Change, ...] = ()
    originals: tuple[Weighted, ...] = ()
    needs: ClassVar[Needs] = frozenset({Objects, Pools, Judgement, JournalFacts, Clocks})

    @property
    def title(self) -> Message:
        """Name the side that serves now."""
        return say("step.confirm", side=self.side)

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what gets its final settings."""
        return tuple(change.ref for change in self.restore)

    def decide(self, seen: Sighting) -> Decision:
        """Restore the final settings, then watch one more window."""
        for change in self.restore:
            now = seen[Objects].get(change.ref)
            if now is not None and not holds(now, change.patch):
                return Do(PatchObject(change.ref, change.patch, uid_of(now)), change.why)
        if self.side is Side.OLD:
            return self._as_recorded(seen)
        left = self.window - seen[JournalFacts].soaked
        if left > 0:
            return Wait(say("confirm.watching", window=self.window), left)
        return Done(say("confirm.new"))

    def _as_recorded(self, seen: Sighting) -> Decision:
        weights = seen[Pools].weights()
        wrong = [row for row in self.originals if weights.get(row.backend) != row.weight]
        if wrong:
            rows = tuple(
                say("weight.differs", backend=str(row.backend), now=weights.get(row.backend), recorded=row.weight)
                for row in wrong
            )
            return halt("rollback.not-as-recorded", "balancer", backends=len(wrong), rows=rows)
        return Done(say("confirm.old"))
