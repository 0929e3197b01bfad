"""A world that does not keep still: other hands, an API server that is away, a balancer that is busy or mute."""

import pytest

from migrator.domain.model.runs import State
from migrator.lab.ground.layout import LISTENER_ID
from tests.scenarios.ground import Ground, stays
from tests.scenarios.operator import SHORT, Operator
from tests.words import text

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]

A_WHILE = 3.0
AWAY = 5.0


def test_somebody_elses_hand_halts_the_run_which_goes_on_once_it_is_undone(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
        touched, meant = str(stage.old[0]), stage.weights()[str(stage.old[0])]
        stage.break_balancer(outside={"weights": {f"{LISTENER_ID}/{touched}": 7}})
        halted = operator.await_("the halt", lambda eye: eye.rests(State.HALTED)).run
        theirs = stays(lambda: stage.weights()[touched], A_WHILE)
        watched = running.poll() is None
        stage.break_balancer(outside={"weights": {f"{LISTENER_ID}/{touched}": meant}})
        assert operator.call("resume").returncode == 0
        operator.await_("the next share", lambda eye: eye.soaks("Shift 90 %"))
        summary = load.end()

    assert touched in text(halted.why)
    assert "has weight 7" in text(halted.why)
    assert theirs == {7}  # it is never fought
    assert watched
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_while_the_api_server_is_away_nothing_advances_and_nothing_turns_back(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50)
        stage.break_api(status=503)
        shares = stays(stage.share, AWAY)
        found = operator.found()
        stage.mend_api()
        operator.await_("the next share", lambda eye: eye.soaks("Shift 90 %"))
        summary = load.end()

    assert shares == {50.0}
    assert (found.state, found.heading) == ("running", "forward")
    assert "The API server" in operator.said()
    assert running.poll() is None
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_a_balancer_that_is_busy_throttles_and_loses_answers_is_waited_for(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        operator.await_("a tenth of the traffic", lambda eye: eye.soaks("Shift 10 %"))
        stage.break_balancer(drop_responses=1)
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
        stage.break_balancer(busy_s=AWAY)
        operator.await_("nine tenths of the traffic", lambda eye: eye.soaks("Shift 90 %"))
        stage.break_balancer(throttle_s=AWAY, latency_s=0.3)
        operator.await_("the drain", lambda eye: eye.title == "Drain old")
        stage.break_balancer(drop_requests=2)
        code = operator.ends(running)
        summary = load.end()

    assert (code, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert any(answer["dropped"] for answer in stage.log("answer") if answer["action"] == "BatchModifyTargetWeight")
    assert any(str(answer["error"]).endswith("ResourceInOperating") for answer in stage.log("answer"))


def test_blue_green_goes_from_none_to_all_in_one_share(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT, strategy="blue-green")
    with stage.clients() as load:
        code = operator.ends(operator.run())
        summary = load.end()
    requested = {share["requested"] for share in operator.report()["shares"]}

    assert (code, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert requested - {min(requested)} <= {100}
    assert 100 in requested
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
