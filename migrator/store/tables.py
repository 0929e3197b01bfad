"""The tables of the store and the one type for times. Only migrations create them; nothing here opens a database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite drops the zone, so it is put back on the way out; a naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time in UTC; ValueError when it does not know its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; times come aware from the Clock port")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

plans = Table(
    "plans",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", String(253), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("body", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("plan_id", ForeignKey("plans.id"), nullable=False),
    Column("name", String(253), nullable=False),
    Column("state", String(20), nullable=False),
    Column("heading", String(10), nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("why", Text, nullable=False),
    Index(None, "name"),
    Index(None, "plan_id"),
    sqlite_autoincrement=True,
)

routes = Table(
    "routes",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("heading", String(10), primary_key=True),
    Column("body", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("acquired_at", UtcTime, nullable=False),
    Column("renewed_at", UtcTime, nullable=False),
    Column("released_at", UtcTime),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("answers", ForeignKey("journal.id")),
    Column("at", UtcTime, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("heading", String(10), nullable=False),
    Column("step", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("data", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Index(None, "run_id", "id"),
    Index(None, "run_id", "kind"),
    sqlite_autoincrement=True,
)

soaks = Table(
    "soaks",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("heading", String(10), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("seconds", Float, nullable=False),
    Column("requests", Integer, nullable=False),
)

streaks = Table(
    "streaks",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("held_for", Float, nullable=False),
    Column("blind_for", Float, nullable=False),
)

stints = Table(
    "stints",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    Column("left_at", UtcTime),
    Column("body", Text, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("upto", ForeignKey("journal.id"), nullable=False),
    Column("seal", String(64), nullable=False),
    Column("body", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("upto", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
)

samples = Table(
    "samples",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "run_id"),
    sqlite_autoincrement=True,
)

calibrations = Table(
    "calibrations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("balancer", Text, nullable=False),
    Column("answers", ForeignKey("calibrations.id")),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "balancer", "kind"),
    sqlite_autoincrement=True,
)
