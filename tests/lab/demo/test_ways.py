"""Whole migrations under load that go another way than from a Deployment to a DaemonSet of our own: `make demo WAY=...`."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.demo.account import Account
from migrator.lab.ground.layout import (
    CONTOUR,
    ENVOY_GATEWAY,
    INGRESS_NGINX,
    NGINX_TO_CONTOUR,
    NGINX_TO_ENVOY,
    NGINX_TO_ISTIO,
    NODE_POOL,
    NODE_PORT,
    TWO_CLUSTERS,
    Scenario,
)
from migrator.lab.nginx import program

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(400)]


def demonstrate(tmp_path: Path, fault: str | None = None, way: str = ENVOY_GATEWAY) -> Account:
    scenario = Scenario(net="auto", way=way, parts=demonstration.PARTS)
    return demonstration.demonstrate(scenario, tmp_path, fault, lambda _: None)


def test_a_move_to_a_second_gateway_loses_nothing(tmp_path: Path) -> None:
    account = demonstrate(tmp_path)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


def test_a_second_gateway_that_turns_bad_at_half_the_traffic_is_left_again(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, "errors")

    assert account.problems() == []
    assert account.fault_times()["verdict"] is not None
    assert account.achieved[-1].asked == 0


def test_a_move_to_another_pool_of_nodes_loses_nothing(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, way=NODE_POOL)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


def test_a_pool_that_turns_bad_at_half_the_traffic_is_left_again(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, "errors", NODE_POOL)

    assert account.problems() == []
    assert account.achieved[-1].asked == 0


def test_contour_moves_from_a_deployment_to_a_daemon_set_and_loses_nothing(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, way=CONTOUR)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]


def test_a_daemon_set_of_contour_s_that_turns_bad_is_left_again(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, "errors", CONTOUR)

    assert account.problems() == []
    assert account.achieved[-1].asked == 0


def test_a_side_that_holds_the_host_ports_is_led_over_node_ports_and_loses_nothing(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, way=NODE_PORT)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


def test_an_old_side_behind_node_ports_gets_its_host_ports_back_when_the_new_one_turns_bad(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, "errors", NODE_PORT)

    assert account.problems() == []
    assert account.fault_times()["verdict"] is not None


NEEDS_NGINX = pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there")


@NEEDS_NGINX
@pytest.mark.parametrize("way", [INGRESS_NGINX, NGINX_TO_ENVOY, NGINX_TO_ISTIO, NGINX_TO_CONTOUR])
def test_ingress_nginx_is_left_for_a_daemon_set_of_its_own_or_of_another_product(tmp_path: Path, way: str) -> None:
    account = demonstrate(tmp_path, way=way)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]


@NEEDS_NGINX
@pytest.mark.parametrize("way", [NGINX_TO_ENVOY, NGINX_TO_ISTIO, NGINX_TO_CONTOUR])
def test_another_product_that_turns_bad_at_half_the_traffic_is_left_again(tmp_path: Path, way: str) -> None:
    account = demonstrate(tmp_path, "errors", way)

    assert account.problems() == []
    assert account.achieved[-1].asked == 0


def test_a_move_to_another_cluster_loses_nothing(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, way=TWO_CLUSTERS)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


def test_another_cluster_whose_gateways_turn_bad_at_half_the_traffic_is_left_again(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, "errors", TWO_CLUSTERS)

    assert account.problems() == []
    assert account.achieved[-1].asked == 0
