"""The account of every request: sent is answered plus lost plus in flight, always. It opens nothing and guesses nothing."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum

from migrator.lab.load.mix import Kind
from migrator.lab.load.tally import Second, Tally


class Outcome(StrEnum):
    """What became of a request; `BAD` and `WRONG` ones are answered too. `CUT` rows are of connections, not of requests."""

    ANSWERED = "answered"
    BAD = "bad"
    WRONG = "wrong"
    LOST = "lost"
    CUT = "cut"


class Word(StrEnum):
    """Why a request was lost."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    CLOSED_BEFORE = "closed-before-response"
    CLOSED_MID = "closed-mid-response"
    TIMEOUT = "timeout"
    GOAWAY = "goaway"  # HTTP/2: above the last stream that the server says it will answer
    STREAM_RESET = "stream-reset"  # HTTP/2: RST_STREAM before the end of the answer
    MALFORMED = "malformed"
    UNFINISHED = "unfinished"  # still in flight when the load's own time to finish was over


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `gateway` is who gave it (`x-gateway`, or else `server`); an echo's status is 101.

    `body` is how it begins. A client that knows the right answer says whether this was one.
    """

    status: int
    gateway: str = ""
    body: bytes = b""
    right: bool = True

    @property
    def outcome(self) -> Outcome:
        """Bad is a 5xx; wrong is any other answer than a success, and a success that says something else."""
        if self.status >= 500:
            return Outcome.BAD
        succeeded = self.status == 101 or 200 <= self.status < 300
        return Outcome.ANSWERED if succeeded and self.right else Outcome.WRONG


@dataclass(frozen=True, slots=True)
class Loss:
    """A request that got no whole answer."""

    word: Word


Result = Answer | Loss


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that has been counted as sent. `start` is on the ledger's clock."""

    seq: int
    kind: Kind
    client: str
    start: float


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a request went: connection id (0: none was made) and its number on that connection, from 1."""

    connection: int = 0
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `ledger.jsonl`; times are seconds of the wall clock. A cut has no `seq` and its `nth` is how many
    requests the connection had carried."""

    seq: int | None
    kind: Kind
    client: str
    t_start: float
    t_end: float
    outcome: Outcome
    status: int | None
    error: str | None
    gateway: str
    connection: int
    nth: int


_COLUMNS = tuple(field.name for field in fields(Row))


class Ledger:
    """Counts what is sent and settles each request exactly once; `write` takes each row as a line of JSON.

    `clock` gives seconds of the wall clock and must not run backwards.
    """

    def __init__(self, clock: Callable[[], float], write: Callable[[str], object]) -> None:
        self._clock = clock
        self._write = write
        self._open: dict[int, Ticket] = {}
        self._connections = 0
        self.sequence = 0
        self.tallies: dict[Kind, Tally] = {}
        self.seconds: dict[int, Second] = {}
        self.gateways: Counter[str] = Counter()
        self.marks: dict[str, Row] = {}

    @property
    def in_flight(self) -> int:
        """Requests sent and not settled."""
        return len(self._open)

    def of(self, kind: Kind) -> Tally:
        """Return the tally of `kind`, which may be empty."""
        if kind not in self.tallies:  # this is asked several times per request: build no Tally to throw away
            self.tallies[kind] = Tally()
        return self.tallies[kind]

    def total(self) -> Tally:
        """Return the sum over all kinds."""
        return Tally.sum_of(self.tallies.values())

    def send(self, kind: Kind, client: str) -> Ticket:
        """Count a request as sent; give it the next sequence number, from 1."""
        self.sequence += 1
        ticket = Ticket(self.sequence, kind, client, self._clock())
        self._open[ticket.seq] = ticket
        self.of(kind).sent += 1
        self._second(ticket.start).sent += 1
        return ticket

    def settle(self, ticket: Ticket, result: Result, spot: Spot) -> None:
        """Write down what became of a request. Raise `ValueError` if it is not open: each is settled exactly once."""
        if self._open.pop(ticket.seq, None) is not ticket:
            raise ValueError(f"request {ticket.seq} is not open")
        now = self._clock()
        if isinstance(result, Loss):
            self._lose(ticket, result, spot, now)
        else:
            self._answer(ticket, result, spot, now)

    def connected(self, kind: Kind) -> int:
        """Count a connection that was made and return its id, from 1."""
        self._connections += 1
        self.of(kind).connections += 1
        return self._connections

    def cut(self, kind: Kind, client: str, spot: Spot) -> None:
        """Count a connection with nothing in flight that the other side closed without announcing it."""
        now = self._clock()
        self.of(kind).cut += 1
        self._second(now).cut += 1
        self._record(Row(None, kind, client, now, now, Outcome.CUT, None, None, "", spot.connection, spot.nth))

    def abandon(self) -> None:
        """Count what is still in flight as lost: nobody waits for it any more."""
        for ticket in list(self._open.values()):
            self.settle(ticket, Loss(Word.UNFINISHED), Spot())

    def check(self) -> None:
        """Raise `AssertionError` unless the account balances, for every kind and every second."""
        for tally in [*self.tallies.values(), self.total()]:
            assert tally.balanced, f"the account does not balance: {tally}"
        total = self.total()
        assert total.sent == total.answered + total.lost + self.in_flight, "requests in flight are miscounted"
        for name in ("sent", "answered", "lost", "bad", "wrong", "cut"):
            by_second = sum(getattr(second, name) for second in self.seconds.values())
            assert by_second == getattr(total, name), f"{name}: {by_second} by second, {getattr(total, name)} by kind"

    def _answer(self, ticket: Ticket, answer: Answer, spot: Spot, now: float) -> None:
        outcome = answer.outcome
        bad, wrong = outcome is Outcome.BAD, outcome is Outcome.WRONG
        self.of(ticket.kind).answer(answer.status, now - ticket.start, bad=bad, wrong=wrong)
        self.gateways[answer.gateway] += 1
        second = self._second(now)
        second.answered += 1
        second.bad += bad
        second.wrong += wrong
        self._record(_row(ticket, now, outcome, spot, status=answer.status, gateway=answer.gateway))

    def _lose(self, ticket: Ticket, loss: Loss, spot: Spot, now: float) -> None:
        self.of(ticket.kind).lose(loss.word)
        self._second(now).lost += 1
        self._record(_row(ticket, now, Outcome.LOST, spot, error=loss.word))

    def _second(self, at: float) -> Second:
        return self.seconds.setdefault(int(at), Second())

    def _record(self, row: Row) -> None:
        if row.outcome is not Outcome.ANSWERED:
            self.marks.setdefault(f"first_{row.outcome}", row)
            self.marks[f"last_{row.outcome}"] = row
        self._write(json.dumps({name: getattr(row, name) for name in _COLUMNS}, separators=(",", ":")))


def _row(
    ticket: Ticket,
    now: float,
    outcome: Outcome,
    spot: Spot,
    *,
    status: int | None = None,
    error: str | None = None,
    gateway: str = "",
) -> Row:
    start, end = round(ticket.start, 3), round(now, 3)
    place = spot.connection, spot.nth
    return Row(ticket.seq, ticket.kind, ticket.client, start, end, outcome, status, error, gateway, *place)
