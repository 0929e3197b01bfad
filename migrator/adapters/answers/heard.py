"""What was heard of one exchange, whatever was spoken: status, headers, and a body of which only a digest is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

LARGEST = 1 << 20
"""Bytes of a body that are read; the digest is of these, and of the fact that there were more."""


class NoHttp(OSError):
    """The other end does not speak the protocol, or not to its end."""


@dataclass(slots=True)
class Heard:
    """One answer as it comes in. `more` turns true when the body was left after its first MiB."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    protocol: str = ""
    grpc: str = ""
    size: int = 0
    more: bool = False
    _hash: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=8))

    def head(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Take the status and the headers in. A header that stands several times is one, in the order of its values."""
        self.status = status
        self.add(headers)

    def add(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Take headers in, or trailers."""
        for raw, value in headers:
            name = raw.decode("latin-1").lower()
            said = value.decode("latin-1")
            self.headers[name] = f"{self.headers[name]}, {said}" if name in self.headers else said

    def body(self, data: bytes) -> bool:
        """Take a part of the body in; return whether more of it is wanted."""
        room = LARGEST - self.size
        self._hash.update(data[:room])
        self.size += min(len(data), room)
        self.more = self.more or len(data) > room
        return not self.more

    @property
    def digest(self) -> str:
        """Give the digest of the body; "" for none."""
        return (self._hash.hexdigest() + ("+" if self.more else "")) if self.size else ""
