"""What of CloudWatch's answers becomes a figure: by kind of balancer, and where a metric has no point."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.aws.access.api import Api, Service
from migrator.adapters.balancers.aws.monitoring import Monitoring
from migrator.domain.balancers.monitoring import Reported
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.balancer import Side
from tests.adapters.served import Asked, Reply, serving

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
HERE = "arn:aws:elasticloadbalancing:eu-central-1:1:"
NLB, ALB = f"{HERE}loadbalancer/net/edge/50dc", f"{HERE}loadbalancer/app/edge/50dc"
OLD, NEW = f"{HERE}targetgroup/old/1a", f"{HERE}targetgroup/new/2b"
SIDES = {OLD: Side.OLD, NEW: Side.NEW}
Values = Mapping[tuple[str, str], float]


def cloudwatch(values: Values) -> object:
    """Answer each query with the one point of its metric and group ("": the balancer), where it has one."""

    def answer(asked: Asked) -> Reply:
        rows = ""
        sent = parse_qs(asked.body.decode())
        for at in range(1, 100):
            name = f"MetricDataQueries.member.{at}."
            if f"{name}Id" not in sent:
                break
            metric = f"{name}MetricStat.Metric."
            dimensions = {
                sent[f"{metric}Dimensions.member.{n}.Name"][0]: sent[f"{metric}Dimensions.member.{n}.Value"][0]
                for n in (1, 2)
                if f"{metric}Dimensions.member.{n}.Name" in sent
            }
            group = dimensions.get("TargetGroup", "").partition("/")[2].partition("/")[0]
            value = values.get((sent[f"{metric}MetricName"][0], group))
            points = "" if value is None else f"<member>{value}</member>"
            times = "" if value is None else f"<member>{AT.isoformat()}</member>"
            rows += f"<member><Id>{sent[f'{name}Id'][0]}</Id><Timestamps>{times}</Timestamps><Values>{points}</Values></member>"
        body = f"<GetMetricDataResponse><GetMetricDataResult><MetricDataResults>{rows}</MetricDataResults>"
        return Reply(body=f"{body}</GetMetricDataResult></GetMetricDataResponse>".encode())

    return answer


def reported(balancer: str, answer: object) -> dict[str, Reported]:
    with serving(answer) as served:  # type: ignore[arg-type]  # it answers as a server does
        api = Api(Service("monitoring", "2010-08-01", served.url, "eu-central-1"), lambda: Credentials("id", "key"))
        return {row.part: row for row in Monitoring(api).reported(balancer, SIDES)}


def test_a_network_balancers_groups_tell_health_and_flows_and_nothing_of_failures() -> None:
    rows = reported(
        NLB,
        cloudwatch(
            {
                **{("HealthyHostCount", "new"): 3.0, ("UnHealthyHostCount", "new"): 1.0, ("NewFlowCount", "new"): 40.0},
                **{("NewFlowCount", ""): 100.0, ("RejectedFlowCount", ""): 2.0, ("PortAllocationErrorCount", ""): 1.0},
            }
        ),
    )

    began = AT.timestamp()
    assert rows == {
        "new": Reported("new", Side.NEW, began, 60.0, healthy=3, unhealthy=1, asked=40),
        "edge": Reported("edge", None, began, 60.0, asked=100, failed=3),
    }


def test_an_application_balancers_counters_without_a_point_are_0_where_the_minute_was_watched() -> None:
    rows = reported(
        ALB,
        cloudwatch(
            {
                **{("HealthyHostCount", "new"): 3.0, ("UnHealthyHostCount", "new"): 0.0},
                **{("HealthyHostCount", "old"): 2.0, ("RequestCount", "old"): 50.0},
                **{("HTTPCode_Target_5XX_Count", "old"): 4.0, ("TargetConnectionErrorCount", "old"): 1.0},
                ("HTTPCode_ELB_5XX_Count", ""): 5.0,
            }
        ),
    )

    began = AT.timestamp()
    assert rows == {
        "new": Reported("new", Side.NEW, began, 60.0, healthy=3, unhealthy=0, asked=0, failed=0, bad=0),
        "old": Reported("old", Side.OLD, began, 60.0, healthy=2, asked=50, failed=1, bad=4),
        "edge": Reported("edge", None, began, 60.0, bad=5),
    }


def test_without_any_point_there_is_no_row() -> None:
    assert reported(NLB, cloudwatch({})) == {}


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(Reply(body=b"<GetMetricDataResponse/>"), Unreachable, id="nothing in it"),
        pytest.param(
            Reply(403, b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"),
            Refused,
            id="no right",
        ),
    ],
)
def test_an_answer_that_is_no_figure_is_an_error_of_the_port(reply: Reply, error: type[Exception]) -> None:
    with pytest.raises(error):
        reported(NLB, lambda _: reply)
