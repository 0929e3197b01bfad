"""The schema: made by migrations alone, equal to the tables in code, found installed and in a checkout."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import migrator
from migrator.domain.messages.errors import StoreError
from migrator.store import Store
from migrator.store.file.database import Database
from migrator.store.file.migrate import keep_copy, migrate, migrations
from migrator.store.file.read_transaction import TIMES
from migrator.store.file.schema import HEAD, REVISIONS
from migrator.store.tables import UtcTime, metadata
from tests.golden.saved import FROM_THE_LAB
from tests.store.world import FakeClock, make_plan
from tests.words import refused

ROOT = Path(__file__).parents[3]


def config(file: Path) -> Config:
    """Give what `alembic -x store=FILE` has."""
    found = Config(toml_file=str(ROOT / "pyproject.toml"))
    found.cmd_opts = type("Options", (), {"x": [f"store={file}"]})()
    return found


def test_the_code_knows_every_revision_and_the_newest() -> None:
    scripts = ScriptDirectory(str(migrations()))

    assert scripts.get_heads() == [HEAD]
    assert [script.revision for script in scripts.walk_revisions()] == [*reversed(REVISIONS)]


def test_the_columns_that_are_read_as_instants_are_the_ones_that_are_written_as_instants() -> None:
    instants = {c.name for table in metadata.tables.values() for c in table.columns if isinstance(c.type, UtcTime)}
    others = {c.name for table in metadata.tables.values() for c in table.columns if not isinstance(c.type, UtcTime)}

    assert instants == TIMES
    assert not others & TIMES


def test_the_migrations_make_what_the_code_expects(file: Path) -> None:
    with closing(Database.open(file)) as database, database.read() as tx:
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []


def test_alembic_goes_up_checks_and_goes_down_on_a_real_file(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    command.upgrade(config(file), "head")
    command.check(config(file))
    command.downgrade(config(file), "base")
    with closing(sqlite3.connect(file)) as found:
        left = {name for (name,) in found.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")}
    command.upgrade(config(file), "head")

    assert left == {"alembic_version"}
    Store.open(file, FakeClock()).close()


def test_a_store_of_schema_0003_is_read_as_it_is_and_brought_up_to_date_by_the_first_who_writes(tmp_path: Path) -> None:
    file = FROM_THE_LAB.put(tmp_path)
    with closing(Store.open(file, FakeClock(), reading=True)) as reader:
        before = reader.past(reader.run(1), reader.plan(reader.run(1).plan_id))
    with closing(Store.open(file, FakeClock())) as store:
        after = store.past(store.run(1), store.plan(store.run(1).plan_id))

    assert before == after
    assert file.with_name("store.db.schema-0003").exists()


def test_a_check_of_a_store_that_is_behind_fails(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not up to date"):
        command.check(config(tmp_path / "store.db"))


def test_an_empty_file_is_brought_up_to_date_on_opening_but_not_by_a_reader(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.touch()
    with refused(StoreError, "store.empty"):
        Store.open(file, FakeClock(), reading=True)
    size = file.stat().st_size
    Store.open(file, FakeClock()).close()

    assert size == 0
    Store.open(file, FakeClock(), reading=True).close()


def test_a_migration_that_another_process_made_meanwhile_is_not_made_again(file: Path) -> None:
    with closing(Database.open(file)) as database, database.write() as tx:
        migrate(tx)

    Store.open(file, FakeClock()).close()


def test_an_older_store_is_copied_before_it_is_changed(store: Store) -> None:
    store.create_run(make_plan())
    keep_copy(store.file, "0000")
    keep_copy(store.file, "0000")
    copy = store.file.with_name("store.db.schema-0000")

    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(Store.open(copy, FakeClock())) as kept:
        assert kept.runs() == store.runs()


def test_an_installed_package_finds_the_migrations_inside_itself(tmp_path: Path) -> None:
    package = Path(migrator.__file__).parent
    site = tmp_path / "site"
    ignored = shutil.ignore_patterns("lab", "__pycache__")
    shutil.copytree(package, site / "migrator", ignore=ignored)
    shutil.copytree(ROOT / "migrations", site / "migrator" / "_migrations", ignore=ignored)
    script = (
        "import sys; from tests.store.world import FakeClock; from migrator.store import Store\n"
        "from migrator.store.file import migrate\n"
        "Store.open(sys.argv[1], FakeClock()).close(); print(migrate.migrations())"
    )
    environment = {"PYTHONPATH": f"{site}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "store.db")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout.strip() == str(site / "migrator" / "_migrations")


@pytest.mark.parametrize("reading", [True, False], ids=["to read", "to write"])
def test_opening_a_store_that_is_up_to_date_does_not_load_alembic(file: Path, reading: bool) -> None:
    script = (
        "import sys; from tests.store.world import FakeClock; from migrator.store import Store\n"
        f"Store.open(sys.argv[1], FakeClock(), reading={reading}).runs(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout.strip() == "False"
