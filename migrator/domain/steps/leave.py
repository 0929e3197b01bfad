"""The steps in which a side goes: told, drained, detached, removed. A confirmed weight 0 comes before all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.model.actions import DeleteObject, Deregister, PatchObject, PodRef, Tell, Word
from migrator.domain.model.balancer import Backend, Pools, Row, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.decisions import Ask, Decision, Do, Done, Wait
from migrator.domain.model.grammar import number_of
from migrator.domain.model.manifests import ObjectRef, holds, uid_of
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
from migrator.domain.steps.connections import connections, counted, counting
from migrator.domain.steps.prepare import is_ours
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt, standing
from migrator.domain.steps.traffic import one_batch

TELL_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class TellToStay(Quiet):
    """No gateway of a side that was told to go still goes."""

    side: Side
    needs: ClassVar[Needs] = frozenset({Workloads, GatewaySignals})

    @property
    def title(self) -> str:
        """Name the side."""
        return f"Keep {self.side} open"

    def decide(self, seen: Sighting) -> Decision:
        """Tell those that go to stay; one that cannot say what it was told is left alone."""
        going = told(seen, self.side, Word.GO)
        if going:
            words = f"tell {len(going)} {self.side} gateways to stay"
            return Do(Tell(self.side, Word.STAY, going[:TELL_AT_ONCE]), words)
        return Done(f"no {self.side} gateway is going")


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
    def title(self) -> str:
        """Name the side."""
        return f"Drain {self.side}"

    def decide(self, seen: Sighting) -> Decision:
        """Tell whoever has not been told, then wait for silence."""
        if rows := weighted(seen[Pools], self.side):
            return still_weighted(self.side, rows)
        if never_attached(seen, self.side):
            return Done(f"no {self.side} backend was ever on the balancer, so nobody was sent there")
        if untold := self._untold(seen):
            return Do(Tell(self.side, Word.GO, untold[:TELL_AT_ONCE]), f"tell {len(untold)} {self.side} gateways to go")
        if first := counting(seen, self.side):
            return first
        left = connections(seen, self.side)
        return Done(f"{self.side} has no live connection") if left == 0 else self._waiting(seen, left)

    def _untold(self, seen: Sighting) -> tuple[PodRef, ...]:
        return told(seen, self.side, Word.STAY) if self.tells else ()

    def _waiting(self, seen: Sighting, left: int | None) -> Decision:
        are = f"{counted(left)} {'is' if left == 1 else 'are'} left on the {self.side} side"
        remaining = self.timeout - elapsed(seen)
        if remaining > 0:
            return Wait(are, remaining)
        if self.on_timeout is OnTimeout.CUT or seen[JournalFacts].approved:
            return Done(f"the deadline of {self.timeout:g} s has passed: {are} and will be cut")
        return Ask(f"{are} after {self.timeout:g} s. Cut them?")


def never_attached(seen: Sighting, side: Side) -> bool:
    """Say whether this run never sent anybody to the side: it has no backend, and none that we know of is missing."""
    there = seen[Pools].weights()
    return not seen[Pools].of(side) and all(backend in there for backend in seen[JournalFacts].weights)


def still_weighted(side: Side, rows: tuple[Row, ...]) -> Decision:
    """Halt because a side that must be at weight 0 is not."""
    return halt(
        "side.still-weighted",
        str(rows[0].backend),
        f"weight again on {number_of(len(rows), f'{side} backend')}; nothing with weight is drained or removed",
        f"weight {rows[0].weight}",
        "find out who raised it, set it to 0, then `migrator resume`, or `migrator rollback`",
    )


@dataclass(frozen=True, slots=True)
class Detach(Quiet):
    """A drained side's backends are off the balancer, and the removal has become silence (`floor` seconds)."""

    side: Side
    on_timeout: OnTimeout
    floor: float
    dismantles: ClassVar[bool] = True
    needs: ClassVar[Needs] = frozenset({Pools, Workloads, ConnectionCounts, JournalFacts, Clocks})

    @property
    def title(self) -> str:
        """Name the side."""
        return f"Detach {self.side}"

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
            return Wait("removal is not yet silence: waiting the balancer's drain floor", left)
        return Done(f"no {self.side} backend is on the balancer")

    def _remove(self, seen: Sighting, batch: tuple[Backend, ...]) -> Decision:
        if first := counting(seen, self.side):
            return first
        live, past = connections(seen, self.side), seen[JournalFacts]
        consent = self.on_timeout is OnTimeout.CUT or past.approved or f"Drain {self.side}" in past.consents
        if live != 0 and not consent:
            are = f"{counted(live)} {'is' if live == 1 else 'are'} live on the {self.side} side"
            return Ask(f"{are}. Remove its backends and cut them?")
        return Do(Deregister(batch, consent), f"remove {len(batch)} {self.side} backends, {counted(live)} live")


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
    title: ClassVar[str] = "Retire"
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
            return Wait(f"{self.source} stays until the judge is content: {doubt}")
        for change in self.repoint:
            now = found.get(change.ref)
            if now is not None and uid_of(now) == change.uid and not holds(now, change.after):
                return Do(PatchObject(change.ref, change.after, change.uid), f"{change.ref} now leads to the new pods")
        for ref, uid in ((self.source, self.uid), *self.companions):
            now = found.get(ref)
            if now is not None and uid_of(now) == uid:
                return Do(DeleteObject(ref, uid), f"delete {ref}")
        return removal(self.spare, found) or gone(seen, seen[Workloads].old, self.patience)


