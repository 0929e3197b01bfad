"""What `init` has done: the file, its schema, and what was found for it."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message


@dataclass(frozen=True, slots=True)
class Begun:
    """`schema` None: a file of its name is somebody else's, so none was written."""

    file: str
    schema: str | None
    found: tuple[Message, ...]
