"""A first Gateway whose Service has the balancer: a plan that would have it deleted is refused, in a lab where it would go."""

from pathlib import Path

import pytest

from migrator.lab.demo.command_line import Production, Unexpected, fresh_store, plan_for
from migrator.lab.ground.layout import ENVOY_GATEWAY_OWNING, Scenario
from migrator.lab.world import lifecycle

PLAN = Path("plans/lab-envoy-gateway.yaml")
pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_hand_over_that_would_take_the_balancer_with_it_is_refused(tmp_path: Path) -> None:
    parts = ("api", "app", "balancer", "controllers", "istiod", "node")
    scenario = Scenario(net="auto", way=ENVOY_GATEWAY_OWNING, nodes=2, replicas=1, parts=parts)
    with lifecycle.running(scenario, tmp_path) as lab:
        file = plan_for(lab.net, Path(lab.kubeconfig), PLAN, tmp_path / "plan.yaml")
        with pytest.raises(Unexpected, match=r"exit code 2(?s:.)*handover\.owns-balancer"):
            Production(fresh_store(tmp_path / "owning.db"), tmp_path / "run.log").plan(file)
