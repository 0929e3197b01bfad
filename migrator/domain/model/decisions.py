"""What one turn may decide: a closed union of values. Nothing here acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import Action, PodRef
from migrator.domain.model.runs import Move, Request


@dataclass(frozen=True, slots=True)
class Do:
    """Write this down, then do it."""

    action: Action
    why: Message


@dataclass(frozen=True, slots=True)
class Settle:
    """The open write has been read back: it is done."""

    entry: int


@dataclass(frozen=True, slots=True)
class Fail:
    """The open write will not come true as it was; the step decides anew."""

    entry: int
    why: Message


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do yet: why, and for about how many more seconds (None: until something changes)."""

    reason: Message
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A person (or a webhook) must say yes before the run goes on."""

    question: Message


@dataclass(frozen=True, slots=True)
class Withdraw:
    """What was asked answers itself: the world changed while a person was waited for. `note` says how."""

    note: Message


@dataclass(frozen=True, slots=True)
class Grant:
    """The step may begin: a gate has said yes (`by` whom), which is written down as the answer to its question (a code)."""

    question: str
    by: str


@dataclass(frozen=True, slots=True)
class Done:
    """The step has made its statement true. `note` is for the journal (what was achieved, with numbers)."""

    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Halt:
    """Stop where we are and say why; a person decides."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class TurnBack:
    """Go back now; `request` is the person's wish that this carries out, if it was one. `worst` is the gateway to blame, where
    the plan wants it kept for a look."""

    findings: tuple[Finding, ...]
    request: Request | None = None
    worst: PodRef | None = None


@dataclass(frozen=True, slots=True)
class Obey:
    """Carry out a person's request: the lifecycle move it means. `bar`: a yes that lowers how much way back is enough;
    `live`: a value that is set for the rest of the run, by its key.
    """

    request: Request
    move: Move | None
    note: Message | None = None
    bar: float | None = None
    live: tuple[str, float] | None = None


Decision: TypeAlias = Do | Settle | Fail | Wait | Ask | Withdraw | Grant | Done | Halt | TurnBack | Obey
