"""A run that turns back from bad gateways keeps the worst one for a look, off the balancer, until somebody deletes it."""

from __future__ import annotations

import pytest

from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.reaction import strike, trouble_of

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(400)]

SERVICE = "v1/services/istio-ingressgateway-ds"
DAEMONSET = "apps/v1/daemonsets/istio-ingressgateway-ds"


def test_the_worst_gateway_is_kept_after_the_turn_back_and_released_by_a_delete(
    stage: Ground, operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.plan(**SHORT, onBreach="isolate")
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50)
        trouble = trouble_of(stage, "errors")
        strike(trouble, operator)
        code = operator.ends(running)
        name, state = operator.status()["kept"], operator.report()["state"]
        kept = stage.get(f"v1/pods/{name}")
        alone = not stage.exists(DAEMONSET) and not stage.exists(SERVICE)
        after = stage.weights()
        asked = ("release", name, "--delete", "--plan", str(stage.folder / "plan.yaml"), "--yes")
        released = operator.ends(operator.begin(*asked))
        totals = load.end()["totals"]
    with capsys.disabled():
        print(f"\n  kept {name}: {totals['lost']} lost, {totals['bad']} bad of {totals['sent']}", end="")

    assert (code, state) == (4, "rolled-back"), operator.said()[-3000:]
    assert not kept["metadata"].get("ownerReferences")
    assert kept["status"]["phase"] == "Running"
    assert alone
    assert after == before
    assert released == 0, operator.said()[-3000:]
    assert not stage.exists(f"v1/pods/{name}")
    assert stage.weights() == before
    assert totals["lost"] == 0
