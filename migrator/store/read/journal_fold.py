"""Folds a run's journal rows, one after another, into what the run's steps must know of the past. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from migrator.domain.drift.contested import patch_name
from migrator.domain.model.actions import Action, DeleteObject, Deregister, Op, PatchObject, Register
from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Heading, State
from migrator.domain.observation.sides import Rehearsed
from migrator.domain.observation.sighting import OpenWrite, Patched
from migrator.domain.planning.survival.place import Inherited
from migrator.store.codec.codec import Data, from_data
from migrator.store.codec.dataclass_json import load
from migrator.store.codec.messages import load as load_message
from migrator.store.codec.tags import ACTIONS
from migrator.store.read.known_weights import Weights
from migrator.store.values import Event, Kind

KINDS = (Kind.INTENDED, Kind.ACCEPTED, Kind.SETTLED, Kind.FAILED, Kind.MOVED, Kind.APPROVED, Kind.SET)

GATES = "gate."
"""How the codes of all questions before a step begin (`domain/gates`)."""

REHEARSED = "rehearse.done"
"""The code of the note of a rehearsal that was quick enough."""

OLD_CONSENTS = {"Drain old": Side.OLD, "Drain new": Side.NEW}
"""What a yes that an older version stored, with its step's title, allows to cut."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What the rows up to `last` add up to, as a value that can be stored."""

    last: int
    values: Mapping[Backend, tuple[int, ...]]
    written_at: Mapping[Backend, datetime]
    failures: int
    entered_at: datetime | None
    settled_at: datetime | None
    approved_by: str | None
    consents: tuple[Side, ...]
    open: tuple[OpenWrite, ...]
    heading: str | None
    cursor: int | None
    unanswered: Mapping[Backend, tuple[tuple[int, int], ...]]
    late: Mapping[Backend, tuple[tuple[int, int], ...]]
    bar: float = 1.0
    removed: Mapping[Backend, int] = field(default_factory=dict)
    rehearsed: Rehearsed | None = None
    deleted: tuple[str, ...] = ()
    patches: tuple[tuple[ObjectRef, tuple[tuple[str, Patched], ...]], ...] = ()
    answered: tuple[str, ...] = ()
    approved: bool = False
    live: Mapping[str, float] = field(default_factory=dict)


class Patches:
    """How often the server took each patch of an object that is not ours, by its answer or by a later look, and when this
    run heard of it last. One that was only meant is known too."""

    def __init__(self, known: Iterable[tuple[ObjectRef, Iterable[tuple[str, Patched]]]] = ()) -> None:
        self._known = {ref: dict(found) for ref, found in known}

    def take(self, action: Action, at: datetime | None = None, taken: bool = False) -> None:
        """Take in that a patch was meant, that there is news of it (`at`), and whether the server has `taken` it now."""
        if isinstance(action, PatchObject):
            found, name = self._known.setdefault(action.ref, {}), patch_name(action.patch)
            was = found.get(name, Patched())
            found[name] = replace(was, times=was.times + taken, at=at or was.at)

    def given(self) -> Mapping[ObjectRef, Mapping[str, Patched]]:
        """Give them by object and name."""
        return MappingProxyType({ref: MappingProxyType(dict(found)) for ref, found in self._known.items()})


