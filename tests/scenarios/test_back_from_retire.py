"""Turned back in the middle of Retire, when the ways in lead to the new pods already and the old workload is still there."""

import pytest

from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]

SERVICE = "v1/services/istio-ingressgateway"
OLD = "/apis/apps/v1/namespaces/{}/deployments/istio-ingressgateway"


def test_a_rollback_while_the_old_workload_cannot_be_deleted_leads_back_to_its_listeners(
    stage: Ground, operator: Operator
) -> None:
    """An Istio gateway has its ports from the Services that select it: the way back is one of Services, too."""
    operator.plan(**SHORT)
    before, service = stage.weights(), stage.get(SERVICE)["spec"]
    stage.break_api(match={"method": "DELETE", "path_prefix": OLD.format(stage.namespace)}, status=503)
    with stage.clients() as load:
        running = operator.run()
        operator.await_("the deletion of the old workload", lambda eye: eye.intends("delete-object", "Retire"))
        pointed = stage.get(SERVICE)["spec"]
        assert operator.call("rollback").returncode == 0
        code = operator.ends(running)
        summary = load.end()
    stage.mend_api()

    assert pointed != service
    assert (code, operator.report()["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert stage.weights() == before
    assert stage.get(SERVICE)["spec"] == service
    assert stage.exists("apps/v1/deployments/istio-ingressgateway")
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")
