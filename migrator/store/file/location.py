"""Which file `--store` names. It refuses every database but SQLite, and creates nothing."""

from __future__ import annotations

from pathlib import Path

from migrator.domain.messages.errors import NotFound, StoreError

SCHEME = "sqlite:///"


def file_of(where: str | Path) -> Path:
    """Give the database file of a path or `sqlite:///path`; StoreError for another kind of database."""
    words = str(where)
    if words.startswith(SCHEME):
        words = words.removeprefix(SCHEME)
    elif "://" in words:
        scheme = words.split("://", 1)[0]
        raise StoreError(
            f"--store names a {scheme} database, and this version keeps its runs in SQLite files only. Nothing was "
            "changed. Give a path, or sqlite:///path."
        )
    return Path(words).expanduser().absolute()


def existing(where: str | Path) -> Path:
    """Give the database file; NotFound when there is none yet."""
    file = file_of(where)
    if not file.exists():
        raise NotFound(f"There is no store at {file} yet, so there is no plan and no run. `migrator plan` makes it.")
    return file
