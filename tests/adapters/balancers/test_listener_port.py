"""The port of a Tencent listener, as its API says it, against the plan's."""

from __future__ import annotations

import pytest

from migrator.adapters.balancers.tencent.findings import other_port


@pytest.mark.parametrize(
    ("row", "planned", "codes"),
    [
        pytest.param({"ListenerId": "l", "Port": 80}, 80, [], id="the same"),
        pytest.param({"ListenerId": "l"}, 80, [], id="not said"),
        pytest.param({"ListenerId": "l", "Port": 80}, 8081, ["balancer.listener-port"], id="another"),
    ],
)
def test_another_port_than_the_plans_blocks_and_names_both(row, planned, codes) -> None:
    found = list(other_port(row, planned))

    assert [finding.code for finding in found] == codes
    assert all((finding["port"], finding["planned"]) == (80, 8081) for finding in found)
