"""Plans, runs with their routes, leases, the journal that can only grow, and what soaks add up to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
FROZEN = {"journal": "id = NEW.id", "plans": "id = NEW.id", "routes": "run_id = NEW.run_id AND heading = NEW.heading"}


def run_id(**more: bool) -> sa.Column[int]:
    """Give the column that names the run."""
    return sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False, **more)


def upgrade() -> None:
    """Create every table, and the triggers that refuse to change what was written down."""
    create_runs()
    create_journal()
    create_counts()
    for table, same in FROZEN.items():
        freeze(table, same)


def freeze(table: str, same: str) -> None:
    """Refuse to change, remove or replace a row; `INSERT OR REPLACE` would remove one without any DELETE trigger."""
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed and never removed'); END"
    op.execute(f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} {refusal}")
    op.execute(f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} {refusal}")
    exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  (constants of this file)
    op.execute(f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} {exists} {refusal}")


def create_runs() -> None:
    """Create plans, runs, routes and leases."""
    op.create_table(
        "plans",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(253), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("plan_id", sa.String(64), sa.ForeignKey("plans.id"), nullable=False),
        sa.Column("name", sa.String(253), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("heading", sa.String(10), nullable=False),
        sa.Column("cursor", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_name", "runs", ["name"])
    op.create_index("ix_runs_plan_id", "runs", ["plan_id"])
    op.create_table(
        "routes",
        run_id(primary_key=True),
        sa.Column("heading", sa.String(10), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "leases",
        run_id(primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("acquired_at", TIME, nullable=False),
        sa.Column("renewed_at", TIME, nullable=False),
        sa.Column("released_at", TIME),
    )


def create_journal() -> None:
    """Create the journal."""
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        run_id(),
        sa.Column("answers", sa.Integer, sa.ForeignKey("journal.id")),
        sa.Column("at", TIME, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("heading", sa.String(10), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_run_id_id", "journal", ["run_id", "id"])
    op.create_index("ix_journal_run_id_kind", "journal", ["run_id", "kind"])


def create_counts() -> None:
    """Create the sums of the soaks and the judge's streaks."""
    op.create_table(
        "soaks",
        run_id(primary_key=True),
        sa.Column("heading", sa.String(10), primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
    )
    op.create_table(
        "streaks",
        run_id(primary_key=True),
        sa.Column("held_for", sa.Float, nullable=False),
        sa.Column("blind_for", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Remove everything; the triggers go with their tables."""
    for table in ("streaks", "soaks", "journal", "leases", "routes", "runs", "plans"):
        op.drop_table(table)
