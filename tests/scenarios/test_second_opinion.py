"""A real Prometheus beside the gateways' own counters: it may abort a run, and its silence is never good news."""

import shutil

import httpx
import pytest

from migrator.lab.demo.gateway_faults import Trouble
from migrator.lab.world.seed import wait_for
from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Json, Operator
from tests.scenarios.reaction import strike, trouble_of

pytestmark = [
    pytest.mark.lab,
    pytest.mark.matrix,
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="there is no `prometheus` on PATH"),
]


def asking(stage: Ground) -> Json:
    """The plan's changes that make Prometheus a second opinion, as quick as it can be in a lab."""
    where = stage.record.addresses["prometheus"]
    return {"judge_prometheus": {"url": where, "interval": "2s", "window": "10s"}}


def counted(stage: Ground, workload: str) -> float:
    """The answers of one workload that Prometheus has seen, whether it still runs or not."""
    names = f'source_workload="{workload}",source_workload_namespace="{stage.namespace}"'
    query = f"sum(max_over_time(istio_requests_total{{{names}}}[10m]))"
    url = f"{stage.record.addresses['prometheus']}/api/v1/query"
    found = httpx.get(url, params={"query": query}, trust_env=False).raise_for_status().json()["data"]["result"]
    return float(found[0]["value"][1]) if found else 0.0


def rated(stage: Ground, workload: str) -> bool:
    """Whether Prometheus can say how many answers a second the workload gives: two scrapes that differ."""
    query = f'sum(rate(istio_requests_total{{source_workload="{workload}"}}[10s])) > 0'
    url = f"{stage.record.addresses['prometheus']}/api/v1/query"
    return bool(httpx.get(url, params={"query": query}, trust_env=False).raise_for_status().json()["data"]["result"])


def test_with_prometheus_as_second_opinion_a_good_new_side_gets_everything(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT, **asking(stage))
    with stage.clients() as load:
        code = operator.ends(operator.run())
        summary = load.end()
    answered = {name: counted(stage, name) for name in ("istio-ingressgateway", "istio-ingressgateway-ds")}

    assert (code, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert all(answered.values()), answered  # it had both sides to give an opinion on
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_prometheus_alone_turns_a_bad_new_side_back(stage: Ground, operator: Operator) -> None:
    """No scrape: what Prometheus sees a few seconds late is all that this plan's judge has."""
    before = stage.weights()
    with stage.clients() as load:
        # A plan whose only judge has seen nothing yet is refused, and rightly so.
        wait_for(lambda: rated(stage, "istio-ingressgateway"), 30.0, "Prometheus has a rate of the old side")
        operator.plan(**{**SHORT, "traffic_soak": "6s"}, **asking(stage), judge_scrape=None)
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50)
        trouble: Trouble = trouble_of(stage, "errors")
        strike(trouble, operator)
        code = operator.ends(running)
        summary = load.end()

    assert (code, operator.report()["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert httpx.get(f"{stage.record.addresses['prometheus']}/-/ready", trust_env=False).status_code == httpx.codes.OK
    assert summary["totals"]["lost"] == 0, summary["marks"]
    assert stage.weights() == before
