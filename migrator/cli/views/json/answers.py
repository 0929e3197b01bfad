"""How both sides answer, as a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from migrator.cli.views.json.values import finding
from migrator.domain.answers.findings import findings

if TYPE_CHECKING:
    from migrator.domain.answers.compare import Difference, Unstable
    from migrator.domain.answers.parity import AnswerParity
    from migrator.domain.messages.findings import Waiver
    from migrator.domain.model.answers import Question


def parity(parity: AnswerParity, waivers: Sequence[Waiver]) -> dict[str, Any]:
    """Return a comparison. `agrees` is false too where nothing was asked."""
    return {
        "agrees": parity.agrees,
        "asked": parity.asked,
        "compared": parity.questions,
        "seconds": round(parity.ended - parity.began, 3),
        "differences": [_difference(row) for row in parity.differences],
        "unstable": [{**_what(row), "values": list(row.values)} for row in parity.unstable],
        "unproved": list(parity.unproved),
        "asked_from_inside": [side.value for side in parity.inside],
        "silent": [side.value for side in parity.silent],
        "stopped": parity.stopped or None,
        "not_asked": [question(row) for row in parity.left],
        "allowed": [
            {
                "what": row.concern.value,
                "who": row.who,
                "reason": row.reason,
                "difference": row.difference and _difference(row.difference),
            }
            for row in parity.excused
        ],
        "findings": [finding(row, waivers) for row in findings(parity)],
    }


def question(question: Question) -> dict[str, Any]:
    """Return a question. Of its query and of its secret headers only the names are there."""
    return {
        "method": question.method,
        "site": question.site,
        "port": question.port,
        "path": question.path,
        "query": list(question.query),
        "protocol": question.protocol.value,
        "origin": question.origin.value,
    }


def _difference(row: Difference) -> dict[str, Any]:
    said = {"old": list(row.old), "new": list(row.new), "only": list(row.pods)}
    return {**_what(row), **said, "sure": row.sure, "old_fails": row.old_fails, "who_asks": row.who_asks}


def _what(row: Difference | Unstable) -> dict[str, Any]:
    return {"question": question(row.question), "what": row.concern.value, "name": row.name}
