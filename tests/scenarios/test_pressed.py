"""Single keys in a live `run`: who sits before the screen pauses, goes on, leaves and turns back, and no request is lost."""

import pytest

from migrator.domain.model.runs import Heading, State
from tests.scenarios.ground import Ground, stays
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.terminal import terminal

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]

A_WHILE = 3.0
ASKED = tuple(f"{line}? [y/N]" for line in ("Alarms are in place",))
"""What only a person knows of a checklist before a switch, in its order."""


def test_a_run_is_led_by_keys_from_its_first_question_to_the_way_back(stage: Ground, operator: Operator) -> None:
    operator.plan(**{**SHORT, "traffic_soak": "5s"})
    before = stage.weights()
    with stage.clients() as load:
        with terminal("run", env=operator.env()) as screen:
            screen.sees("Run plan")
            asked = screen.press("y\n", *ASKED)
            while asked in ASKED:
                asked = screen.press("y\n", *ASKED[ASKED.index(asked) + 1 :], "Keys: p pause")
            operator.await_("a tenth of the traffic", lambda eye: eye.soaks("Shift 10 %"))
            screen.press("?", "pause")
            screen.press("?", "Keys: p pause")
            screen.press("p", "Keys: r resume")
            operator.await_("the pause", lambda eye: eye.rests(State.PAUSED))
            at_rest = stays(lambda: round(stage.share()), A_WHILE)
            screen.press("r", "Go on with run 1?")
            screen.press("y", "Keys: p pause")
            operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
            screen.press("b", "Send run 1 back to the old side?")
            screen.press("n", "Not done.")
            screen.press("q", "Leave run 1?")
            screen.press("y", "WATCHES")
            left = screen.process.wait(60.0)
            restored = screen.mode == screen.before
        standing = operator.found()
        with terminal("resume", env=operator.env()) as screen:
            screen.sees("Keys: p pause")
            screen.press("b", "Send run 1 back to the old side?")
            screen.press("y", "rolled-back")
            code = screen.process.wait(120.0)
            restored = restored and screen.mode == screen.before
        summary = load.end()
    report = operator.report()

    assert at_rest == {10}
    assert (left, standing.heading, standing.ended) == (3, Heading.FORWARD, False)
    assert (code, report["state"]) == (4, "rolled-back")
    assert restored
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert stage.weights() == before
    assert len(report["series"]["at"]) > 3
