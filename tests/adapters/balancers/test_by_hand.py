"""Lines for the clouds' command lines: they ask where the plan's driver asks, and a shell can read them."""

from __future__ import annotations

import re
import subprocess

import pytest

from migrator.adapters.balancers.aliyun.clb.by_hand import BY_HAND as CLB
from migrator.adapters.balancers.aliyun.nlb.by_hand import BY_HAND as NLB
from migrator.adapters.balancers.aws.by_hand import BY_HAND as AWS
from migrator.adapters.balancers.tencent.by_hand import BY_HAND as TENCENT
from migrator.domain.balancers.by_hand import ByHand
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec

GROUPS = (("newTargetGroups", "tcp:80=edge-new"),)
BACKEND = Backend("tcp:80", "10.0.0.5", 8080, "")
CALLS = re.compile(r"\b(?:tccli clb|aliyun (?:slb|nlb)|aws elbv2) ")

CLOUDS = [
    pytest.param(TENCENT, "--endpoint api.internal:8443", id="tencent"),
    pytest.param(CLB, "--endpoint api.internal:8443", id="aliyun-clb"),
    pytest.param(NLB, "--endpoint api.internal:8443", id="aliyun-nlb"),
    pytest.param(AWS, "--endpoint-url https://api.internal:8443", id="aws"),
]


def lines(hand: ByHand, endpoint: str | None) -> list[str]:
    spec = BalancerSpec("any", "lb-1", (ListenerSpec("tcp:80", 80),), "eu-1", endpoint, options=GROUPS)
    writes = (SetWeights((Weighted(BACKEND, 10),)), Register((BACKEND,)), Deregister((BACKEND,)))
    return [*hand.look(spec), *(line for write in writes for line in hand.write(spec, write))]


@pytest.mark.parametrize(("hand", "option"), CLOUDS)
def test_every_call_goes_to_the_endpoint_of_the_plan_and_to_the_clouds_own_without_one(
    hand: ByHand, option: str
) -> None:
    at_own = [len(CALLS.findall(line)) for line in lines(hand, None)]
    at_ours = lines(hand, "https://api.internal:8443")

    assert sum(at_own) > 3
    assert [line.count(option) for line in at_ours] == at_own
    assert not any("endpoint" in line for line in lines(hand, None))


@pytest.mark.parametrize(("hand", "_option"), CLOUDS)
def test_a_shell_reads_every_line(hand: ByHand, _option: str) -> None:
    script = "\n".join(lines(hand, "https://api.internal:8443"))

    read = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")
