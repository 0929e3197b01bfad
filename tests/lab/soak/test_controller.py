"""The baseline's cloud controller follows the pods as a cloud's own does."""

from typing import Any

import pytest

from migrator.lab.ground.layout import GATEWAY_PORT, Address
from migrator.lab.soak.controller import FULL, Orders, orders

A, B = Address("127.9.2.1", GATEWAY_PORT), Address("127.9.2.2", GATEWAY_PORT)


def pod(ip: str, ready: bool = True, going: bool = False, host: bool = False) -> dict[str, Any]:
    meta = {"deletionTimestamp": "2026-01-01T00:00:00Z"} if going else {}
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    return {"metadata": meta, "spec": {"hostNetwork": host}, "status": {"podIP": ip, "conditions": conditions}}


@pytest.mark.parametrize(
    ("pods", "weights", "todo"),
    [
        pytest.param([pod(A.host), pod(B.host)], {A: FULL, B: FULL}, Orders({}, {}, ()), id="as it should be"),
        pytest.param([pod(A.host), pod(B.host)], {A: FULL}, Orders({B: FULL}, {}, ()), id="a new pod is registered"),
        pytest.param(
            [pod(A.host), pod(B.host, ready=False)], {A: FULL}, Orders({}, {}, ()), id="one that is not Ready waits"
        ),
        pytest.param(
            [pod(A.host), pod(B.host, going=True)],
            {A: FULL, B: FULL},
            Orders({}, {B: 0}, ()),
            id="one that goes is zeroed",
        ),
        pytest.param([pod(A.host)], {A: FULL, B: 0}, Orders({}, {}, (B,)), id="a gone one is removed"),
        pytest.param(
            [pod(A.host, ready=False)], {A: FULL, B: 0}, Orders({}, {}, ()), id="none is Ready: nothing is done"
        ),
        pytest.param(
            [pod(A.host), pod(B.host, host=True)], {A: FULL}, Orders({}, {}, ()), id="hostNetwork is not its own"
        ),
    ],
)
def test_the_controller_follows_the_pods(pods: list[Any], weights: dict[Address, int], todo: Orders) -> None:
    assert orders(pods, weights) == todo
