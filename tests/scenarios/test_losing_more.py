"""Longer and stranger losses of sight: an API server that is gone or slow, a balancer's API that is gone, slow or hangs,
gateways whose admin ports nobody reaches, a Prometheus that says nothing or nonsense through a whole run.

Outages are scaled: gone is 40 s. Each story prints what it came to, what was sent and what was lost.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from migrator.domain.model.runs import State
from tests.scenarios.ground import Ground, eventually
from tests.scenarios.operator import SHORT, Json, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

GONE = 40.0
LONG = {**SHORT, "traffic_shares": [50, 100], "traffic_soak": "10s", "traffic_maxSoak": "240s"}
PATIENT = {"judge_noData": {"rollbackAfter": "120s"}}
BRIEF = {"judge_noData": {"rollbackAfter": "8s"}}


def half_way(stage: Ground, operator: Operator) -> None:
    operator.await_("half of the traffic", lambda eye: eye.title == "Shift 50 %" and stage.share() == 50, within=200.0)


def told(capsys: pytest.CaptureFixture[str], story: str, outcome: object, summary: Json) -> None:
    """Print a story's line of the table."""
    totals = summary["totals"]
    with capsys.disabled():
        print(f"\n  | {story} | {outcome} | {totals['sent']} | {totals['lost']} | {totals['bad']} |", end="")


def strike(stage: Ground, fault: str) -> None:
    """Begin an outage."""
    pods = f"/api/v1/namespaces/{stage.namespace}/pods/"  # each pod's own, and so its tunnel; not the list
    match fault:
        case "API server gone":
            stage.shut_api("drop", cut=True)
        case "API server slow":
            stage.shut_api("delay", 1.5)
        case "admin ports gone":
            stage.shut_api("drop", path=pods, cut=True)
        case "admin ports hang":
            stage.shut_api("delay", 90.0, path=pods, cut=True)
        case "balancer API gone":
            stage.break_balancer(error_s=GONE)
        case "balancer API slow":
            stage.break_balancer(latency_s=2.0)
        case "balancer API hangs":
            stage.break_balancer(latency_s=60.0)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        ("API server gone", GONE),
        ("API server slow", GONE),
        ("admin ports gone", 15.0),
        ("admin ports hang", 15.0),
        ("balancer API gone", GONE),
        ("balancer API slow", GONE),
        ("balancer API hangs", 20.0),
    ],
)
def test_an_outage_at_a_share_loses_nothing_and_the_run_goes_on_by_itself_afterwards(
    stage: Ground, operator: Operator, fault: str, seconds: float, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.plan(**LONG, **PATIENT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        strike(stage, fault)
        time.sleep(seconds)
        held = operator.found()
        stage.mend_api()
        stage.break_balancer(clear=True)
        ended = operator.ends(running, within=240.0)
        summary = load.end()
    told(capsys, f"{fault}, {seconds:g} s", f"{held.state.value} then {operator.report()['state']}", summary)

    assert held.state is State.RUNNING
    assert (ended, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_gateways_that_nobody_reaches_for_longer_than_the_plan_allows_are_left(
    stage: Ground, operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody can say how the new side is doing: the run goes back after `noData`, though its clients are well."""
    operator.plan(**LONG, **BRIEF)
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        stage.shut_api(403, cut=True)
        eventually("all traffic on old", lambda: stage.share() == 0, 60.0)
        stage.mend_api()
        ended = operator.ends(running, within=240.0)
        summary = load.end()
    told(capsys, "everything of the cluster refused for longer than noData", operator.report()["state"], summary)

    assert (ended, operator.report()["state"]) == (4, "rolled-back"), operator.said()[-3000:]
    assert stage.weights() == before
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


class Oracle(BaseHTTPRequestHandler):
    """A Prometheus that answers every query with the same words."""

    says: ClassVar[Json] = {}

    def do_GET(self) -> None:
        """Answer, once the whole question is read: closing on an unread body resets the connection."""
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps({"status": "success", "data": self.says}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def vector(value: str) -> Json:
    return {"resultType": "vector", "result": [{"metric": {}, "value": [time.time(), value]}]}


SAYINGS: dict[str, Json] = {
    "empty": {"resultType": "vector", "result": []},
    "NaN": vector("NaN"),
    "stale": vector("86400"),  # also as the age of its newest sample
    "below nothing": vector("-7"),
    "no vector": {"resultType": "string", "result": [0, "hello"]},
}


@contextmanager
def oracle(says: Json) -> Iterator[str]:
    """Serve a Prometheus of these words on loopback."""
    made = type("Saying", (Oracle,), {"says": says})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("saying", SAYINGS)
def test_a_prometheus_that_says_nothing_of_use_through_a_whole_run_neither_passes_nor_turns_back(
    stage: Ground, operator: Operator, saying: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gateways' own counters decide; the second opinion's silence is no good news, and no bad one."""
    with oracle(SAYINGS[saying]) as url, stage.clients() as load:
        judge = {"url": url, "interval": "2s", "window": "10s"}
        operator.plan(**SHORT, judge_prometheus=judge)
        ended = operator.ends(operator.run(), within=240.0)
        summary = load.end()
    told(capsys, f"Prometheus: {saying}", operator.report()["state"], summary)

    assert (ended, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