class JournalFold:
    """What the rows up to `last` say. The same rows give the same memory, in one go or one at a time."""

    def __init__(self, old: tuple[Weighted, ...]) -> None:
        self.last = 0
        self.weights = Weights(old)
        self.failures = 0
        self.entered_at: datetime | None = None
        self.settled_at: datetime | None = None
        self.approved_by: str | None = None
        self.approved = False
        self.answered: dict[str, None] = {}
        self.live: dict[str, float] = {}
        self.consents: dict[Side, None] = {}
        self.bar = 1.0
        self.removed: dict[Backend, int] = {}
        self.rehearsed: Rehearsed | None = None
        self.deleted: dict[str, None] = {}
        self.patches = Patches()
        self._open: dict[int, OpenWrite] = {}
        self._position: tuple[str, int] | None = None

    @classmethod
    def of(cls, folded: Folded) -> JournalFold:
        """Give the fold that goes on from what was folded."""
        fold = cls(())
        fold.last, fold.failures, fold.approved_by = folded.last, folded.failures, folded.approved_by
        fold.entered_at, fold.settled_at = folded.entered_at, folded.settled_at
        fold.bar, fold.live = folded.bar, dict(folded.live)
        fold.removed, fold.rehearsed = dict(folded.removed), folded.rehearsed
        fold.deleted = dict.fromkeys(folded.deleted)
        fold.patches = Patches(folded.patches)
        fold.approved, fold.answered = folded.approved, dict.fromkeys(folded.answered)
        fold.weights = Weights.of(folded.values, folded.written_at)
        fold.weights.unanswered = {backend: dict(rows) for backend, rows in folded.unanswered.items()}
        fold.weights.late = {backend: dict(rows) for backend, rows in folded.late.items()}
        fold.consents = dict.fromkeys(Side(side) for side in folded.consents)
        fold._open = {write.entry: write for write in folded.open}
        if folded.heading is not None and folded.cursor is not None:
            fold._position = (folded.heading, folded.cursor)
        return fold

    def folded(self) -> Folded:
        """Give what was folded so far as a value."""
        heading, cursor = self._position or (None, None)
        return Folded(
            last=self.last,
            values=self.weights.given(),
            written_at=self.weights.written_at,
            failures=self.failures,
            entered_at=self.entered_at,
            settled_at=self.settled_at,
            approved_by=self.approved_by,
            consents=tuple(self.consents),
            open=tuple(self._open.values()),
            heading=heading,
            cursor=cursor,
            unanswered={backend: tuple(rows.items()) for backend, rows in self.weights.unanswered.items()},
            late={backend: tuple(rows.items()) for backend, rows in self.weights.late.items()},
            bar=self.bar,
            removed=self.removed,
            rehearsed=self.rehearsed,
            deleted=tuple(self.deleted),
            patches=tuple((ref, tuple(found.items())) for ref, found in self.patches.given().items()),
            answered=tuple(self.answered),
            approved=self.approved,
            live=self.live,
        )

    @property
    def open(self) -> OpenWrite | None:
        """Give the oldest write that no later look has settled."""
        return next(iter(self._open.values()), None)

    def take(self, event: Event) -> None:
        """Take in the next row."""
        self.last = event.id
        if event.kind is Kind.INTENDED:
            self._intended(event)
        elif event.kind is Kind.ACCEPTED:
            self._accepted(event)
        elif event.kind in (Kind.SETTLED, Kind.FAILED):
            self._answered(event)
        elif event.kind is Kind.MOVED:
            self._moved(event)
        elif event.kind is Kind.APPROVED:
            self._approved(event)
        elif event.kind is Kind.SET:
            self.live[str(event.data["key"])] = float(event.data["value"])

    def _begun(self, data: Data) -> None:
        """Take in with which weights the run begins, where they are not those that its plan saw."""
        if data.get("begins_with") is not None:
            self.weights = Weights(tuple(load(Weighted, row) for row in data["begins_with"]))
        if data.get("inherits") is not None:
            self._inherit(load(Inherited, data["inherits"]))

    def _inherit(self, lost: Inherited) -> None:
        """Take in what the journal of the run said that this one goes on from."""
        self.removed, self.rehearsed, self.bar = dict(lost.removed), lost.rehearsed, lost.bar
        self.deleted, self.patches = dict.fromkeys(lost.deleted), Patches(lost.patches)
        self.live = dict(lost.live)

    def _noted(self, event: Event) -> None:
        """Take in what the rehearsal came to: the note of the step that it leaves."""
        note = load_message(event.data.get("note"))
        if note is not None and note.code == REHEARSED and isinstance(took := note["took"], (int, float)):
            self.rehearsed = Rehearsed(float(took), event.at)

    def _approved(self, event: Event) -> None:
        """Take in a yes: to less of a way back, to a question of the step, or (of older versions) to the step as a whole."""
        data = event.data
        if data.get("bar") is not None:
            self.bar = min(self.bar, float(data["bar"]))
            return
        self.approved_by = str(data["by"])
        if data.get("question"):
            self.answered[str(data["question"])] = None
            if str(data["question"]).startswith(
                GATES
            ):  # the step begins now: no deadline of it ran while its gate was shut
                self.entered_at = event.at
        else:
            self.approved = True
        self._allowed(data)

    def _allowed(self, data: Data) -> None:
        side = Side(data["cuts"]) if data.get("cuts") else OLD_CONSENTS.get(str(data["step"]))
        if side is not None:
            self.consents[side] = None

    def _intended(self, event: Event) -> None:
        action: Action = from_data(event.data["action"], *ACTIONS)
        self._open[event.id] = OpenWrite(event.id, action, None, None, event.at)
        self.weights.intend(action)
        self.patches.take(action)

    def _accepted(self, event: Event) -> None:
        write = self._open.get(event.answers or 0)
        if write is not None:
            op = from_data(event.data["op"], Op)
            self._open[write.entry] = OpenWrite(write.entry, write.action, op, None, write.intended_at)
            self.patches.take(write.action, event.at, taken=True)

    def _answered(self, event: Event) -> None:
        write = self._open.pop(event.answers or 0, None)
        if write is None:
            return
        settled = event.kind is Kind.SETTLED
        self.patches.take(write.action, event.at, taken=settled and write.op is None)
        if not settled:
            self.failures += 1
            if write.op is None:
                self.weights.fail(write.action, write.entry)
            return
        self.failures = 0
        self.settled_at = event.at
        self.weights.settle(write.action, event.at)
        self._removed(write.action, event)

    def _removed(self, action: Action, event: Event) -> None:
        """Take in which backends are off the balancer, by the forward step that removed them, and which objects are gone."""
        if isinstance(action, Register):
            for backend in action.backends:
                self.removed.pop(backend, None)
        elif isinstance(action, Deregister) and event.heading is Heading.FORWARD:
            self.removed |= dict.fromkeys(action.backends, event.step)
        elif isinstance(action, DeleteObject):
            self.deleted[action.uid] = None

    def _moved(self, event: Event) -> None:
        state, before = event.data["state"], event.data["was"]
        position = (event.data["heading"], event.data["cursor"])
        if state == State.PLANNED:
            self._begun(event.data)
            return
        self._noted(event)
        if position != self._position:
            self._position = position
            self.entered_at, self.settled_at, self.approved_by, self.failures = event.at, None, None, 0
            self.approved, self.answered = False, {}
        elif before == State.HALTED and state == State.RUNNING:
            # A person looked and said go on: deadlines and the count of failures begin anew, or it would halt at once.
            self.entered_at, self.failures = event.at, 0
