"""Alembic's way in: the store hands over its connection; the command line names a database with `-x store=PATH`."""

from alembic import context
from sqlalchemy import Connection

from migrator.store.file.database import Database
from migrator.store.tables import metadata


def run(connection: Connection) -> None:
    """Run the asked-for migrations in the transaction that `connection` is in."""
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


def run_on_command() -> None:
    """Open the database named on the command line, without bringing it up to date first."""
    where = context.get_x_argument(as_dictionary=True).get("store")
    if where is None:
        raise SystemExit("name a database: alembic -x store=PATH ...")
    database = Database.connect(where)
    try:
        with database.write() as connection:
            run(connection)
    finally:
        database.close()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    run_on_command()
