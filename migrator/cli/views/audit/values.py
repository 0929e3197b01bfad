"""The selector audit for programs: every row, the ones that reach nobody too, with the change by which both sides get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator.cli.views.audit.command import command
from migrator.cli.views.said import said
from migrator.domain.gateways.audit import Reach

if TYPE_CHECKING:
    from migrator.domain.gateways.audit import Reached, Widening
    from migrator.domain.planning.matrix import Audit


def matrix(audit: Audit) -> dict[str, Any]:
    """Return the rows, and what is missing from them."""
    return {
        "rows": [_row(row) for row in audit.rows],
        "unseen": list(audit.unseen),
        "unknown_kinds": list(audit.strange),
    }


def _row(row: Reached) -> dict[str, Any]:
    return {
        "api_version": row.ref.api_version,
        "kind": row.kind,
        "namespace": row.ref.namespace,
        "name": row.ref.name,
        "reach": row.reach.value,
        "old": row.reach in (Reach.BOTH, Reach.OLD),
        "new": row.reach in (Reach.BOTH, Reach.NEW),
        "steers": row.steers,
        "meant": row.meant,
        **said(why=row.why),
        "select_both": _change(row, row.widening) if row.widening is not None else None,
    }


def _change(row: Reached, wider: Widening) -> dict[str, Any]:
    return {"type": wider.form.value, "patch": wider.patch, "command": command(row.ref, wider)}
