"""What the domain asks of its own memory: the append-only journal of one run, and what it says of the present step."""

from __future__ import annotations

from typing import Protocol

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import Action, Op
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, Request, Run, State
from migrator.domain.model.samples import Ruling, Tally, Verdict
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.steps import Step


class Journal(Protocol):
    """The run's memory, bound to a lease: every call is one committed transaction that carries the lease's epoch.
    Those that write a row give its number.

    All raise LeaseLost when another process has taken the run over.
    """

    def intend(self, heading: Heading, cursor: int, action: Action, why: Message) -> int:
        """Commit the intent and give its entry; only then may the write be made."""
        ...

    def accept(self, entry: int, op: Op) -> int:
        """Write down the vendor's handle."""
        ...

    def settle(self, entry: int) -> int:
        """Write down that the write has been read back."""
        ...

    def fail(self, entry: int, why: Message) -> int:
        """Write down that the write will not come true."""
        ...

    def ask(self, question: Message) -> int:
        """Write down what a person is asked."""
        ...

    def approve(
        self, step: Message, by: str, cuts: Side | None = None, bar: float | None = None, question: str = ""
    ) -> int:
        """Write down a person's yes to a question (its code) of a step (its title); `cuts` is the side whose last connections
        it allows to cut, `bar` the part of the old side that is enough of a way back from now on."""
        ...

    def put(self, key: str, value: float, by: str) -> int:
        """Write down that a person has set a value for the rest of the run."""
        ...

    def obeyed(self, request_id: int, note: Message) -> int:
        """Write down that a request has been answered."""
        ...

    def verdict(self, verdict: Verdict) -> int:
        """Write down a verdict that differs from the one before."""
        ...

    def note(self, kind: str, what: Message) -> int:
        """Write down something worth keeping."""
        ...

    def tally(self, kind: str, counts: Tally) -> int:
        """Write down what was counted, for the report."""
        ...

    def passed(self, interval: float, requests: int) -> None:
        """Add a passing sample to the soak of the current step."""
        ...

    def ruled(self, ruling: Ruling, interval: float) -> None:
        """Keep how long the judge has been holding or blind in a row."""
        ...

    def looked(self, look: Snapshot, leaves: bool = False) -> None:
        """Keep what this process saw last; `leaves` when it goes in good order."""
        ...

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
        """Change the run and write it down, with the route back when there is one, in one transaction."""
        ...


class Memory(Protocol):
    """What the store tells a run about itself."""

    def past(self, run: Run) -> JournalFacts:
        """Give what the journal says of the run and its current step."""
        ...

    def pending(self) -> tuple[Request, ...]:
        """Give the requests nobody has answered yet, oldest first."""
        ...

    def route(self, heading: Heading) -> tuple[Step, ...]:
        """Give the saved route of a heading."""
        ...
