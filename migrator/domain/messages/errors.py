"""Everything that can go wrong, as a small tree of errors whose place decides what the program does next.

    MigratorError                exit 1
    ├── Unreachable              an outside system did not answer; wait, ask again (after a write: perhaps done)
    ├── Refused                  an outside system said no: a read is held like silence, a write halts and says why
    │   ├── Denied               it does not let us in (401, 403): log in again or get the right, and it goes on by itself
    │   └── Gone                 what a write names has gone since it was looked at: look again, then decide anew
    ├── StoreError               the database cannot be used (locked, read-only, garbage, newer)
    ├── LeaseLost                this process no longer holds the run; it stops writing at once
    ├── UnsafeAction             an action would break an invariant: a defect of ours, nothing was sent
    └── UsageError               exit 2: the request cannot be carried out as asked; nothing was changed
        ├── NotFound             no such run or plan
        ├── IllegalMove          the lifecycle has no such move from this state
        ├── LeaseHeld            another process (or another store) holds this run, or moves this gateway
        ├── PlanFileInvalid      the plan file has findings, all of them with their lines
        └── PlanRefused          a finding blocks, or the world has moved since the plan was made

Every message says what happened, what it means for traffic and what to do next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.domain.messages.findings import Finding


class MigratorError(Exception):
    """Root of the tree. `exit_code` is what a command ends with when nobody handles the error.

    `message` is rendered for people; `str` gives its code and values, for logs and tracebacks, and nobody reads it back.
    """

    exit_code = 1

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class Unreachable(MigratorError):
    """An outside system did not answer. After a write this means *perhaps done*: look, then decide.

    `retry_after` (seconds) says that the system did answer: not now, ask again then. Nothing was done. None: no answer.
    """

    def __init__(self, message: Message, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(MigratorError):
    """An outside system understood and said no; asking again will not help."""


class Denied(Refused):
    """An outside system does not accept who we are, or what we may: a person logs in again, or grants the right.

    Nothing was done, and the same question may be answered later.
    """


class Gone(Refused):
    """What a write names is not there any more: it went between the look and the write. Nothing was done.

    The same write would be refused again; a later look shows what there is, and another one is decided on.
    """


class StoreError(MigratorError):
    """The database cannot be used; the message names the file and the remedy."""


class LeaseLost(MigratorError):
    """This process may no longer write for its run."""


class UnsafeAction(MigratorError):
    """An action would break an invariant of `domain/turn/invariants.py`; it was not sent."""


class UsageError(MigratorError):
    """What was asked for cannot be done as asked; nothing was changed."""

    exit_code = 2


class NotFound(UsageError):
    """No run or plan has that name."""


class IllegalMove(UsageError):
    """The lifecycle table has no such move from the state the run is in."""


class LeaseHeld(UsageError):
    """Somebody else is carrying out this run, or another of this gateway; nothing was changed."""


class _WithFindings(UsageError):
    def __init__(self, message: Message, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class PlanFileInvalid(_WithFindings):
    """The plan file cannot be read as a plan; every fault is in `findings`."""


class PlanRefused(_WithFindings):
    """The plan must not be run as it stands; `findings` say why."""
