"""The key of the plan file that says what becomes of a run whose driver is silent, and what it becomes in the domain."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.values import Duration, Strict, usual
from migrator.domain.messages.message import say
from migrator.domain.model import spec as domain


class OnSilence(Strict):
    """After how long without a sign of the process that carries the run out, and what then."""

    after: Duration = usual("5m")
    then: Literal["hold", "rollback"] = "hold"

    @model_validator(mode="after")
    def long_enough(self) -> OnSilence:
        """Refuse a silence in which a driver may still write for the new side: both would write at once."""
        if self.after < domain.LEAST:
            raise RuleBroken(say("rule.silence", least=domain.LEAST))
        return self


def silence_of(silence: OnSilence) -> domain.SilenceSpec:
    """Give the value."""
    return domain.SilenceSpec(silence.after, domain.OnSilence(silence.then))
