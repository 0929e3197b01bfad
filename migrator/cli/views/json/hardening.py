"""A hardening in JSON."""

from __future__ import annotations

from typing import Any

from migrator.cli.views.said import said, texts
from migrator.domain.hardening import Hardening
from migrator.domain.hardening.patches import combined
from migrator.domain.model.manifests import ref_of


def of(found: Hardening) -> dict[str, Any]:
    """Return what to change, the patch of it all, and what turns the health check."""
    ground = found.ground
    return {
        "workload": str(ref_of(ground.workload)),
        "gateway": ground.product.name,
        "measures": [
            {
                "what": measure.what.value,
                "place": measure.place,
                "was": measure.was,
                "now": measure.now,
                **said(numbers=measure.numbers, reason=measure.reason),
            }
            for measure in found.measures
        ],
        "patch": combined(found.measures),
        "objects": list(found.objects),
        "remarks": texts(found.remarks),
        "elsewhere": [{"name": name, "value": value, **said(reason=why)} for name, value, why in found.elsewhere],
        "turns": [
            {
                **said(event=turn.event),
                "check": turn.check.value,
                "clients": turn.clients.value,
                "known": turn.known.value,
            }
            for turn in ground.product.turns
        ],
    }
