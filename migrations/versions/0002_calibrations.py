"""What was measured of balancers, and the weights that a measurement borrowed; rows are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "BEGIN SELECT RAISE(ABORT, 'calibrations rows are never changed and never removed'); END"


def upgrade() -> None:
    """Create the table, and the triggers that refuse to change what was written down."""
    op.create_table(
        "calibrations",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("balancer", sa.Text, nullable=False),
        sa.Column("answers", sa.Integer, sa.ForeignKey("calibrations.id")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_calibrations_balancer_kind", "calibrations", ["balancer", "kind"])
    exists = "WHEN EXISTS (SELECT 1 FROM calibrations WHERE id = NEW.id)"
    op.execute(f"CREATE TRIGGER calibrations_refuses_update BEFORE UPDATE ON calibrations {REFUSAL}")
    op.execute(f"CREATE TRIGGER calibrations_refuses_delete BEFORE DELETE ON calibrations {REFUSAL}")
    op.execute(f"CREATE TRIGGER calibrations_refuses_replace BEFORE INSERT ON calibrations {exists} {REFUSAL}")


def downgrade() -> None:
    """Remove the table; the triggers go with it."""
    op.drop_table("calibrations")
