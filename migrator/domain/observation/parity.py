"""One gateway's configuration as digests, and one gateway beside another. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef


@dataclass(frozen=True, slots=True)
class Parity:
    """One gateway's configuration, canonicalised: hash by unit (`listener/…`), what is still warming, its identity.

    `others` has the hash of a second reading of some units: domains may name the listening port or the Gateway's.
    """

    units: tuple[tuple[str, str], ...]
    unready: tuple[Message, ...]
    node_id: str
    version: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """The gateway that others are compared with; `kept` is its canonical form, as the adapter packs it."""

    pod: PodRef
    parity: Parity
    kept: bytes = b""


@dataclass(frozen=True, slots=True)
class Compared:
    """One gateway beside the reference: its digests, the differences, and those that the plan allows. Lines are bounded."""

    parity: Parity
    differences: tuple[Message, ...] = ()
    allowed: tuple[Message, ...] = ()
