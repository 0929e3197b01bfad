"""A plan that wants its silent run taken back says that somebody has to begin the guard."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.spec import OnSilence, SilenceSpec
from migrator.domain.planning.checks.judging.silence import somebody_guards
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, world


def test_a_guard_is_asked_for_where_the_plan_wants_the_run_taken_back() -> None:
    guarded = replace(SPEC, on_silence=SilenceSpec(200.0, OnSilence.ROLLBACK))

    (found,) = somebody_guards(propose(world(), guarded))

    assert (found.code, found.subject, dict(found.values)["after"]) == ("silence.guard", "spec.onSilence", 200.0)
    assert list(somebody_guards(propose(world(), SPEC))) == []
