"""What logs warn of: kinds of warnings by whom they are about, counted. No line of a log is in it: one may hold a secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Side


class Trouble(StrEnum):
    """What a warning is about.

    `rejected`: a gateway took no new configuration, and goes on with its last one (a gateway that has just started: with
    none). `omitted`: a listener was left out of what the gateways are sent. `conflict`: servers of several objects contradict
    each other, and one is passed over. `unbound`: a server has no route. `port`: a port could not be opened. `cut-off`: a
    gateway has lost its control plane.
    """

    REJECTED = "rejected"
    OMITTED = "omitted"
    CONFLICT = "conflict"
    UNBOUND = "unbound"
    PORT = "port"
    CUT_OFF = "cut-off"


@dataclass(frozen=True, slots=True)
class Warned:
    """A kind of warning: whose log has it (`by`), which gateway it is about ("": none of both sides is named), of which
    side (None: nobody's), how often, and when last, as the log says it ("": it does not)."""

    trouble: Trouble
    by: str
    about: str = ""
    side: Side | None = None
    count: int = 1
    last: str = ""


@dataclass(frozen=True, slots=True)
class LogLook:
    """What the logs of the last `seconds` warn of (a facet of the watch): how many were read, and which were not, with why.
    `pending`: they are to be read, and nobody has yet."""

    seconds: float = 0.0
    read: int = 0
    warned: tuple[Warned, ...] = ()
    unread: tuple[tuple[str, Message], ...] = ()
    pending: bool = False

    def rejected(self, side: Side) -> tuple[Warned, ...]:
        """Give the warnings of configurations that a side's gateways rejected."""
        return tuple(row for row in self.warned if row.trouble is Trouble.REJECTED and row.side is side)
