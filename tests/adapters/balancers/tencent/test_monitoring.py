"""What of Cloud Monitor's answers becomes a figure: a private or a public balancer, layer 4 or 7, and what it does not have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.tencent.access.api import MONITOR, Api
from migrator.adapters.balancers.tencent.monitoring import MOST, PRIVATE, PUBLIC, Monitoring, Place, Pool, place_of
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.messages.errors import Refused
from migrator.domain.model.balancer import Backend
from tests.adapters.served import Asked, Reply, serving

OPEN = Place(PUBLIC, "203.0.113.9", "7")
BEHIND = Backend("lbl-1/loc-1", "10.0.0.1", 80)
HTTP, TCP = (Pool("lbl-1", protocol, 443, (BEHIND,)) for protocol in ("https", "tcp"))
Answer = Callable[[str, dict[str, str]], Any]


def reply(**response: Any) -> Reply:
    return Reply(body=json.dumps({"Response": {"RequestId": "r-1", **response}}).encode())


def cloud(value: Answer) -> Callable[[Asked], Reply]:
    """Answer every instance with one point; None is a null, a text an error's code."""

    def answer(asked: Asked) -> Reply:
        sent, rows = json.loads(asked.body), []
        for instance in sent["Instances"]:
            named = {row["Name"]: row["Value"] for row in instance["Dimensions"]}
            found = value(sent["MetricName"], named)
            if isinstance(found, str):
                return reply(Error={"Code": found, "Message": ""})
            rows.append({**instance, "Timestamps": [60], "Values": [found]})
        return reply(DataPoints=rows)

    return answer


def reported(place: Place, pool: Pool, value: Answer) -> list[Reported]:
    with serving(cloud(value)) as served:
        api = Api(served.url, "ap-x", lambda: Credentials("id", "key"), MONITOR)
        return list(Monitoring(api).reported(place, [pool]))


def test_a_layer_7_listeners_backends_tell_their_answers_and_those_by_5xx() -> None:
    counts = {"ClientNewConn": 2.0, "DropTotalConns": 0.5, "UnhealthRsCount": 1.0, "Http2xx": 90.0, "Http5xx": 10.0}

    assert reported(OPEN, HTTP, lambda metric, _: counts.get(metric)) == [
        Reported("203.0.113.9", None, 60.0, 60.0, asked=120, failed=30),
        Reported("lbl-1", None, 60.0, 60.0, unhealthy=1),
        Reported(str(BEHIND), None, 60.0, 60.0, asked=100, bad=10, backend=BEHIND),
    ]


def test_a_layer_4_listeners_backends_tell_their_connections_alone() -> None:
    rows = reported(OPEN, TCP, lambda metric, _: 30.0 if metric == "NewConn" else None)

    assert rows == [Reported(str(BEHIND), None, 60.0, 60.0, asked=30, backend=BEHIND)]


@pytest.mark.parametrize(("place", "named"), [(OPEN, {"vip"}), (Place(PRIVATE, "10.9.0.1", "7"), {"vip", "vpcId"})])
def test_a_private_balancers_address_is_named_with_its_vpc(place: Place, named: set[str]) -> None:
    seen: list[set[str]] = []
    reported(place, TCP, lambda metric, by: seen.append(set(by)) if metric == "ClientNewConn" else None)

    assert seen == [named]


def test_what_a_balancer_has_no_metric_of_is_no_figure_and_a_missing_right_is_refused() -> None:
    assert reported(OPEN, TCP, lambda *_: "InvalidParameter.DimensionGroupError") == []
    with pytest.raises(Refused):
        reported(OPEN, TCP, lambda *_: "UnauthorizedOperation.CamNoAuth")


def test_a_crowd_of_backends_is_not_read_one_by_one() -> None:
    crowd = Pool("lbl-1", "tcp", 80, tuple(Backend("lbl-1", f"10.0.0.{at}", 80) for at in range(MOST + 1)))

    assert [row.part for row in reported(OPEN, crowd, lambda *_: 1.0)] == ["203.0.113.9", "lbl-1"]


@pytest.mark.parametrize(("kind", "namespace"), [("OPEN", PUBLIC), ("INTERNAL", PRIVATE)])
def test_where_a_balancer_is_watched_is_read_of_itself(kind: str, namespace: str) -> None:
    row = {"LoadBalancerType": kind, "LoadBalancerVips": ["10.9.0.1"], "NumericalVpcId": 7}

    assert place_of({"LoadBalancerSet": [row]}) == Place(namespace, "10.9.0.1", "7")


def test_a_figure_whose_metric_did_not_come_is_unknown_and_not_0() -> None:
    rows = reported(OPEN, HTTP, lambda metric, _: 90.0 if metric == "Http2xx" else None)

    assert rows == [Reported(str(BEHIND), None, 60.0, 60.0, asked=90, bad=None, backend=BEHIND)]
    rows = reported(OPEN, HTTP, lambda metric, _: 9.0 if metric == "Http5xx" else None)

    assert rows == [Reported(str(BEHIND), None, 60.0, 60.0, asked=None, bad=9, backend=BEHIND)]
