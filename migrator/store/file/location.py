"""Which file `--store` names. It refuses every database but SQLite, and creates nothing."""

from __future__ import annotations

from pathlib import Path

from migrator.domain.messages.errors import NotFound, StoreError
from migrator.domain.messages.message import say

SCHEME = "sqlite:///"


def file_of(where: str | Path) -> Path:
    """Give the database file of a path or `sqlite:///path`; StoreError for another kind of database."""
    words = str(where)
    if words.startswith(SCHEME):
        words = words.removeprefix(SCHEME)
    elif "://" in words:
        scheme = words.split("://", 1)[0]
        raise StoreError(say("store.other-database", scheme=scheme))
    return Path(words).expanduser().absolute()


def existing(where: str | Path) -> Path:
    """Give the database file; NotFound when there is none yet."""
    file = file_of(where)
    if not file.exists():
        raise NotFound(say("store.none-yet", file=str(file)))
    return file
