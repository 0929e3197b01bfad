"""Claim a loopback prefix, or a directory, for one lab by a file lock that the kernel drops with its holder."""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_FREE_CHOICE = range(100, 251)


class Taken(RuntimeError):
    """Another process holds the lock."""


def claim_net(net: str) -> tuple[str, int]:
    """Lock `net`, or any free one for `auto`; return the net and the open descriptor that is the lock.

    The descriptor is not inherited by other programs: the lock ends with this process, however that ends.
    """
    wanted: Iterable[str] = [f"127.{n}" for n in _FREE_CHOICE] if net == "auto" else [net]
    for candidate in wanted:
        try:
            return candidate, claim_file(_lock_dir() / f"{candidate}.lock")
        except Taken:
            continue
    raise Taken(f"no free loopback net: {net} is in use by another lab of this user")


def claim_file(path: Path) -> int:
    """Lock the file `path`, made if missing; return the descriptor. `Taken` if another process holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise Taken(f"{path} is locked by a running lab") from error
    return lock


@contextmanager
def borrowed_net(net: str = "auto") -> Iterator[str]:
    """Hold a net for the length of a block; for tests that start single parts."""
    claimed, lock = claim_net(net)
    try:
        yield claimed
    finally:
        os.close(lock)


def _lock_dir() -> Path:
    where = Path(tempfile.gettempdir()) / f"migrator-lab-{os.getuid()}"
    where.mkdir(mode=0o700, exist_ok=True)
    return where
