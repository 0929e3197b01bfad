"""The emulator of CloudWatch: it takes what the official SDK would send, and the SDK reads what it answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from urllib.request import Request, urlopen

import pytest

from migrator.adapters.balancers.aws.access.query import form
from migrator.adapters.sigv4 import Keys, signed
from tests.lab.clouds.aws.cloud import Elb, pooled
from tests.lab.clouds.world import SECRET, Balancer, Process, Server, until

boto3 = pytest.importorskip("boto3", reason="the SDK is installed apart, see the Makefile")
serialize, parsers = pytest.importorskip("botocore.serialize"), pytest.importorskip("botocore.parsers")

pytestmark = pytest.mark.lab
QUICK = {"task_s": 0.03, "propagation_s": 0.0, "jitter_s": 0.0, "monitor_period_s": 1.0, "monitor_delay_s": 0.0}


def model() -> Any:
    return boto3.Session(*SECRET, region_name="eu-central-1").client("cloudwatch").meta.service_model


def queried(balancer: Balancer, metric: str, **dimensions: str) -> dict[str, Any]:
    """Give the parameters of a call for one metric of the last minutes, as the SDK takes them."""
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    what = {"Namespace": "AWS/NetworkELB", "MetricName": metric, "Dimensions": named}
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "MetricDataQueries": [{"Id": "m0", "MetricStat": {"Metric": what, "Period": 1, "Stat": "Sum"}}],
        "StartTime": now - timedelta(minutes=5),
        "EndTime": now,
    }


def values(balancer: Balancer, metric: str, **dimensions: str) -> list[float]:
    """Let the SDK write the call and read the answer; only the way between is ours."""
    operation = model().operation_model("GetMetricData")
    sent = serialize.create_serializer("query").serialize_to_request(queried(balancer, metric, **dimensions), operation)
    body = urlencode(sent["body"]).encode()
    url, kind = f"http://{balancer.process.control}/", {"content-type": "application/x-www-form-urlencoded"}
    proof = signed(Keys(*SECRET), ("eu-central-1", "monitoring"), "POST", url, body, datetime.now(UTC), kind)
    with urlopen(Request(url, body, {**kind, **proof}), timeout=5) as answer:
        raw = {"body": answer.read(), "headers": {}, "status_code": answer.status}
    found = parsers.create_parser("query").parse(raw, operation.output_shape)
    return list(found["MetricDataResults"][0]["Values"])


def test_our_parameters_are_the_sdks() -> None:
    call = queried(None, "NewFlowCount", TargetGroup="targetgroup/x/1")  # type: ignore[arg-type]  # it names none
    theirs = serialize.create_serializer("query").serialize_to_request(call, model().operation_model("GetMetricData"))
    written = call | {name: call[name].strftime("%Y-%m-%dT%H:%M:%SZ") for name in ("StartTime", "EndTime")}

    assert sorted(parse_qsl(form("GetMetricData", "2010-08-01", written).decode())) == sorted(
        parse_qsl(urlencode(theirs["body"]))
    )


def test_a_groups_flows_and_health_are_there_after_their_period(
    process: Process, server: Callable[..., Server]
) -> None:
    old = server("old")
    balancer = pooled(process, {"targets": [old.target(1)]}, timings=QUICK)
    elb = Elb(balancer)
    group = elb.group("old").rpartition(":")[2]
    whole = elb.arn.partition(":loadbalancer/")[2]
    until(lambda: values(balancer, "HealthyHostCount", LoadBalancer=whole, TargetGroup=group), 10.0)
    for _ in range(7):
        balancer.who()

    until(lambda: sum(values(balancer, "NewFlowCount", TargetGroup=group)) == 7, 10.0)
    assert set(values(balancer, "HealthyHostCount", LoadBalancer=whole, TargetGroup=group)) == {1.0}
    assert sum(values(balancer, "RejectedFlowCount", LoadBalancer=whole)) == 0
    assert values(balancer, "HTTPCode_Target_5XX_Count", LoadBalancer=whole) == []
