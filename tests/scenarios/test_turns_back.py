"""New gateways that turn bad at half of the traffic: the run turns back by itself, and everything is as it was."""

import pytest

from migrator.lab.demo.gateway_faults import FAULTS
from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.reaction import reaction, strike, trouble_of

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_new_side_is_left_by_itself_and_the_old_weights_are_exactly_restored(
    stage: Ground, operator: Operator, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.plan(**SHORT)
    before = stage.weights()
    selector = stage.get("v1/services/istio-ingressgateway")["spec"]["selector"]
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50)
        trouble = trouble_of(stage, fault)
        struck = strike(trouble, operator)
        code = operator.ends(running)
        summary = load.end()
        times = reaction(load, trouble, struck, operator.report())
    report, totals = operator.report(), summary["totals"]
    with capsys.disabled():
        print(f"\n  {fault}: {times}; {totals['bad']} bad, {totals['lost']} lost of {totals['sent']}", end="")

    assert (code, report["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert report["turned_back"]["why"]
    assert stage.weights() == before
    assert stage.get("v1/services/istio-ingressgateway")["spec"]["selector"] == selector
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")
    assert not stage.exists("v1/services/istio-ingressgateway-ds")
    assert told_to_go(operator, "new")
    assert totals["lost"] == 0 or fault == "crash", summary["marks"]
    assert times.verdict is not None
    assert summary["balanced"]


def told_to_go(operator: Operator, side: str) -> bool:
    """Say whether the journal shows that this side's gateways were told to go, and that it was read back."""
    told = [row.id for row in operator.events() if _is_go(row.data.get("action"), side)]
    return bool(told) and any(row.kind == "settled" and row.answers in told for row in operator.events())


def _is_go(action: object, side: str) -> bool:
    return isinstance(action, dict) and (action["kind"], action.get("side"), action.get("word")) == ("tell", side, "go")
