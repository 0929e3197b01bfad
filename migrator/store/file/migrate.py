"""Brings a store's schema up to date with the migrations, in one transaction: all of it or nothing."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

import migrator
from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import say
from migrator.store.file.faults import our_words


def migrations() -> Path:
    """Give the folder of the migrations: inside an installed package, or beside the package in a checkout."""
    package = Path(migrator.__file__).parent
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise StoreError(say("store.no-migrations"))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return config


def migrate(connection: Connection) -> None:
    """Go to the newest revision in this transaction; where another process was quicker there is nothing left to do."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def keep_copy(file: Path, found: str) -> None:
    """Copy an older store beside itself before it is changed, once per revision; StoreError when that fails."""
    copy = file.with_name(f"{file.name}.schema-{found}")
    if copy.exists():
        return
    with our_words(str(copy)):
        descriptor, half = tempfile.mkstemp("", f"{copy.name}.", copy.parent)  # 0600, by a name that nobody can foresee
        os.close(descriptor)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(half)) as target:
            source.backup(target)
        os.replace(half, copy)
