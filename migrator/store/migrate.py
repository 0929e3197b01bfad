"""Brings a store's schema up to date with the migrations, in one transaction: all of it or nothing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import migrator
from migrator.domain.model.errors import StoreError
from migrator.store.faults import our_words

if TYPE_CHECKING:
    from migrator.store.database import Database


def migrations() -> Path:
    """Give the folder of the migrations: inside an installed package, or beside the package in a checkout."""
    package = Path(migrator.__file__).parent
    for folder in (package / "_migrations", package.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise StoreError("migrator was installed without its migrations; install it again. Nothing was changed.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return config


def known(revision: str | None) -> bool:
    """Say whether this version's migrations lead from `revision` (None: an empty store) to its schema."""
    if revision is None:
        return True
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def migrate(database: Database, found: str | None) -> None:
    """Go to the newest revision. `found` is the present one; a process that was quicker leaves nothing to do."""
    if found is not None:
        keep_copy(database, found)
    config = _config()
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def keep_copy(database: Database, found: str) -> None:
    """Copy an older store beside itself before it is changed, once per revision; StoreError when that fails."""
    copy = database.file.with_name(f"{database.file.name}.schema-{found}")
    if copy.exists():
        return
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    with our_words(str(copy)):
        os.close(os.open(half, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(database.file)) as source, closing(sqlite3.connect(half)) as target:
            source.backup(target)
        os.replace(half, copy)
