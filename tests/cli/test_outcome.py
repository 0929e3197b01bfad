"""What is said of a request says what really becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from migrator.adapters.clock import SystemClock
from migrator.app.inspect.totals import Judged
from migrator.app.run.control import ask
from migrator.cli.views.human import outcome
from migrator.domain.messages.message import say
from migrator.domain.model.runs import RequestKind
from migrator.domain.model.samples import Named, Ruling
from migrator.store import Store
from tests.store.world import make_plan
from tests.words import text

AT = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "code"),
    [(RequestKind.PAUSE, "view.stands-anyway"), (RequestKind.ROLLBACK, "view.applied-later")],
)
def test_a_pause_of_a_run_that_nobody_carries_out_is_not_said_to_be_applied_later(
    tmp_path: Path, kind: RequestKind, code: str
) -> None:
    with Store.open(tmp_path / "migrator.db", SystemClock()) as store:
        run = store.create_run(make_plan("d1"))

        said = outcome.asked(ask(store, str(run.id), kind, ""))

    assert text(say(code, run=run.id)) in said


def test_who_sends_a_run_back_is_told_what_the_balancers_monitoring_said_last_and_when() -> None:
    figures = say("judge.late-figures", new=None, old=None, both=None, age=70.0)
    late = Named("balancer", None, Ruling.HOLD, judged=True, said=say("judge.late", figures=figures))
    own = Named("own", 3.0, Ruling.PASS)
    last = Judged(AT, AT, "hold", say("judge.others-pass", count=1), "gateways", (own, late))

    (said,) = outcome.monitored(last)

    assert "2027-01-02 03:04:05 UTC): " in said or "2027-01-02 03:04:05 UTC: " in said
    assert "balancer: hold (the cloud's monitoring of the balancer: up to 70 s earlier)" in said
    assert outcome.monitored(None) == []
