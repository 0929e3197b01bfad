"""The rule that turns a run back when the new side answers otherwise than the old one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.answers.findings import different
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.findings import blocking
from migrator.domain.model.decisions import Decision, TurnBack
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import Sighting
from migrator.domain.turn.blame import to_keep
from migrator.domain.turn.protection import unprotected

if TYPE_CHECKING:
    from migrator.domain.steps import Step


def turn_back_on_answers(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Clients of the new side get other answers than those of the old side, and nobody has allowed that: go back."""
    if unprotected(seen) is not None:
        return None
    against = blocking(different(seen[AnswerParity]), spec.waivers)
    return TurnBack(against, worst=to_keep(spec, seen)) if against else None
