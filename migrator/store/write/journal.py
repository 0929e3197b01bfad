"""The journal of one run in the hands of its lease's holder: each call is one transaction, fenced by the lease's epoch.

It writes facts down in the order in which they are told; it never changes one, and it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection

from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import Action, Op
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Ruling, Tally, Verdict
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.outside import Clock
from migrator.domain.steps import Step
from migrator.store.codec.codec import Data, text_of, to_data
from migrator.store.codec.messages import dump, dump_value
from migrator.store.file.database import Database, reading_within
from migrator.store.read import queries
from migrator.store.read.past import PastReader
from migrator.store.values import Kind, Soak, Streaks
from migrator.store.write import checkpoints, process_records, rows, runs, soaks
from migrator.store.write.lease import Lease, fence
from migrator.store.write.rows import Position

CHECKPOINT_EVERY = 256
"""Rows after which the next process would have to fold too many of them by itself."""


class Journal:
    """Everything the workflow tells the store about a run. Each method raises LeaseLost when another holds it now."""

    def __init__(self, database: Database, clock: Clock, run: Run, lease: Lease) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._run_id = run.id
        self._heading = run.heading
        self._step = run.cursor
        self._past = PastReader(database.reader, run.id)
        self._streaks: Streaks | None = None

    def intend(self, heading: Heading, cursor: int, action: Action, why: Message) -> int:
        """Commit the intent and give its entry; only after this returns may the write be made.

        LeaseLost also when the lease could not be renewed for 15 s: another may be about to take over.
        """
        self._lease.check()
        return self._write(Kind.INTENDED, {"action": to_data(action), "why": dump(why)}, at=(heading, cursor))

    def accept(self, entry: int, op: Op) -> int:
        """Write down that the outside took the write, and its handle."""
        return self._write(Kind.ACCEPTED, {"op": to_data(op)}, answers=entry)

    def settle(self, entry: int) -> int:
        """Write down that a later look has read the write back."""
        return self._write(Kind.SETTLED, {}, answers=entry)

    def fail(self, entry: int, why: Message) -> int:
        """Write down that the write will not come true as it was."""
        return self._write(Kind.FAILED, {"why": dump(why)}, answers=entry)

    def ask(self, question: Message) -> int:
        """Write down what a person must answer."""
        return self._write(Kind.ASKED, {"question": dump(question)})

    def approve(
        self, step: Message, by: str, cuts: Side | None = None, bar: float | None = None, question: str = ""
    ) -> int:
        """Write down that a person said yes to a question (its code) of the present step (its title), and whose last
        connections that may cut. Without a question the yes is to whatever the step asks.

        With a `bar` the yes is to less of a way back, and to nothing else that the step asks.
        """
        lowered = {} if bar is None else {"bar": bar}
        data = {"step": dump(step), "by": by, "cuts": cuts.value if cuts else "", "question": question, **lowered}
        return self._write(Kind.APPROVED, data)

    def put(self, key: str, value: float, by: str) -> int:
        """Write down that a person has set a value for the rest of the run."""
        return self._write(Kind.SET, {"key": key, "value": value, "by": by})

    def verdict(self, verdict: Verdict) -> int:
        """Write down what the judge rules from now on."""
        return self._write(Kind.VERDICT, to_data(verdict))

    def note(self, kind: str, what: Message) -> int:
        """Write down something for the record, under a word that tells what it is about."""
        return self._write(Kind.NOTED, {"about": kind, "text": dump(what)})

    def tally(self, kind: str, counts: Tally) -> int:
        """Write down what was counted, as JSON text under a word that tells what it is about."""
        text = text_of({name: dump_value(value) for name, value in counts.items()})
        return self._write(Kind.NOTED, {"about": kind, "text": text})

    def obeyed(self, request_id: int, note: Message) -> int:
        """Write down that a request was carried out, or why not; it is no longer pending."""
        return self._write(Kind.OBEYED, {"note": dump(note)}, answers=request_id)

    def move(
        self,
        run: Run,
        *,
        state: State,
        cursor: int | None = None,
        heading: Heading | None = None,
        why: Message | None = None,
        note: Message | None = None,
        route: tuple[Step, ...] | None = None,
    ) -> Run:
        """Store the run's new place with its journal row (and the route it turns to) in one transaction; give the run.

        `why` is kept in the run, as the reason why it rests; `note` only in the journal. LeaseLost when `run` is not
        what is stored.
        """
        now = self._clock.now()
        after = replace(
            run,
            state=state,
            cursor=run.cursor if cursor is None else cursor,
            heading=run.heading if heading is None else heading,
            updated_at=now,
            why=why,
        )

        def store(tx: Connection) -> None:
            runs.store_move(tx, run, after)
            if route is not None:
                runs.save_route(tx, run.id, after.heading, route)

        data = runs.moved(after, run.state, why, note)
        self._write(Kind.MOVED, data, at=(after.heading, after.cursor), also=store)
        self._heading, self._step = after.heading, after.cursor
        return after

    def passed(self, interval: float, requests: int) -> None:
        """Add the seconds and judged requests of one passing sample to the present step's soak."""
        with self._database.write() as tx:
            fence(tx, self._lease)
            soaks.add(tx, self._run_id, self._heading, self._step, Soak(interval, requests))

    def ruled(self, ruling: Ruling, interval: float) -> None:
        """Lengthen the streak that one more ruling belongs to and end the others; writes only what changes."""
        if self._streaks is None:
            with self._database.reader.read() as read:
                _, self._streaks = queries.watched(read, self._run_id, self._heading, self._step)
        after = self._streaks.after(ruling, interval)
        if after == self._streaks:
            return
        with self._database.write() as tx:
            fence(tx, self._lease)
            soaks.keep(tx, self._run_id, after)
        self._streaks = after

    def looked(self, look: Snapshot, leaves: bool = False) -> None:
        """Keep what this process saw last; `leaves` when it goes in good order."""
        with self._database.write() as tx:
            fence(tx, self._lease)
            process_records.keep(tx, self._run_id, self._lease.epoch, look, self._clock.now(), leaves)

    def past(self, run: Run, plan: Plan) -> JournalFacts:
        """Give what the journal says (see `domain/sighting.Past`); cheap, however long the journal is."""
        facts = self._past.past(run, plan)
        if self._past.grown >= CHECKPOINT_EVERY:
            self._keep_checkpoint()
        return facts

    def _keep_checkpoint(self) -> None:
        """Store what was folded so far. It is only worth time to the next process, so that its failing stops nothing."""
        self._past.grown = 0
        with suppress(MigratorError), self._database.write() as tx:
            fence(tx, self._lease)
            if (checkpoint := self._past.checkpoint(reading_within(tx))) is not None:
                checkpoints.keep(tx, self._run_id, checkpoint)

    def _write(
        self,
        kind: Kind,
        data: Data,
        *,
        at: tuple[Heading, int] | None = None,
        answers: int | None = None,
        also: Callable[[Connection], None] | None = None,
    ) -> int:
        heading, step = at or (self._heading, self._step)
        with self._database.write() as tx:
            fence(tx, self._lease)
            if also is not None:
                also(tx)
            place = Position(self._run_id, self._lease.epoch, heading, step)
            return rows.append(tx, place, self._clock.now(), kind, data, answers)