def _doubt(seen: Sighting) -> str:
    """Say why the new side is not known to do well at this moment: what cannot be taken back is not done then."""
    verdict = seen[Judgement].verdict
    if verdict is None:
        return "no verdict yet"
    return "" if verdict.ruling in (Ruling.PASS, Ruling.TOO_FEW) else f"{verdict.ruling}: {verdict.reason}"


def gone(seen: Sighting, workload: Workload, patience: float) -> Decision:
    """Wait for a deleted workload's pods to end; Terminating pods are in no status count, so they are listed."""
    left = patience - elapsed(seen)
    if workload.pods and left > 0:
        return Wait(f"{number_of(len(workload.pods), 'pod')} of {workload.ref} still ending", left)
    late = f"; {len(workload.pods)} of its pods have not ended after {patience:g} s" if workload.pods else ""
    return Done(f"{workload.ref} is gone{late or ', and all of its pods'}")


def removal(made: tuple[ObjectRef, ...], found: Objects) -> Do | None:
    """Give the removal of the first that is still there and ours; None when none is."""
    for ref in made:
        now = found.get(ref)
        if now is not None and is_ours(now):
            return Do(DeleteObject(ref, uid_of(now)), f"delete {ref}, which migrator made")
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
    def title(self) -> str:
        """Name the side that serves now."""
        return f"Confirm {self.side}"

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what gets its final settings."""
        return tuple(change.ref for change in self.restore)

    @property
    def watches(self) -> float:
        """Watch the window."""
        return self.window

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
            return Wait(f"watching one more window of {self.window:g} s", left)
        return Done("the new side serves alone")

    def _as_recorded(self, seen: Sighting) -> Decision:
        weights = seen[Pools].weights()
        wrong = [row for row in self.originals if weights.get(row.backend) != row.weight]
        if wrong:
            words = ", ".join(f"{row.backend}: {weights.get(row.backend)} instead of {row.weight}" for row in wrong[:3])
            return halt(
                "rollback.not-as-recorded",
                "balancer",
                f"{number_of(len(wrong), 'old backend')} without the recorded weight",
                words,
                "an old pod may have been replaced meanwhile; compare, then `migrator resume`",
            )
        return Done("the old side serves alone with its recorded weights")
