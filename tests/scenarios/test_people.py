"""What people ask of a run from another terminal, and what a run asks of people: pause, resume, rollback, approve."""

import pytest

from migrator.domain.model.runs import State
from tests.scenarios.ground import Ground, stays
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.reaction import trouble_of

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]

A_WHILE = 3.0


def test_a_paused_run_goes_on_when_told_and_turns_back_by_itself_when_it_must(
    stage: Ground, operator: Operator
) -> None:
    """A pause stops advances, never protection."""
    operator.plan(**SHORT)
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        operator.await_("a tenth of the traffic", lambda eye: eye.soaks("Shift 10 %"))
        assert operator.call("pause", "--note", "lunch").returncode == 0
        operator.await_("the pause", lambda eye: eye.rests(State.PAUSED))
        at_rest = stays(lambda: round(stage.share()), A_WHILE)
        assert operator.call("resume").returncode == 0
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
        assert operator.call("pause").returncode == 0
        operator.await_("the second pause", lambda eye: eye.rests(State.PAUSED))
        trouble_of(stage, "errors").strike()
        code = operator.ends(running)
        summary = load.end()

    assert at_rest == {10}
    assert (code, operator.report()["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert summary["totals"]["bad"] > 0
    assert summary["totals"]["lost"] == 0, summary["marks"]
    assert stage.weights() == before


def test_after_the_drain_a_person_may_still_send_everything_back(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT, cleanup_approval="manual")
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        operator.await_("the question", lambda eye: eye.rests(State.WAITING) and eye.title == "Gate")
        drained = stage.share()
        assert operator.call("rollback", "--note", "the pager rang").returncode == 0
        code = operator.ends(running)
        answered = load.live()["answered"]
        summary = load.end()
    report = operator.report()

    assert drained == 100
    assert (code, report["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert "the pager rang" in report["turned_back"]["evidence"]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert answered > 0
    assert stage.weights() == before
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")


def test_connections_that_stay_and_the_removal_itself_wait_for_a_yes_each(stage: Ground, operator: Operator) -> None:
    """Idle connections never go by themselves; `onTimeout: hold` and `approval: manual` ask before either is final."""
    operator.plan(**{**SHORT, "drain_timeout": "3s"}, drain_onTimeout="hold", cleanup_approval="manual")
    with stage.clients() as load:
        running = operator.run()
        operator.await_("the first question", lambda eye: eye.rests(State.WAITING) and eye.title == "Drain old")
        left = stage.active(new=False)
        asked = operator.call("status").stdout
        assert operator.call("approve").returncode == 0
        operator.await_("the second question", lambda eye: eye.rests(State.WAITING) and eye.title == "Gate")
        there = stays(lambda: stage.exists("apps/v1/deployments/istio-ingressgateway"), A_WHILE)
        assert operator.call("approve").returncode == 0
        code = operator.ends(running)
        summary = load.end()
    report = operator.report()

    assert left > 0
    assert "Cut them?" in asked
    assert there == {True}
    assert (code, report["state"]) == (0, "completed"), operator.said()[-3000:]
    assert report["cut"] is not None  # how many were left when the yes came, which may be none by then
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
