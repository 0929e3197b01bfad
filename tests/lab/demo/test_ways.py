"""A whole migration to a second Gateway, under load: `make demo WAY=envoy-gateway`. Its controller owns both sides."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.demo.account import Account
from migrator.lab.demo.command_line import Production, Unexpected, fresh_store
from migrator.lab.ground.layout import ENVOY_GATEWAY, ENVOY_GATEWAY_OWNING, Scenario
from migrator.lab.starts.envoygateway import FIRST, SECOND, SPACE

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(400)]


def demonstrate(tmp_path: Path, way: str, fault: str | None = None) -> Account:
    scenario = Scenario(net="auto", way=way, parts=demonstration.PARTS)
    return demonstration.demonstrate(scenario, tmp_path, fault, lambda _: None)


@pytest.mark.parametrize("way", [ENVOY_GATEWAY, ENVOY_GATEWAY_OWNING])
def test_a_move_to_a_second_gateway_loses_nothing(tmp_path: Path, way: str) -> None:
    account = demonstrate(tmp_path, way)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


@pytest.mark.parametrize("fault", ["errors", "latency", "crash", "stale-config", "not-found"])
def test_a_second_gateway_that_turns_bad_at_half_the_traffic_is_left_again(tmp_path: Path, fault: str) -> None:
    account = demonstrate(tmp_path, ENVOY_GATEWAY, fault)

    assert account.problems() == []
    assert account.fault_times()["verdict"] is not None
    assert account.achieved[-1].asked == 0


def test_a_gateway_whose_service_has_the_balancer_is_not_to_be_deleted(tmp_path: Path) -> None:
    scenario = Scenario(net="auto", way=ENVOY_GATEWAY_OWNING, parts=demonstration.PARTS)
    with demonstration.staged(scenario, tmp_path, lambda _: None) as stage:
        production = Production(fresh_store(tmp_path / "demo.db"), tmp_path / "run.log")
        template = Path("plans/lab-envoy-gateway.yaml")
        with pytest.raises(Unexpected) as refused:
            demonstration.planned(production, stage, scenario, lambda _: None, template)
        there = gateways(stage)

    assert "handover.owns-balancer" in str(refused.value)
    assert there == {FIRST, SECOND}


def gateways(stage: demonstration.Stage) -> set[str]:
    path = f"/apis/gateway.networking.k8s.io/v1/namespaces/{SPACE}/gateways"
    return {one["metadata"]["name"] for one in stage.cluster.get(path)["items"]}
