"""The least policies of the clouds: reads are free, writes are for this balancer, and every driver's calls are in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from migrator.adapters.balancers import profile_of
from migrator.domain.model.spec import BalancerSpec, ListenerSpec

DRIVERS = Path(__file__).parents[3] / "migrator" / "adapters" / "balancers"
CALLS = re.compile(r'"((?:Describe|Batch|Add|Set|Remove|Update|List|Get|Register|Deregister|Modify)[A-Z][A-Za-z]+)"')
FIELDS = {"DescribeLoadBalancer", "DeregisterTargetRst"}


def least(spec: BalancerSpec) -> Any:
    rights = profile_of(spec.provider).rights
    assert rights
    return rights.least(spec)


def policy(provider: str, *listeners: str, region: str = "cn-x") -> Any:
    rows = tuple(ListenerSpec(name, 80) for name in listeners or ("80",))
    return least(BalancerSpec(provider, "lb-1", rows, region=region))


def test_tencents_policy_writes_to_this_balancer_only() -> None:
    reads, writes = policy("tencent")["statement"]

    assert all(":Describe" in action for action in reads["action"])
    assert reads["resource"] == ["*"]
    assert writes["resource"] == ["qcs::clb:cn-x::clb/lb-1"]


def test_where_tkes_controller_writes_we_only_read() -> None:
    (reads,) = policy("tke")["statement"]

    assert all(":Describe" in action for action in reads["action"])


@pytest.mark.parametrize(
    ("provider", "own"),
    [
        ("aliyun-clb", "acs:slb:cn-x:*:loadbalancer/lb-1"),
        ("aliyun-nlb", "acs:nlb:cn-x:*:servergroup/*"),
    ],
)
def test_aliyuns_policy_writes_to_this_balancer_and_to_servers_that_are_added(provider: str, own: str) -> None:
    reads, writes = policy(provider)["Statement"]

    assert reads["Resource"] == "*"
    assert writes["Resource"] == [own, "acs:ecs:cn-x:*:instance/*", "acs:ecs:cn-x:*:eni/*"]
    assert not set(reads["Action"]) & set(writes["Action"])


def test_an_nlb_plan_that_names_its_server_groups_writes_to_no_other() -> None:
    writes = policy("aliyun-nlb", "sgp-1", "sgp-2")["Statement"][1]

    assert [each for each in writes["Resource"] if "servergroup" in each] == [
        "acs:nlb:cn-x:*:servergroup/sgp-1",
        "acs:nlb:cn-x:*:servergroup/sgp-2",
    ]


@pytest.mark.parametrize("provider", ["aliyun-clb", "aliyun-nlb"])
def test_without_a_region_any_is_meant(provider: str) -> None:
    assert all(":*:*:" in each for each in policy(provider, region="")["Statement"][1]["Resource"])


@pytest.mark.parametrize(
    ("name", "region", "listeners"),
    [
        pytest.param("edge", "us-east-1", "arn:aws:elasticloadbalancing:us-east-1:*:listener/*/edge/*/*", id="by name"),
        pytest.param(
            "arn:aws-cn:elasticloadbalancing:cn-north-1:1:loadbalancer/net/edge/50dc",
            "cn-north-1",
            "arn:aws-cn:elasticloadbalancing:cn-north-1:*:listener/net/edge/50dc/*",
            id="by ARN, in China",
        ),
        pytest.param(
            "edge", "us-gov-west-1", "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:*:listener/*/edge/*/*"
        ),
        pytest.param("edge", "", "arn:aws:elasticloadbalancing:*:*:listener/*/edge/*/*", id="in any region"),
    ],
)
def test_awss_policy_writes_to_this_balancers_listeners_and_to_target_groups(
    name: str, region: str, listeners: str
) -> None:
    found: Any = least(BalancerSpec("aws", name, (ListenerSpec("80", 80),), region=region))
    reads, writes = found["Statement"]

    assert all(":Describe" in action for action in reads["Action"])
    assert reads["Resource"] == "*"
    assert writes["Resource"] == [listeners, listeners.partition("listener/")[0] + "targetgroup/*"]


@pytest.mark.parametrize(
    ("provider", "right"),
    [
        ("aws", "cloudwatch:GetMetricData"),
        ("tencent", "monitor:GetMonitorData"),
        ("aliyun-clb", "cms:DescribeMetricList"),
        ("aliyun-nlb", "cms:DescribeMetricList"),
    ],
)
def test_monitoring_is_read_only_where_a_plan_makes_a_judge_of_it(provider: str, right: str) -> None:
    rights, spec = profile_of(provider).rights, BalancerSpec(provider, "lb-1", (ListenerSpec("80", 80),))
    assert rights

    assert right in str(rights.least(spec, monitored=True))
    assert right not in str(rights.least(spec))


def test_a_provider_without_policies_has_none() -> None:
    assert profile_of("haproxy").rights is None


@pytest.mark.parametrize(
    ("provider", "folder"),
    [("aws", "aws"), ("tencent", "tencent"), ("aliyun-clb", "aliyun/clb"), ("aliyun-nlb", "aliyun/nlb")],
)
def test_every_action_in_the_drivers_source_is_granted_and_nothing_else(provider: str, folder: str) -> None:
    rights = profile_of(provider).rights
    assert rights
    granted = {
        action.split(":")[1]
        for action in (*rights.reads, *rights.writes, *rights.monitoring)
        if not action.startswith("ecs:")
    }
    sources = [*(DRIVERS / folder).glob("*.py"), *(DRIVERS / folder.partition("/")[0]).glob("monitoring.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources if path.name not in ("profile.py", "rights.py"))
    called = set(CALLS.findall(text)) - FIELDS

    assert called - granted == set()
    assert {each for each in granted - called if not each.endswith("ListenerAttribute")} == set()


def test_the_ecs_calls_of_aliyuns_drivers_are_granted() -> None:
    called = set(CALLS.findall((DRIVERS / "aliyun" / "servers.py").read_text(encoding="utf-8")))

    for provider in ("aliyun-clb", "aliyun-nlb"):
        rights = profile_of(provider).rights
        assert rights
        assert {f"ecs:{each}" for each in called} <= set(rights.reads)
