"""A lock on a file that dies with its process (flock). It never waits, and a forked child does not keep it."""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words

_locks: weakref.WeakSet[Lock] = weakref.WeakSet()


class Lock:
    """A lock held until it is released or the process ends, however it ends."""

    def __init__(self, file: Path, descriptor: int) -> None:
        self.file = file
        self.descriptor = descriptor
        _locks.add(self)

    @classmethod
    def take(cls, file: Path) -> Lock | None:
        """Take the lock, or give None when somebody has it; StoreError when there can be no such file."""
        try:
            descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(say("store.no-lock-file", file=str(file), why=in_words(error))) from error
        if _flock(descriptor, fcntl.LOCK_EX) and _is_at(file, descriptor):
            return cls(file, descriptor)
        os.close(descriptor)
        return None

    @staticmethod
    def taken(file: Path) -> bool:
        """Say whether somebody has the lock, without creating the file; one that may not be read counts as taken."""
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        try:
            return not _flock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    def release(self) -> None:
        """Give the lock back and remove its file, in this order of effects: nobody can take a file that is going."""
        if self.descriptor >= 0:
            self.file.unlink(missing_ok=True)
            self.drop()

    def drop(self) -> None:
        """Close the file; in a forked child this leaves the parent's lock as it is."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _flock(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_at(file: Path, descriptor: int) -> bool:
    """Say whether the open file is the one that has this name: its last holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(file))
    except FileNotFoundError:
        return False


def _forget_locks() -> None:
    for lock in tuple(_locks):
        lock.drop()


os.register_at_fork(after_in_child=_forget_locks)
