"""What a plan says of its balancer is read without a cluster or a cloud: each driver's own faults are found by `lint`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.adapters.balancers import wrong_options
from migrator.adapters.planfile.read import read_file
from migrator.domain.model.spec import BalancerSpec
from migrator.wording import render

PLANS = Path(__file__).parents[3] / "plans"
LAB = {
    "tencent": "lab.yaml",
    "tke": "lab-tke.yaml",
    "aliyun-clb": "lab-aliyun-clb.yaml",
    "aliyun-nlb": "lab-aliyun-nlb.yaml",
    "aws": "lab-aws.yaml",
    "haproxy": "lab-haproxy.yaml",
}


def good(provider: str) -> BalancerSpec:
    if provider in LAB:
        return read_file(str(PLANS / LAB[provider])).balancer
    base = read_file(str(PLANS / "lab.yaml")).balancer
    if provider == "exec":
        return replace(base, provider="exec", options=(("command", "/bin/true"),))
    listeners = tuple(replace(listener, id="10.0.0.1:80") for listener in base.listeners)
    return replace(base, provider="ipvs", listeners=listeners)


@pytest.mark.parametrize("provider", [*LAB, "exec", "ipvs"])
def test_the_plans_of_the_lab_are_taken(provider: str) -> None:
    assert wrong_options(good(provider)) is None


@pytest.mark.parametrize("provider", [*LAB, "ipvs"])
def test_a_misspelt_option_is_refused_by_every_driver_that_hands_none_on(provider: str) -> None:
    spec = good(provider)
    refused = wrong_options(replace(spec, options=(*spec.options, ("sokcet", "x"))))

    assert refused is not None
    assert "sokcet" in render(refused)


@pytest.mark.parametrize(
    ("provider", "changes", "said"),
    [
        pytest.param("haproxy", {"options": ()}, "socket", id="haproxy without a socket"),
        pytest.param("tencent", {"region": ""}, "region", id="tencent without a region"),
        pytest.param("tke", {"region": ""}, "region", id="tke without a region"),
        pytest.param("aws", {"region": ""}, "region", id="aws without a region"),
        pytest.param("aws", {"options": ()}, "newTargetGroups", id="aws without new target groups"),
        pytest.param("tke", {"options": ()}, "services", id="tke without services"),
        pytest.param("aliyun-clb", {"options": (("batch", "0"),)}, "batch", id="a batch of none"),
        pytest.param("aliyun-nlb", {"region": ""}, "region", id="aliyun nlb without a region"),
        pytest.param("aliyun-clb", {"region": ""}, "region", id="aliyun clb without a region"),
        pytest.param("exec", {"options": ()}, "command", id="exec without a command"),
        pytest.param("exec", {"options": (("command", "'open"),)}, "quot", id="exec with an open quote"),
        pytest.param("ipvs", {"options": (("forward", "nat"),)}, "forward", id="ipvs with another forward"),
    ],
)
def test_what_a_driver_cannot_do_without_is_told(provider: str, changes: dict[str, object], said: str) -> None:
    refused = wrong_options(replace(good(provider), **changes))  # type: ignore[arg-type]  # one field of many

    assert refused is not None
    assert said in render(refused)
